"""The list of records: filtered, and in the order in which they should be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.desk.call import Call
from bot.desk.flags import FlagWords
from bot.desk.reading import Reader
from bot.i18n.languages import Language
from bot.records.accounts import LEAD
from bot.records.advance import STATES, Listed

WAITING = ("new", "opened")  # nobody has taken it yet
DONE = ("imported", "closed")


@dataclass(frozen=True)
class Filter:
    """What the caseworker wants to see. Empty fields want everything."""

    state: str = ""
    flag: str = ""
    mine: str = ""
    digits: str = ""

    def keeps(self, record: Listed) -> bool:
        """Whether the record is wanted."""
        return (
            (not self.state or record.state == self.state)
            and (not self.flag or self.flag in record.flags)
            and (not self.mine or record.taken_by == self.mine)
            and self.digits in _digits(record.reference)
        )


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    record: Listed
    flags: tuple[FlagWords, ...]
    meeting: str = ""

    @property
    def urgent(self) -> bool:
        """Whether a flag is red and nobody is done with the record."""
        return bool(self.flags) and self.flags[0].rank == 0 and self.record.state not in DONE


def rows(
    records: Iterable[Listed],
    wanted: Filter,
    reader: Reader,
    language: Language,
    meetings: Mapping[str, str] | None = None,
) -> list[Row]:
    """The wanted records: urgent and waiting ones first, then the oldest.

    ``meetings``: the states of their meetings, by reference.
    """
    states = meetings or {}
    found = [
        Row(r, _flags(r, reader, language), states.get(r.reference, ""))
        for r in records
        if wanted.keeps(r)
    ]
    return sorted(found, key=_order)


def list_page(call: Call) -> web.Response:
    """The list, with its filters."""
    records = call.desk.records.listed(call.who.municipality)
    shown = {**_shown(call, records), "choices": _choices(call, records)}
    return call.page("records.html", **shown, unreachable=_unreachable(call))


def rows_fragment(call: Call) -> web.Response:
    """The rows alone, for the script."""
    records = call.desk.records.listed(call.who.municipality)
    return call.fragment("rows.html", **_shown(call, records))


def _shown(call: Call, records: Sequence[Listed]) -> dict[str, Any]:
    mine = call.who.name if call.query("mine") else ""
    wanted = Filter(call.query("state"), call.query("flag"), mine, _digits(call.query("q")))
    states = call.desk.meetings.states(call.who.municipality)
    found = rows(records, wanted, call.desk.reader, call.language, states)
    return {
        "rows": found,
        "total": len(records),
        "wanted": wanted,
        "urgent": sum(row.urgent and row.record.state in WAITING for row in found),
    }


def _unreachable(call: Call) -> list[str]:
    """Colleagues whom no alert reaches: the lead sees to it."""
    if call.who.role != LEAD or not call.desk.settings.smtp_host:
        return []
    return call.desk.wishes.unreachable(call.who.municipality)


def _choices(call: Call, records: Sequence[Listed]) -> Mapping[str, object]:
    """What can be chosen in the filters: with how many records each."""
    flags = Counter(flag_id for record in records for flag_id in record.flags)
    words = (call.desk.reader.flag(flag_id, call.language) for flag_id in flags)
    named = sorted(words, key=lambda f: (f.rank, f.label))
    states = Counter(record.state for record in records)
    return {
        "flags": [(f.id, f.label, flags[f.id]) for f in named],
        "states": [(state, states[state]) for state in STATES if states[state]],
    }


def _flags(record: Listed, reader: Reader, language: Language) -> tuple[FlagWords, ...]:
    """The flags of a record in words, the worst first."""
    flags = (reader.flag(flag_id, language) for flag_id in record.flags)
    return tuple(sorted(flags, key=lambda f: f.rank))


def _order(row: Row) -> tuple[bool, bool, bool, float]:
    state = row.record.state
    return state in DONE, not row.urgent, state not in WAITING, row.record.sent_at


def _digits(text: str) -> str:
    return "".join(str(int(char)) for char in text if char.isdecimal())
