"""A record as a caseworker reads it: flags with reasons, summary, question by question, exports."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from bot.assessment.answers import HELPER
from bot.desk.wording import FlagWords, Wording
from bot.i18n.languages import Language
from bot.records.advance import SentRecord


@dataclass(frozen=True)
class Line:
    """One question: in the caseworker's language, and as the person saw and answered it."""

    id: str
    question: str
    value: str
    asked: str
    shown: str
    said: str
    language: str
    status: str
    by_helper: bool
    redacted: bool


def flags(record: SentRecord, wording: Wording, language: Language) -> list[FlagWords]:
    return sorted((wording.flag(f, language) for f in record.flags), key=lambda f: f.rank)


def summary(record: SentRecord, language: Language) -> str:
    return "\n".join(f"{k}: {a.said or a.value}" for k, a in record.answers.items())


def lines(record: SentRecord, language: Language) -> list[Line]:
    return [
        Line(
            k,
            k,
            str(a.value),
            k,
            str(a.value),
            a.said,
            a.language or record.language,
            a.status,
            a.source == HELPER,
            a.redacted,
        )
        for k, a in record.answers.items()
    ]


def copy_text(record: SentRecord, language: Language) -> str:
    return summary(record, language)


def as_json(record: SentRecord) -> str:
    return json.dumps(asdict(record), ensure_ascii=False, indent=2)
