"""What is delivered on a bad day: who writes what, what comes twice, what overtakes another."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.files import ROOT
from tests.channels.telegram.server import TelegramServer, too_many
from tests.channels.vendors import Call

TOPICS = ("health_services", "kela_coverage", "social_assistance", "emergency_112", "first_steps")
KINDS = 48  # different conversations: three in each language
FIRST, FIRST_CALM = 5000, 1000  # the first person of the day, and of the rehearsal before it
TWICE, SWAPPED, TOO_MANY, SERVER_ERRORS = 0.05, 0.05, 0.02, 0.01
ONE_TIME = re.compile(r"/go/[\w-]{43}")  # a link that works once differs each time
Said = tuple[str, tuple[tuple[str, str], ...]]  # a text, and the choices under it
Step = tuple[str, str]  # what a person does, and its text


class Vendor(TelegramServer):
    """Telegram; on a ``bad`` day 2 % of what it is given gets 429, and 1 % gets 500."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self.bad = False
        self.said: dict[str, list[Said]] = defaultdict(list)
        self.refused: Counter[int] = Counter()

    async def _send_message(self, body: dict[str, Any]) -> web.Response:
        dice = self.chance.random() if self.bad else 1.0
        if dice < SERVER_ERRORS + TOO_MANY:
            status = 429 if dice < TOO_MANY else 500
            self.refused[status] += 1
            return too_many(1) if status == 429 else web.Response(status=500)
        answer = await super()._send_message(body)
        assert answer.status == 200, answer.text
        shown = self.shown[-1]
        self.said[shown.address].append((ONE_TIME.sub("/go/", shown.text), tuple(shown.choices)))
        return answer


@dataclass
class Day:
    """What is delivered, and how many of it twice or before the one that was sent first."""

    calls: list[Call] = field(default_factory=list)
    twice: int = 0
    swapped: int = 0


def conversations(steps: int) -> list[list[tuple[str, Step]]]:
    """What is said on such a day: the app's language, and words and buttons in turn.

    The words are those of ``tests/evaluation``, as people write them.
    """
    made = []
    for number in range(KINDS):
        code, texts = _texts(number)
        buttons = itertools.cycle(TOPICS[number % 5 :] + TOPICS[: number % 5])
        made.append([(code, step) for step in itertools.islice(_steps(texts, buttons), steps)])
    return made


def _steps(texts: Iterator[str], buttons: Iterator[str]) -> Iterator[Step]:
    yield "start", ""
    while True:
        yield "text", next(texts)
        yield "button", f"/ask?topic={next(buttons)}"


def _texts(number: int) -> tuple[str, Iterator[str]]:
    """A language and sentences of it, others for each conversation."""
    paths = sorted((ROOT / "tests" / "evaluation").glob("*.jsonl"))
    path = paths[number % len(paths)]
    lines = path.read_text(encoding="utf-8").splitlines()
    own = lines[number // len(paths) :: KINDS // len(paths)]
    return path.stem, itertools.cycle(json.loads(line)["text"] for line in own)


def deliveries(vendor: Vendor, people: int, steps: int, chance: random.Random) -> Day:
    """Everybody writes, two messages at a time; 5 % come twice, 5 % of the pairs swapped."""
    day, said = Day(), conversations(steps)
    for turn in range(0, steps, 2):
        for person in range(people):
            own = said[person % KINDS][turn : turn + 2]
            pair = [_call(vendor, FIRST + person, *step) for step in own]
            swapped = chance.random() < SWAPPED
            again = [call for call in pair if chance.random() < TWICE]
            day.calls += [*(pair[::-1] if swapped else pair), *again]
            day.swapped += swapped
            day.twice += len(again)
    return day


def rehearsal(vendor: Vendor, steps: int) -> list[list[Call]]:
    """Each conversation once, by somebody else."""
    people = enumerate(conversations(steps), FIRST_CALM)
    return [[_call(vendor, person, *step) for step in said] for person, said in people]


def _call(vendor: Vendor, person: int, language: str, step: Step) -> Call:
    return vendor.call(str(person), *step, language)
