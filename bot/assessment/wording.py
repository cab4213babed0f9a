"""Answers in words: for the caseworker in Finnish, Swedish or English, for the person in hers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names

from bot.assessment.answers import Answer
from bot.assessment.assessment import Assessment, Phrase
from bot.assessment.flow import Step
from bot.assessment.questionnaire import Section
from bot.assessment.questions import Option, Question
from bot.assessment.reading.contact import shown_phone
from bot.assessment.reading.names import country_name, language_name, listed
from bot.i18n.bidi import FSI, PDI
from bot.i18n.catalogues import Translator
from bot.i18n.formats import comma

CASEWORKER_LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True)
class Words:
    """Gives names to questions, options, sections and phrases, in one language for one reader.

    ``pick`` chooses between a caseworker's words and the person's sentence.
    """

    locale: Locale
    pick: Callable[[Mapping[str, str], str], str]
    municipality: str = ""
    officer: bool = False

    @property
    def comma(self) -> str:
        """What stands between the parts of a row."""
        return comma(self.locale)

    def option(self, option: Option) -> str:
        """An option's words; a weekday has no sentence of ours and is named by CLDR."""
        text = self.pick(option.caseworker, option.title)
        if text or option.weekday is None:
            return text
        return str(get_day_names("wide", "stand-alone", self.locale)[option.weekday])

    def question(self, question: Question, item: Any = None) -> str:
        """What stands before an answer."""
        text = self.pick(question.caseworker, question.question)
        return _filled(text, item=self.item(item), municipality=self.municipality)

    def section(self, section: Section) -> str:
        """A heading."""
        return self.pick(section.caseworker, section.title)

    def phrase(self, phrase: Phrase, /, **values: str) -> str:
        """A fixed sentence of the summary, filled in."""
        return _filled(self.pick(phrase.caseworker, phrase.text), **values)

    def item(self, item: Any) -> str:
        """What a repeated question is about: a language's name, a year, a number."""
        return language_name(item, self.locale) if isinstance(item, str) else str(item or "")

    def month(self, value: str) -> str:
        """A month with its year."""
        day = dt.date.fromisoformat(f"{value}-01")
        return str(format_skeleton("yMMMM", day, locale=self.locale))

    def day(self, value: dt.date) -> str:
        """A date in full."""
        return str(format_date(value, "long", locale=self.locale))

    def language(self, code: str) -> str:
        """A language's name."""
        return language_name(code, self.locale)


def caseworker_words(language: str) -> Words:
    """A caseworker's words: ``fi``, ``sv`` or ``en``."""
    return Words(
        Locale.parse(language), lambda caseworker, text: caseworker[language], officer=True
    )


def person_words(translate: Translator, municipality: str = "") -> Words:
    """The words that the person herself was asked with."""
    return Words(
        translate.language.locale,
        lambda caseworker, text: translate.plain(text) if text else "",
        municipality,
    )


def value_in_words(assessment: Assessment, step: Step, answer: Answer, words: Words) -> str:
    """The value of an answer that was given, as people read it."""
    value, question = answer.value, step.question
    writers: dict[str, Callable[[], str]] = {
        "choice": lambda: _options([value], question, words),
        "several": lambda: _options(value, question, words),
        "month": lambda: words.month(value),
        "day": lambda: words.day(dt.date.fromisoformat(value)),
        "years": lambda: words.comma.join(map(str, value)),
        "contact": lambda: words.comma.join(_contact(value)),
        "languages": lambda: listed(value, words.locale),
        "country": lambda: country_name(value, words.locale),
        "levels": lambda: _levels(assessment, value, words),
        "occupation": lambda: occupation_in_words(assessment, value, words, question),
    }
    return writers.get(question.kind, lambda: str(value))()


def _options(ids: list[str], question: Question, words: Words) -> str:
    return words.comma.join(_option(option_id, question, words) for option_id in ids)


def _option(option_id: str, question: Question, words: Words) -> str:
    """An option's words; what the questionnaire no longer has is shown as it was stored."""
    option = question.option(option_id)
    return words.option(option) if option else option_id


def occupation_in_words(assessment: Assessment, code: str, words: Words, question: Question) -> str:
    """An occupation's name; where the list has none in the language, the English one and the
    major group in hers. A caseworker gets the code as well.
    """
    occupation = assessment.occupations.get(code)
    if occupation is None:  # «none of these», or a code of another list
        return _option(code, question, words)
    if words.officer:
        return f"{code} {occupation.titled(words.locale.language)}"
    named = occupation.named(words.locale.language)
    if not named:
        group = assessment.major_groups.get(occupation.major)
        named = f"{FSI}{occupation.title}{PDI}" + (f" – {words.option(group)}" if group else "")
    return named


def _contact(value: Mapping[str, str]) -> list[str]:
    phone = [shown_phone(value["phone"])] if "phone" in value else []
    return [*phone, *([value["email"]] if "email" in value else [])]


def _levels(assessment: Assessment, value: Mapping[str, str], words: Words) -> str:
    levels = {level.id: words.option(level) for level in assessment.questionnaire.levels}
    return words.comma.join(
        f"{words.option(skill)}: {levels.get(value[skill.id], value[skill.id])}"
        for skill in assessment.questionnaire.skills
        if skill.id in value
    )


def _filled(sentence: str, /, **values: str) -> str:
    for name, value in values.items():
        sentence = sentence.replace(f"{{{name}}}", value)
    return sentence
