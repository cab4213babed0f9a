"""What a rich page shows beside the message field of a question: boxes, lists, a table."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any

from babel.dates import get_month_names

from bot.answers.blocks import Labels
from bot.assessment.answers import Draft
from bot.assessment.assessment import Assessment
from bot.assessment.flow import Step, words_for
from bot.assessment.questions import Option
from bot.assessment.reading.names import country_name, language_name
from bot.assessment.wording import Words, occupation_in_words
from bot.i18n.catalogues import Translator
from bot.messages import Button

Suggest = Callable[[str], Sequence[str]]  # from words to codes of occupations
OLDEST = 1920  # the first year of birth that is offered


class Inputs:
    """Describes the input of a question; a page draws it, any other client takes words."""

    def __init__(
        self,
        assessment: Assessment,
        labels: Labels,
        today: Callable[[], dt.date],
        suggest: Suggest,
    ) -> None:
        self._assessment = assessment
        self._questionnaire = assessment.questionnaire
        self._suggest = suggest
        self._labels = labels
        self._today = today

    def buttons(self, draft: Draft, step: Step, words: Words) -> list[Button]:
        """The answers of which one is picked by pressing it."""
        question = step.question
        if question.kind == "choice":
            shown = _choices(question.options, words)
        elif question.kind == "occupation":
            shown = [*self._occupations(draft, step, words), *_choices(question.options, words)]
        elif question.kind == "country":
            shown = self._countries(words)
        elif question.kind == "languages" and question.most == 1:
            shown = self._languages(step, words)
        else:
            shown = []
        return [Button(c["title"], answer_payload(step.key, c["id"]), c["picture"]) for c in shown]

    def for_step(
        self, draft: Draft, step: Step, words: Words, translate: Translator
    ) -> dict[str, Any] | None:
        """What a rich page shows beside the message field: boxes, lists, a table."""
        makers: dict[str, Callable[[], dict[str, Any]]] = {
            "several": lambda: {"choices": _choices(step.question.options, words)},
            "languages": lambda: {"choices": self._languages(step, words)},
            "month": lambda: {
                "months": _months(words),
                "years": self._years(),
                "month": translate.plain(self._labels["month"]),
                "year": translate.plain(self._labels["year"]),
            },
            "day": lambda: {"date": self._today().isoformat()},
            "levels": lambda: self._table(draft, step, words),
        }
        make = makers.get(step.question.kind)
        if make is None or (step.question.kind == "languages" and step.question.most == 1):
            return None
        return {
            "kind": step.question.kind,
            "payload": answer_payload(step.key, ""),
            "question": step.key,
            "most": step.question.most,
            "done": translate.plain(self._labels["done"]),
            **make(),
        }

    def _languages(self, step: Step, words: Words) -> list[dict[str, str]]:
        codes = self._questionnaire.common_languages
        return [{"id": c, "title": language_name(c, words.locale), "picture": ""} for c in codes]

    def _occupations(self, draft: Draft, step: Step, words: Words) -> list[dict[str, str]]:
        """What she may mean by the words that she wrote to the question before."""
        return [
            {
                "id": code,
                "title": occupation_in_words(self._assessment, code, words, step.question),
                "picture": "",
            }
            for code in self._suggest(words_for(step, draft))
        ]

    def _countries(self, words: Words) -> list[dict[str, str]]:
        codes = self._questionnaire.common_countries
        return [{"id": c, "title": country_name(c, words.locale), "picture": ""} for c in codes]

    def _years(self) -> list[int]:
        return list(range(self._today().year, OLDEST, -1))

    def _table(self, draft: Draft, step: Step, words: Words) -> dict[str, Any]:
        questionnaire = self._questionnaire
        spoken = any(c.holds(draft.answers, self._today()) for c in step.question.spoken_only)
        skills = [s for s in questionnaire.skills if not spoken or s.id in ("understand", "speak")]
        return {
            "rows": _choices(skills, words),
            "columns": _choices(questionnaire.levels, words),
        }


def answer_payload(key: str, option: str) -> str:
    """What pressing an option sends."""
    return f"/answer{json.dumps({'about': key, 'option': option})}"


def _choices(options: Any, words: Words) -> list[dict[str, str]]:
    def choice(option: Option) -> dict[str, str]:
        return {"id": option.id, "title": words.option(option), "picture": option.picture}

    return [choice(option) for option in options]


def _months(words: Words) -> list[dict[str, str]]:
    names = get_month_names("wide", "stand-alone", words.locale)
    return [{"id": f"{month:02}", "title": names[month]} for month in range(1, 13)]
