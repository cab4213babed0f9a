"""One door to all readers: a person's words and a question in, a value or nothing out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.assessment.questions import Option, Question
from bot.assessment.reading import choices, contact, dates, names, numbers
from bot.assessment.reading.text import clean


@dataclass(frozen=True)
class Reading:
    """What was understood. ``value`` is None if nothing was; ``suggestions`` are likely codes."""

    value: Any = None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Reads in the language of the conversation first, then in all languages of the service.

    ``titles`` gives an option's words in the languages that a person may use; ``locales`` are
    CLDR names, the conversation's own first.
    """

    language: str
    locales: tuple[str, ...]
    titles: choices.Titles
    today: dt.date
    skills: tuple[Option, ...] = ()
    levels: tuple[Option, ...] = ()
    occupations: Collection[str] = ()

    def words(self, text: str, question: Question, intent: str = "") -> Reading:
        """The value that the words of a person mean as an answer to the question."""
        kind = question.kind
        if kind == "languages":
            return self._languages(text, question)
        if kind == "country":
            found = names.read_countries(text, self.locales)
            return Reading(found.codes[0] if len(found.codes) == 1 else None, found.suggestions)
        if kind == "text":
            kept = clean(text)
            return Reading(kept if 0 < len(kept) <= (question.most or len(kept)) else None)
        return Reading(self._plain(text, question, intent))

    def buttons(self, value: str, question: Question) -> Any:
        """The value that our own page sends, checked as if anybody could have sent it."""
        parts = [part for part in value.split("-") if part]
        if question.kind in ("choice", "occupation"):
            listed = question.kind == "occupation" and value in self.occupations
            return value if listed or question.option(value) else None
        if question.kind == "several":
            return self._several(parts, question)
        if question.kind == "levels":
            return self._levels(parts)
        if question.kind == "languages":
            fits = parts and len(parts) <= (question.most or len(parts))
            return parts if fits and all(names.is_language(part) for part in parts) else None
        if question.kind == "country":
            return value if names.is_country(value) else None
        return self.words(value, question).value

    def _plain(self, text: str, question: Question, intent: str) -> Any:
        readers: dict[str, Callable[[], Any]] = {
            "choice": lambda: (
                choices.read_choice(text, question.options, self.titles)
                or choices.read_yes_or_no(intent, question.options)
            ),
            "occupation": lambda: choices.read_choice(text, question.options, self.titles),
            "several": lambda: self._several(
                choices.read_several(text, question.options, self.titles) or [], question
            ),
            "month": lambda: dates.read_month(text, self.locales, self.today, question.past),
            "day": lambda: dates.read_day(text, self.locales, self.today),
            "number": lambda: numbers.read_number(
                text,
                self.language,
                question.least,
                self.today.year if question.past else question.most,
            ),
            "years": lambda: numbers.read_years(text, self.today.year, question.most),
            "contact": lambda: contact.read_contact(text),
            "levels": lambda: None,  # a table is filled on the page
        }
        return readers[question.kind]()

    def _languages(self, text: str, question: Question) -> Reading:
        found = names.read_languages(text, self.locales)
        if not found.codes or len(found.codes) > (question.most or len(found.codes)):
            return Reading(None, found.codes or found.suggestions)
        return Reading(list(found.codes))

    def _several(self, parts: list[str], question: Question) -> list[str] | None:
        known = [option.id for option in question.options if option.id in parts]
        fits = known and len(known) <= (question.most or len(known))
        if not fits or set(parts) - set(known):
            return None
        return known if known == ["none"] else [item for item in known if item != "none"]

    def _levels(self, parts: list[str]) -> Mapping[str, str] | None:
        known = {level.id for level in self.levels}
        found = dict(part.split("_", 1) for part in parts if "_" in part)
        chosen = {s.id: found[s.id] for s in self.skills if found.get(s.id) in known}
        return chosen or None
