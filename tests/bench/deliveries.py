"""Ten thousand webhook deliveries on a bad day: ``python -m tests.bench.deliveries [count]``.

A real service process behind a local Telegram. 5 % of the deliveries come twice, 5 % of the pairs
in the wrong order, the vendor refuses 2 % of what it is given with 429 and 1 % with 500, and the
process is killed twice with SIGKILL. In the end everybody is answered.
"""

# ruff: noqa: ASYNC110

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa
from aiohttp import web

from bot.composition import build_replies
from tests.channels.telegram.server import TOKEN, TelegramServer, too_many
from tests.channels.vendors import Call
from tests.service import Service

TOPICS = ("health_services", "kela_coverage", "social_assistance", "emergency_112", "first_steps")
FIRST = 5000  # the first person
TWICE, SWAPPED, TOO_MANY, SERVER_ERRORS = 0.05, 0.05, 0.02, 0.01
KILLED_AT = (0.25, 0.6)  # shares of all messages
# Seconds after which a new process takes over what the killed one had in hand. More than a part may
# take on a busy machine, or the living process would send it twice.
LEASE = "15"


class Vendor(TelegramServer):
    """Telegram on a bad day: 2 % of what it is given gets 429, 1 % gets 500."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self.texts: dict[str, list[str]] = defaultdict(list)
        self.refused: Counter[int] = Counter()

    async def _send_message(self, body: dict[str, Any]) -> web.Response:
        dice = self.chance.random()
        if dice < SERVER_ERRORS + TOO_MANY:
            status = 429 if dice < TOO_MANY else 500
            self.refused[status] += 1
            return too_many(1) if status == 429 else web.Response(status=500)
        answer = await super()._send_message(body)
        assert answer.status == 200, answer.text
        self.texts[str(body["chat_id"])].append(body["text"])
        return answer


def telegram_service(folder: Path, vendor_url: str) -> Service:
    """The service behind that Telegram."""
    return Service(
        folder,
        SILTA_DESK="off",
        SILTA_TELEGRAM_TOKEN=TOKEN,
        SILTA_TELEGRAM_API=vendor_url,
        SILTA_MESSAGING_LEASE=LEASE,
    )


def in_hand(service: Service) -> int:
    """Parts that were with the vendor when the process died: theirs is the only doubt."""
    return _count(service, "select count(*) from outbox where state = 'sending'")


def left(service: Service) -> int:
    """What is not answered or not delivered yet."""
    unanswered = _count(service, "select count(*) from inbox where not done")
    return unanswered + _count(service, "select count(*) from outbox")


def _count(service: Service, query: str) -> int:
    engine = sa.create_engine(service.database, future=True)
    with engine.connect() as connection:
        count = int(connection.execute(sa.text(query)).scalar() or 0)
    engine.dispose()
    return count


@dataclass
class Day:
    """What is delivered, and how many of it twice or before the one that was sent first."""

    calls: list[Call] = field(default_factory=list)
    twice: int = 0
    swapped: int = 0


def deliveries(vendor: Vendor, people: int, each: int, chance: random.Random) -> Day:
    """Everybody asks about topics, two at a time; 5 % come twice, 5 % of the pairs swapped."""
    day = Day()
    for turn in range(0, each, 2):
        for person in range(people):
            pair = [_call(vendor, person, number) for number in (turn, turn + 1)]
            swapped = bool(turn) and chance.random() < SWAPPED
            again = [call for call in pair if chance.random() < TWICE]
            day.calls += [*(pair[::-1] if swapped else pair), *again]
            day.swapped += swapped
            day.twice += len(again)
    return day


def _call(vendor: Vendor, person: int, turn: int) -> Call:
    text = f'/ask{{"topic": "{TOPICS[(turn + person) % len(TOPICS)]}"}}'
    if turn == 0:
        return vendor.call(str(FIRST + person), "start", "", "en")
    return vendor.call(str(FIRST + person), "text", text, "en")


async def deliver(
    service: Service, http: aiohttp.ClientSession, calls: list[Call], width: int
) -> None:
    """As Telegram does: again and again until our side says 200."""
    gate = asyncio.Semaphore(width)

    async def one(call: Call) -> None:
        async with gate:
            while True:
                try:
                    url = f"http://127.0.0.1:{service.port}{call.path}"
                    async with http.post(url, data=call.body, headers=call.headers) as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.2)

    await asyncio.gather(*(one(call) for call in calls))


@dataclass
class Storm:
    """What there is to judge when the storm is over."""

    vendor: Vendor
    service: Service
    day: Day
    in_doubt: int  # parts that were with the vendor when a process was killed
    seconds: float


@asynccontextmanager
async def storm(folder: Path, people: int, each: int, seed: int) -> AsyncIterator[Storm]:
    """Deliver everything while the process is killed twice, and wait until all is done."""
    chance = random.Random(seed)
    vendor = Vendor(chance)
    async with vendor.running(), aiohttp.ClientSession() as http:
        vendor.channel()  # gives the server the webhook's secret
        service = telegram_service(folder, vendor.url)
        day = deliveries(vendor, people, each, chance)
        try:
            await asyncio.to_thread(service.start)
            start, in_doubt = time.monotonic(), 0
            delivering = asyncio.create_task(deliver(service, http, day.calls, 10))
            for share in KILLED_AT:
                while len(vendor.shown) < share * people * each:
                    await asyncio.sleep(0.02)
                service.kill()
                in_doubt += in_hand(service)
                await asyncio.to_thread(service.start)
            await delivering
            while waiting := left(service):
                print(f"{waiting} waiting, {time.monotonic() - start:.0f} s", file=sys.stderr)
                await asyncio.sleep(2)
            yield Storm(vendor, service, day, in_doubt, time.monotonic() - start)
        finally:
            service.kill()


def expected(person: int, each: int) -> list[str]:
    """What a person should read, in this order."""
    say = build_replies().render
    asked = [TOPICS[(turn + person) % len(TOPICS)] for turn in range(1, each)]
    answers = [say("utter_answer", "en", {"topic": topic}).text for topic in asked]
    return [say(key, "en", {}).text for key in ("utter_app_notice", "utter_greet")] + answers


@dataclass
class Judgement:
    """People without one of their answers, answers that came twice, people with another order."""

    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0


def judged(after: Storm, people: int, each: int) -> Judgement:
    """Compare what everybody reads in the app with what she should."""
    found = Judgement()
    for person in range(people):
        got, wanted = after.vendor.texts[str(FIRST + person)], expected(person, each)
        once = [text for at, text in enumerate(got) if at == 0 or text != got[at - 1]]
        found.doubled += len(got) - len(once)
        found.lost += sorted(once) != sorted(wanted)
        found.out_of_order += once != wanted
    return found


def table(after: Storm, found: Judgement, people: int, each: int) -> list[tuple[str, object]]:
    """The figures, in the order of docs/channels.md."""
    refused = after.vendor.refused
    return [
        ("people", people),
        ("messages", people * each),
        ("deliveries", len(after.day.calls)),
        ("of these for the second time", after.day.twice),
        ("pairs in the wrong order", after.day.swapped),
        ("parts acknowledged by the vendor", len(after.vendor.shown)),
        ("answered by it with 429", refused[429]),
        ("answered by it with 500", refused[500]),
        ("kills (SIGKILL)", len(KILLED_AT)),
        ("people without an answer", found.lost),
        ("people answered in another order", found.out_of_order),
        ("parts in doubt at a kill", after.in_doubt),
        ("parts that came twice", found.doubled),
        ("seconds", round(after.seconds)),
        ("answers a second", round(people * each / after.seconds, 1)),
    ]


def main(count: int) -> None:
    """Deliver about ``count`` messages and print what came of them."""
    people, each = max(2, count // 10), 10

    async def run() -> list[tuple[str, object]]:
        with tempfile.TemporaryDirectory() as folder:
            async with storm(Path(folder), people, each, seed=1) as after:
                return table(after, judged(after, people, each), people, each)

    for name, value in asyncio.run(run()):
        print(f"{name:34} {value:>8}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
