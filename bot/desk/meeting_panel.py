"""What a record's page shows of its meeting: the one in hand, and the form for an offer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot import clock
from bot.assessment.speaking import interpreter_wished
from bot.desk.call import Call
from bot.i18n.formats import language_name
from bot.records.advance import SentRecord
from bot.records.meetings import IN_HAND, MOST_TIMES, PROPOSED, Meeting

LENGTHS = (30, 45, 60, 90, 120)  # minutes
USUAL = 60
PHONE, OFFICE, ELSEWHERE = "phone", "office", "elsewhere"


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
    shown = form or Form(
        {"minutes": str(USUAL), "where": OFFICE, "interpreter": interpreter_wished(record.answers)}
    )
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


def _interpreters(call: Call, record: SentRecord) -> Iterator[tuple[str, str]]:
    codes = {*call.desk.office.interpreted, interpreter_wished(record.answers)} - {""}
    named = ((code, language_name(code, call.language)) for code in codes)
    yield from sorted(named, key=lambda pair: pair[1].casefold())
