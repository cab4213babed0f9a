"""What a record's page shows of its meeting: the one in hand, and the form for an offer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, replace

from bot.assessment.reading.names import known_languages
from bot.assessment.speaking import interpreter_wished, languages_named
from bot.clock import FINLAND
from bot.desk.call import Call
from bot.i18n.formats import language_name
from bot.i18n.languages import Language
from bot.records.advance import SentRecord
from bot.records.meeting import IN_HAND, MOST_TIMES, PROPOSED, Meeting

LENGTHS = (30, 45, 60, 90, 120)  # minutes
USUAL = 60
PHONE, OFFICE, ELSEWHERE = "phone", "office", "elsewhere"


Choices = list[tuple[str, str]]  # (code, name)


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
    """What the template needs. ``in_hand``: can still be cancelled; ``interpreters``: the usual
    languages, and all others; ``invitation``: what may be sent to the person.
    """

    meeting: Meeting | None
    in_hand: bool
    form: Form
    numbers: range
    first_day: dt.date
    lengths: tuple[int, ...]
    interpreters: tuple[Choices, Choices]
    invitation: str


def panel(call: Call, record: SentRecord, form: Form | None) -> Panel:
    """The panel of a record."""
    meeting = call.desk.meetings.current(record.reference, record.municipality)
    shown = form or Form(
        {"minutes": str(USUAL), "where": OFFICE, "interpreter": interpreter_wished(record.answers)}
    )
    proposed = meeting is not None and meeting.state == PROPOSED
    now = dt.datetime.now(FINLAND)
    return Panel(
        meeting=meeting,
        in_hand=meeting is not None and meeting.state in IN_HAND and not meeting.has_begun(now),
        form=replace(shown, typed=defaultdict(str, shown.typed)),
        numbers=range(1, MOST_TIMES + 1),
        first_day=now.date(),
        lengths=LENGTHS,
        interpreters=_interpreters(call, record),
        invitation=call.desk.office.invitation(record.language, record.reference)
        if proposed
        else "",
    )


def _interpreters(call: Call, record: SentRecord) -> tuple[Choices, Choices]:
    usual = {*call.desk.office.interpreted, *languages_named(record.answers)}
    others = known_languages() - usual
    return _by_name(usual, call.language), _by_name(others, call.language)


def _by_name(codes: set[str], shown_in: Language) -> Choices:
    named = ((code, language_name(code, shown_in)) for code in codes)
    return sorted(named, key=lambda pair: pair[1].casefold())
