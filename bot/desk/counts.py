"""Counts without persons. What would let somebody recognise one is hidden.

What is counted fewer than five times is not even named: it stands under «others». Where the total
would then tell how few the others are, the next smallest numbers are hidden too.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass

from bot.clock import FINLAND
from bot.records.advance import Listed

SMALL = 5
HIDDEN = "<5"
OTHERS = "others"
# Each record stands in one week, one language, one state; but it may have several flags. Each talk
# has one language and went one way.
PARTITIONS = ("week", "language", "state", "talk_outcome", "talk_language")


@dataclass(frozen=True)
class Table:
    """One table: what is counted, with its number. ``others``: there is more, which is hidden."""

    name: str
    cells: Sequence[tuple[str, int]]
    others: bool


def tables(records: Iterable[Listed]) -> list[Table]:
    """By week of sending, language, state and flag; safe to show."""
    listed = list(records)
    counted: Mapping[str, Counter[str]] = {
        "week": Counter(_week(r.sent_at) for r in listed),
        "language": Counter(r.language for r in listed),
        "state": Counter(r.state for r in listed),
        "flag": Counter(f for r in listed for f in r.flags),
    }
    return [safe(name, counter) for name, counter in counted.items()]


def total(counted: Sized) -> int | None:
    """How many there are, or None where it is hidden."""
    number = len(counted)
    return number if number >= SMALL or not number else None


def as_csv(shown: Iterable[Table], wholes: Mapping[str, int | None]) -> str:
    """The tables as CSV (RFC 4180), hidden numbers as ``<5``. ``wholes``: numbers of their own."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["table", "key", "count"])
    for name, whole in wholes.items():
        writer.writerow([name, "", HIDDEN if whole is None else whole])
    for table in shown:
        for key, count in table.cells:
            writer.writerow([table.name, key, count])
        if table.others:
            writer.writerow([table.name, OTHERS, ""])
    return out.getvalue()


def safe(name: str, counter: Counter[str]) -> Table:
    """What may be shown of numbers by key."""
    by_size = sorted(counter, key=lambda key: (counter[key], key))
    hidden = [key for key in by_size if counter[key] < SMALL]
    rest = by_size[len(hidden) :]
    while name in PARTITIONS and hidden and rest and sum(counter[k] for k in hidden) < SMALL:
        hidden.append(rest.pop(0))
    return Table(name, [(key, counter[key]) for key in sorted(rest)], bool(hidden))


def _week(sent_at: float) -> str:
    """The week by ISO 8601, e.g. 2026-W48."""
    year, week, _ = dt.datetime.fromtimestamp(sent_at, FINLAND).isocalendar()
    return f"{year}-W{week:02}"
