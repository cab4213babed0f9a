"""Twenty talks at once: how long a message takes from one page to the other, both ways.

``python -m tests.bench.talks`` starts the service in a process of its own, with people and workers
whose pages ask for news as the real ones do. One message each way every few seconds, for a minute.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.records.accounts import Accounts
from bot.records.database import open_database
from bot.records.second_factor import SecondFactor
from bot.records.vault import open_vault
from tests.browser.clocked import ClockedService
from tests.desk.conftest import PASSWORD, Worker
from tests.handoff.conftest import FRAGMENT, MORNING

TALKS, WORKERS = 20, 5
EVERY, PAUSE, LENGTH = 2.5, 5.0, 60.0  # seconds: asking for news, between messages, in all
LATE = 30.0  # seconds after which a message counts as lost
SECRET = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Page:
    """An open page that asks for news; ``written`` holds when what it waits for was sent."""

    http: aiohttp.ClientSession
    news: str
    measured: Measured
    written: dict[str, float] = field(default_factory=dict)
    tag: str = ""

    async def ask_until(self, end: float) -> None:
        """As bot/channels/web/static/chat.js and bot/desk/static/talks.js do."""
        await asyncio.sleep(random.random() * EVERY)
        while time.perf_counter() < end or (self.written and time.perf_counter() < end + LATE):
            started = time.perf_counter()
            headers = {"If-None-Match": self.tag} if self.tag else {}
            async with self.http.get(self.news, headers=headers) as response:
                text = await response.text()
                self.measured.answers[response.status] = (
                    self.measured.answers.get(response.status, 0) + 1
                )
                self.tag = response.headers.get("ETag", self.tag)
            shown = time.perf_counter()
            self.measured.asked.append(shown - started)
            for words in [words for words in self.written if words in text]:
                self.measured.delivered.append(shown - self.written.pop(words))
            await asyncio.sleep(EVERY)
        self.measured.lost += len(self.written)


@dataclass
class Measured:
    """Seconds from writing to the other page, seconds of a question for news, answers by status."""

    delivered: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)
    lost: int = 0


@dataclass
class Desk:
    """A worker who has signed in."""

    http: aiohttp.ClientSession
    url: str
    csrf: str = ""

    async def get(self, path: str) -> str:
        async with self.http.get(f"{self.url}{path}") as response:
            return self._read(await response.text())

    async def post(self, path: str, **form: str) -> str:
        data = {"csrf": self.csrf, **form}
        async with self.http.post(f"{self.url}{path}", data=data) as response:
            assert response.status == 200, response.status
            return self._read(await response.text())

    def _read(self, page: str) -> str:
        found = SECRET.search(page)
        self.csrf = found.group(1) if found else self.csrf
        return page


async def _signed_in(service: ClockedService, name: str, http: aiohttp.ClientSession) -> Desk:
    database = open_database(service.database)
    accounts = Accounts(database)
    second = SecondFactor(database, open_vault("", service.key_file))
    account = accounts.begin(name, accounts.add(name, "caseworker", "kajaani", "fi"), PASSWORD)
    assert account is not None
    second.enrolment_uri(account)
    someone = Worker(name, second.secret(account).replace(" ", ""))
    assert second.confirm(account, someone.now_code())
    database.dispose()
    desk = Desk(http, service.url)
    await desk.get("/desk/sign-in")
    await desk.post("/desk/sign-in", name=name, password=PASSWORD)
    await desk.post("/desk/code", code=someone.now_code())
    return desk


async def _write(service: ClockedService, http: aiohttp.ClientSession, **form: str) -> None:
    url = f"{service.url}/chat?lang=so"
    async with http.post(url, data=form, headers=FRAGMENT) as response:
        assert response.status == 200, response.status
        await response.read()


async def _talk(
    service: ClockedService,
    desk: Desk,
    talk: str,
    person: aiohttp.ClientSession,
    both: tuple[Measured, Measured],
) -> None:
    """Both write in turn; each page looks for what the other wrote."""
    end = time.perf_counter() + LENGTH
    hers = Page(person, f"{service.url}/talk/news?lang=so&after=0", both[0])
    his = Page(desk.http, f"{service.url}{talk}/messages", both[1])

    async def write() -> None:
        await asyncio.sleep(random.random() * PAUSE)
        number = 0
        while time.perf_counter() < end:
            number += 1
            his.written[f"Salaan {talk[-6:]} {number}."] = time.perf_counter()
            await _write(service, person, message=f"Salaan {talk[-6:]} {number}.")
            hers.written[f"Vastaus {talk[-6:]} {number}."] = time.perf_counter()
            await desk.post(
                f"{talk}/say", text=f"Vastaus {talk[-6:]} {number}.", delivery=f"{number}"
            )
            await asyncio.sleep(PAUSE)

    await asyncio.gather(hers.ask_until(end), his.ask_until(end), write())


def _worked(service: ClockedService) -> float:
    """Seconds of a processor that the service has used until now (Linux)."""
    fields = Path(f"/proc/{service.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _measure(service: ClockedService) -> tuple[Measured, Measured, float]:
    both = (Measured(), Measured())
    # «unsafe»: cookies of an address without a name, too.
    jars = [aiohttp.CookieJar(unsafe=True) for _ in range(TALKS + WORKERS)]
    sessions = [aiohttp.ClientSession(cookie_jar=jar) for jar in jars]
    people, workers = sessions[:TALKS], sessions[TALKS:]
    try:
        desks = [await _signed_in(service, f"worker.{n}", http) for n, http in enumerate(workers)]
        for number, http in enumerate(people):
            service.at(MORNING + number)
            await _write(service, http, choice="/handoff")
        found = re.findall(r'href="(/desk/talks/t-[0-9a-f]+)"', await desks[0].get("/desk/talks"))
        assert len(found) == TALKS, len(found)
        # In the order of the list, which is that in which they asked.
        for number, talk in enumerate(found):
            await desks[number % WORKERS].post(f"{talk}/take")
        talks = [
            _talk(service, desks[number % WORKERS], talk, people[number], both)
            for number, talk in enumerate(found)
        ]
        before = _worked(service)
        await asyncio.gather(*talks)
        worked = _worked(service) - before
    finally:
        for http in sessions:
            await http.close()
    return *both, worked


def _line(name: str, seconds: list[float], unit: float = 1000.0) -> str:
    cuts = statistics.quantiles(seconds, n=20)
    return f"| {name} | {len(seconds)} | {cuts[9] * unit:.0f} / {cuts[18] * unit:.0f} |"


def main() -> None:
    """Measure once and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        service = ClockedService(Path(folder))
        service.at(MORNING)
        service.start()
        try:
            hers, his, worked = asyncio.run(_measure(service))
        finally:
            service.kill()
    print(f"{TALKS} talks, {WORKERS} workers; milliseconds\n\n| | n | p50 / p95 |\n|---|---|---|")
    print(_line("from the worker to the person's page", hers.delivered))
    print(_line("from the person to the worker's page", his.delivered))
    print(_line("a question for news, the person's page", hers.asked))
    print(_line("a question for news, the worker's page", his.asked))
    print(f"\nlost: {hers.lost + his.lost}")
    print(f"seconds of a processor in these {LENGTH:.0f} seconds: {worked:.1f}")
    print(f"answers: the person's page {hers.answers}, the worker's page {his.answers}")


if __name__ == "__main__":
    main()
