"""A storm: everything is delivered to a real service while it is killed twice."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.bench.bad_day import FIRST_CALM, KINDS, Day, Said, Vendor, deliveries, rehearsal
from tests.bench.killable import Service
from tests.channels.vendors import Call

KILLED_AT = (0.25, 0.6)  # shares of all deliveries
IN_FLIGHT = 10  # deliveries at once, as Telegram's max_connections
MOST_AHEAD = 300  # messages that wait for an answer before nobody writes any more


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
