"""Counts without persons. What would let somebody recognise one is hidden.

A number below five is hidden; and where the total would give the hidden ones away, the next
smallest numbers are hidden too.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.desk.formats import FINLAND
from bot.records.advance import Listed

SMALL = 5
HIDDEN = "<5"
# Each record stands in one week, one language, one state; but it may have several flags.
PARTITIONS = ("week", "language", "state")


@dataclass(frozen=True)
class Table:
    """One table: what is counted, and the number of each; None where it is hidden."""

    name: str
    cells: Sequence[tuple[str, int | None]]


def tables(records: Iterable[Listed]) -> list[Table]:
    """By week of sending, language, state and flag; safe to show."""
    listed = list(records)
    counted: Mapping[str, Counter[str]] = {
        "week": Counter(_week(r.sent_at) for r in listed),
        "language": Counter(r.language for r in listed),
        "state": Counter(r.state for r in listed),
        "flag": Counter(f for r in listed for f in r.flags),
    }
    return [Table(name, _safe(c, name in PARTITIONS)) for name, c in counted.items()]


def total(records: Sequence[Listed]) -> int | None:
    """How many there are, or None where it is hidden."""
    return len(records) if len(records) >= SMALL or not records else None


def as_csv(shown: Iterable[Table], whole: int | None) -> str:
    """The tables as CSV (RFC 4180), hidden numbers as ``<5``."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["table", "key", "count"])
    writer.writerow(["total", "", HIDDEN if whole is None else whole])
    for table in shown:
        for key, count in table.cells:
            writer.writerow([table.name, key, HIDDEN if count is None else count])
    return out.getvalue()


def _safe(counter: Counter[str], partition: bool) -> list[tuple[str, int | None]]:
    by_size = sorted(counter, key=lambda key: (counter[key], key))
    hidden = [key for key in by_size if counter[key] < SMALL]
    rest = by_size[len(hidden) :]
    # One hidden number is the total less the others; several that make few together are clear too.
    while partition and hidden and rest and (len(hidden) == 1 or _sum(counter, hidden) < SMALL):
        hidden.append(rest.pop(0))
    return [(key, None if key in hidden else counter[key]) for key in sorted(counter)]


def _sum(counter: Counter[str], keys: Iterable[str]) -> int:
    return sum(counter[key] for key in keys)


def _week(sent_at: float) -> str:
    """The week by ISO 8601, e.g. 2026-W48."""
    year, week, _ = dt.datetime.fromtimestamp(sent_at, FINLAND).isocalendar()
    return f"{year}-W{week:02}"
