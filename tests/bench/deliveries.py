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
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.files import ROOT
from tests.bench.bad_day import FIRST, FIRST_CALM, KINDS, Day, Said, Vendor, deliveries, rehearsal
from tests.bench.killable import LEASE, Service
from tests.channels.vendors import Call

KILLED_AT = (0.25, 0.6)  # shares of all deliveries
IN_FLIGHT = 10  # deliveries at once, as Telegram's max_connections
MOST_AHEAD = 300  # messages that wait for an answer before nobody writes any more
DOCUMENT = ROOT / "docs" / "channels.md"


@dataclass
class Storm:
    """What there is to judge when the storm is over."""

    vendor: Vendor
    service: Service
    day: Day
    calm: list[list[Said]]  # what is read in each conversation on a calm day
    in_doubt: list[int] = field(default_factory=list)  # with the vendor at each kill
    taken: int = 0  # deliveries that our side said 200 to
    seconds: float = 0.0
    gate: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def storm(folder: Path, people: int, steps: int, seed: int) -> AsyncIterator[Storm]:
    """Deliver everything while the process is killed twice, and wait until all is done."""
    chance = random.Random(seed)
    vendor = Vendor(chance)
    async with vendor.running(), aiohttp.ClientSession() as http:
        vendor.channel()  # gives the server the webhook's secret
        service = Service(folder, vendor.url)
        service.start()
        try:
            await service.ready(http)
            calm = await _rehearsed(service, http, vendor, steps)
            day = deliveries(vendor, people, steps, chance)
            after = Storm(vendor, service, day, calm)
            await _rage(after, http)
            yield after
        finally:
            service.kill()


async def _rehearsed(
    service: Service, http: aiohttp.ClientSession, vendor: Vendor, steps: int
) -> list[list[Said]]:
    """What everybody should read: each conversation on a calm day, one message after the other."""

    def shown() -> int:
        return len(vendor.shown)

    for calls in zip(*rehearsal(vendor, steps), strict=True):
        for call in calls:
            await _taken(service, http, call)
        await service.until(lambda: not service.left(), shown, "the rehearsal", 0.1)
    return [vendor.said[str(FIRST_CALM + number)] for number in range(KINDS)]


async def _rage(after: Storm, http: aiohttp.ClientSession) -> None:
    service, vendor, calls = after.service, after.vendor, after.day.calls
    vendor.bad, start = True, time.monotonic()

    def moved() -> int:
        return after.taken + len(vendor.shown)

    delivering = asyncio.create_task(_deliver(after, http))
    pacing = asyncio.create_task(_pace(after))
    try:
        for share in KILLED_AT:
            wanted = share * len(calls)
            await service.until(lambda w=wanted: after.taken >= w, moved, "deliveries", 0.02)
            service.kill()
            after.in_doubt.append(service.in_hand())
            service.start()
            await service.ready(http)
        await service.until(delivering.done, moved, "deliveries", 0.5)
        delivering.result()
        await service.until(lambda: not service.left(), moved, "answers", 0.5)
    finally:
        delivering.cancel()
        pacing.cancel()
    after.seconds = time.monotonic() - start


async def _pace(after: Storm) -> None:
    """People read before they write on: the gate is shut while too much of theirs waits."""
    while True:
        if after.service.left() > MOST_AHEAD:
            after.gate.clear()
        else:
            after.gate.set()
        await asyncio.sleep(0.5)


async def _deliver(after: Storm, http: aiohttp.ClientSession) -> None:
    """As Telegram does: some at once, each again and again until our side says 200."""
    in_flight = asyncio.Semaphore(IN_FLIGHT)

    async def one(call: Call) -> None:
        async with in_flight:
            await after.gate.wait()
            await _taken(after.service, http, call)
            after.taken += 1

    await asyncio.gather(*(one(call) for call in after.day.calls))


async def _taken(service: Service, http: aiohttp.ClientSession, call: Call) -> None:
    while True:
        try:
            url = service.url + call.path
            async with http.post(url, data=call.body, headers=call.headers) as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.2)


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
