"""A record as a caseworker reads it. Words come from the questionnaire, the person's catalogue
and fixed phrases; nothing is generated.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.assessment import export, flow
from bot.assessment.answers import GIVEN, HELPER, Answer, Draft
from bot.assessment.assessment import Assessment
from bot.assessment.export import ExportPlan
from bot.assessment.flow import Step
from bot.assessment.summary import FlagLine, Subject, Summary, as_text, label_of, summarise
from bot.assessment.wording import Words, caseworker_words, person_words, value_in_words
from bot.clock import FINLAND
from bot.desk.flags import LEVELS, FlagWords
from bot.i18n.catalogues import Catalogues
from bot.i18n.languages import Language
from bot.paper.printer import Sheet
from bot.records.advance import SentRecord

# The part of a flag's words that tells the answer: «… ({value})», «…: born {value}».
VALUE = re.compile(r"\s*\(\{value\}\)|:[^:({]*\{value\}")

# Name, phone or e-mail, what is safe, good times: needed at a glance, and always together.
CONTACT = ("A4", "A6", "A7", "A8")


@dataclass(frozen=True)
class Line:
    """One question: in the caseworker's language, and as the person saw and answered it.

    ``asked_in`` is the language in which the question was really shown.
    """

    key: str
    question: str
    value: str
    asked: str
    asked_in: str
    shown: str
    said: str
    language: str
    status: str
    by_helper: bool
    redacted: bool


class Reader:
    """Puts records into words. ``catalogues`` are those of the newcomers."""

    def __init__(
        self, assessment: Assessment, plan: ExportPlan, catalogues: Catalogues, municipality: str
    ) -> None:
        self._assessment = assessment
        self._plan = plan
        self._catalogues = catalogues
        self._municipality = municipality
        self._rules = {rule.id: rule for rule in assessment.rules}

    def flag(self, flag_id: str, language: Language) -> FlagWords:
        """A flag without its value, for lists. One of an older questionnaire stays an id."""
        rule = self._rules.get(flag_id)
        if rule is None:
            return FlagWords(flag_id, LEVELS[-1], flag_id)
        return FlagWords(flag_id, rule.level, VALUE.sub("", rule.caseworker[language.code]))

    def flags(self, record: SentRecord, language: Language) -> list[FlagWords]:
        """The flags that were raised at sending, the worst first, each with its reasons."""
        summary = self.summary(record, language)
        raised = {flag.id: flag for flag in summary.flags}
        answers = {
            line.key: f"{line.key} {line.label}: {line.value}"
            for block in summary.blocks
            for line in block.lines
        }
        words = [self._flag(i, raised.get(i), answers, language) for i in record.flags]
        return sorted(words, key=lambda flag: flag.rank)

    def summary(self, record: SentRecord, language: Language) -> Summary:
        """The summary for a caseworker."""
        words = caseworker_words(language.code)
        return summarise(self._assessment, _subject(record), words, _day(record), officer=True)

    def contact(self, record: SentRecord, language: Language) -> list[tuple[str, str]]:
        """(what, answer) of what is needed to reach the person."""
        blocks = self.summary(record, language).blocks
        lines = {line.key: line for block in blocks for line in block.lines}
        return [(lines[key].label, lines[key].value) for key in CONTACT if key in lines]

    def text(self, record: SentRecord, language: Language) -> str:
        """The summary as plain text."""
        return as_text(self.summary(record, language))

    def sheets(self, record: SentRecord, language: Language) -> list[Sheet]:
        """For print: one side for the caseworker, on the other what the person reads herself."""
        spoken = self._catalogues.languages[record.language]
        words = person_words(self._catalogues.translator(spoken.code), self._municipality)
        own = summarise(self._assessment, _subject(record), words, _day(record), officer=False)
        return [
            Sheet(self.summary(record, language), language, spoken),
            Sheet(own, spoken, spoken),
        ]

    def blocks(self, record: SentRecord, language: Language) -> list[tuple[str, str]]:
        """(heading, text) to copy into another system, one under each of its headings."""
        return export.text_blocks(
            self._assessment,
            self._plan,
            _subject(record),
            caseworker_words(language.code),
            language.code,
            _day(record),
        )

    def json(self, record: SentRecord) -> str:
        """The record as JSON, by data/schemas/advance_information.yml."""
        data = export.as_json(self._assessment, _subject(record), record.municipality, _day(record))
        return json.dumps(data, ensure_ascii=False, indent=2)

    def lines(self, record: SentRecord, language: Language) -> Iterator[Line]:
        """Question by question, in the order in which they were asked."""
        officer = caseworker_words(language.code)
        draft = Draft(record.language, record.version, record.path, record.answers)
        left = dict(record.answers)
        for step in flow.steps(self._assessment.questionnaire, draft, _day(record)):
            answer = left.pop(step.key, None)
            if answer is not None and step.question.id != flow.MORE:
                yield self._line(step, answer, record, officer)
        # What the questionnaire no longer has is shown as it was stored: nothing sent is hidden.
        for key, answer in left.items():
            if not key.endswith(f".{flow.MORE}"):
                yield _unknown_line(key, answer, record)

    def _line(self, step: Step, answer: Answer, record: SentRecord, officer: Words) -> Line:
        language = answer.language or record.language
        translate = self._catalogues.translator(language)
        person = person_words(translate, self._municipality)
        given = answer.status == GIVEN
        value, shown = (
            value_in_words(self._assessment, step, answer, words) if given else ""
            for words in (officer, person)
        )
        return Line(
            key=step.key,
            question=label_of(step, officer, officer=True),
            value=value,
            asked=person.question(step.question, step.item),
            asked_in=translate(step.question.question).lang if step.question.question else language,
            shown="" if shown == answer.said else shown,
            said=answer.said,
            language=language,
            status=answer.status,
            by_helper=answer.source == HELPER,
            redacted=answer.redacted,
        )

    def _flag(
        self,
        flag_id: str,
        raised: FlagLine | None,
        answers: dict[str, str],
        language: Language,
    ) -> FlagWords:
        plain = self.flag(flag_id, language)
        if raised is None:
            return plain
        keys = caseworker_words(language.code).comma.join(raised.answers)
        label = raised.text.removesuffix(f" [{keys}]")
        reasons = tuple(answers.get(key, key) for key in raised.answers)
        return FlagWords(flag_id, plain.level, label, reasons)


def _unknown_line(key: str, answer: Answer, record: SentRecord) -> Line:
    value = str(answer.value) if answer.status == GIVEN else ""
    language = answer.language or record.language
    return Line(
        key=key,
        question="",
        value=value,
        asked="",
        asked_in=language,
        shown="",
        said=answer.said,
        language=language,
        status=answer.status,
        by_helper=answer.source == HELPER,
        redacted=answer.redacted,
    )


def _subject(record: SentRecord) -> Subject:
    sent_at = dt.datetime.fromtimestamp(record.sent_at, FINLAND)
    return Subject(record.answers, record.language, record.path, record.reference, sent_at)


def _day(record: SentRecord) -> dt.date:
    """The day of sending: flags and skip rules speak of that day."""
    return dt.datetime.fromtimestamp(record.sent_at, FINLAND).date()
