"""Ten thousand webhook deliveries on a bad day: ``python -m tests.bench.deliveries [messages]``.

A real service process behind a local Telegram. 5 % of the deliveries come twice, 5 % of the pairs
in the wrong order, the vendor refuses 2 % of what it is given with 429 and 1 % with 500, and the
process is killed twice with SIGKILL. In the end everybody has read what somebody who wrote the same
has read on a calm day, in that order. ``--write`` puts the figures into docs/channels.md.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import platform
import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.files import ROOT
from tests.bench.bad_day import FIRST, KINDS, Said
from tests.bench.killable import LEASE
from tests.bench.storm import KILLED_AT, Storm, storm

DOCUMENT = ROOT / "docs" / "channels.md"


@dataclass
class Judgement:
    """People without one of their answers, parts that came twice, people with another order."""

    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0


def judged(after: Storm, people: int) -> Judgement:
    """Compare what everybody reads in the app with what she should."""
    found = Judgement()
    for person in range(people):
        got, wanted = after.vendor.said[str(FIRST + person)], after.calm[person % KINDS]
        once = _without_repeats(got, wanted)
        found.doubled += len(got) - len(once)
        found.lost += bool(Counter(wanted) - Counter(once))
        found.out_of_order += once != wanted
    return found


def _without_repeats(got: list[Said], wanted: list[Said]) -> list[Said]:
    """A part that comes twice comes again at once: nothing overtakes what is in doubt."""
    once: list[Said] = []
    for said in got:
        expected = len(once) < len(wanted) and said == wanted[len(once)]
        if expected or not once or said != once[-1]:
            once.append(said)
    return once


def table(after: Storm, found: Judgement, people: int, steps: int) -> list[tuple[str, object]]:
    """The figures, in the order of docs/channels.md."""
    refused, parts = after.vendor.refused, sum(map(len, after.vendor.said.values()))
    calm = sum(map(len, after.calm))
    return [
        ("people, different conversations, messages", f"{people}, {KINDS}, {people * steps}"),
        ("deliveries, of these for the second time", f"{len(after.day.calls)}, {after.day.twice}"),
        ("pairs of messages delivered in the wrong order", after.day.swapped),
        ("parts acknowledged by the vendor", parts - calm),
        ("parts refused by it with 429, with 500", f"{refused[429]}, {refused[500]}"),
        ("kills (SIGKILL)", len(KILLED_AT)),
        ("people without one of their answers", found.lost),
        ("people answered in another order", found.out_of_order),
        ("parts in doubt at the kills, of these sent twice", _doubt(after, found)),
        ("minutes, two starts and waiting out the leases included", round(after.seconds / 60, 1)),
        ("messages answered a second", round(people * steps / after.seconds, 1)),
    ]


def _doubt(after: Storm, found: Judgement) -> str:
    return f"{' + '.join(map(str, after.in_doubt))}, {found.doubled}"


def write(rows: list[tuple[str, object]]) -> None:
    """Put the table between its marks in docs/channels.md."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    lines = ["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)]
    lines += ["", f"{machine}; a lease of {LEASE} seconds; {dt.date.today():%-d %B %Y}."]
    block = "<!-- deliveries -->\n" + "\n".join(lines) + "\n<!-- /deliveries -->"
    text = DOCUMENT.read_text(encoding="utf-8")
    marked = re.compile("<!-- deliveries -->.*<!-- /deliveries -->", re.S)
    DOCUMENT.write_text(marked.sub(lambda _: block, text), encoding="utf-8")


async def measured(people: int, steps: int) -> list[tuple[str, object]]:
    """A whole bad day, from an empty database to the figures."""
    with tempfile.TemporaryDirectory() as folder:
        async with storm(Path(folder), people, steps, seed=1) as after:
            return table(after, judged(after, people), people, steps)


def main() -> None:
    """Deliver, print what came of it, and write it down if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", nargs="?", type=int, default=10_000)
    parser.add_argument("--write", action="store_true", help="put the table into docs/channels.md")
    options, steps = parser.parse_args(), 10
    rows = asyncio.run(measured(max(2, options.messages // steps), steps))
    for name, value in rows:
        print(f"{name:50} {value}")
    if options.write:
        write(rows)


if __name__ == "__main__":
    main()
