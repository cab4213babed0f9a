"""What a record's page shows of its meeting: the one in hand, and the form for an offer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot import clock
from bot.desk.call import Call
from bot.i18n.formats import language_name
from bot.records.advance import SentRecord
from bot.records.meetings import IN_HAND, MOST_TIMES, PROPOSED, Meeting

LENGTHS = (30, 45, 60, 90, 120)  # minutes
USUAL = 60
PHONE, OFFICE, ELSEWHERE = "phone", "office", "elsewhere"
WISH, LANGUAGES = "A2", ("A2_language", "A1")  # questions: wants an interpreter; in which language


@dataclass(frozen=True)
class Warned:
    """A time that may be a mistake. ``problem`` is an id of data/desk.yml."""

    at: dt.datetime
    problem: str
    holiday: str = ""


@dataclass(frozen=True)
class Form:
    """What was typed, what is wrong with it, and what should be looked at twice."""

    typed: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True)
class Panel:
    """What the template needs. ``invitation``: what may be sent to the person."""

    meeting: Meeting | None
    in_hand: bool
    form: Form
    numbers: range
    first_day: dt.date
    lengths: tuple[int, ...]
    interpreters: tuple[tuple[str, str], ...]
    invitation: str


def panel(call: Call, record: SentRecord, form: Form | None) -> Panel:
    """The panel of a record."""
    meeting = call.desk.meetings.current(record.reference, record.municipality)
    shown = form or Form({"minutes": str(USUAL), "where": OFFICE, "interpreter": _wish(record)})
    proposed = meeting is not None and meeting.state == PROPOSED
    return Panel(
        meeting=meeting,
        in_hand=meeting is not None and meeting.state in IN_HAND,
        form=replace(shown, typed=defaultdict(str, shown.typed)),
        numbers=range(1, MOST_TIMES + 1),
        first_day=clock.today(),
        lengths=LENGTHS,
        interpreters=tuple(_interpreters(call, record)),
        invitation=call.desk.office.invitation(record.language, record.reference)
        if proposed
        else "",
    )


def _wish(record: SentRecord) -> str:
    """The language for which the person asked an interpreter, or nothing."""
    wanted = record.answers.get(WISH)
    if wanted is None or wanted.value != "yes":
        return ""
    given = (record.answers.get(key) for key in LANGUAGES)
    value = next((answer.value for answer in given if answer and answer.value), "")
    return str(value[0] if isinstance(value, list | tuple) and value else value)


def _interpreters(call: Call, record: SentRecord) -> Iterator[tuple[str, str]]:
    codes = {*call.desk.office.interpreted, _wish(record)} - {""}
    named = ((code, language_name(code, call.language)) for code in codes)
    yield from sorted(named, key=lambda pair: pair[1].casefold())
