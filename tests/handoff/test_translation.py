"""A translation service, plugged in: labelled on both sides, the original kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.handoff import translation
from bot.settings import Secret
from tests.desk.conftest import Browser
from tests.handoff.conftest import MORNING, House

MADE = {"fi": "Tarvitsen apua", "ar": "كلام الآلة"}
TOLD = (
    "A machine translates what you write for the person. It can make mistakes. "
    "The person also sees your own words."
)


class Machine:
    """A server that speaks LibreTranslate's HTTP API."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.broken = False
        self.slow = asyncio.Event()
        self.slow.set()

    async def translate(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.asked.append(asked)
        await self.slow.wait()
        if asked.get("api_key") != "avain":
            return web.json_response({"error": "Invalid API key"}, status=403)
        if self.broken:
            return web.Response(status=200, text="<html>")
        return web.json_response({"translatedText": MADE[asked["target"]]})


@pytest.fixture
async def machine() -> AsyncIterator[tuple[Machine, str]]:
    running = Machine()
    app = web.Application()
    app.router.add_post("/translate", running.translate)
    async with TestServer(app) as server:
        yield running, str(server.make_url("/"))


async def test_both_sides_see_a_machines_words_marked_and_the_original(
    machine: tuple[Machine, str], new_house: Callable[..., Awaitable[House]]
) -> None:
    service, url = machine
    house = await new_house(translation_url=url, translation_key=Secret("avain"))
    house.at(MORNING)
    person, worker = await house.newcomer("ar"), await house.worker()
    await person.press("/handoff")
    await person.write("أحتاج مساعدة")
    (talk,) = house.app_talks()
    await _shown_at_the_desk(worker, talk, "Tarvitsen apua")
    assert "Konekäännös. Alkuperäinen on alla." in worker.page
    assert '<p class="theirs" lang="ar" dir="rtl">أحتاج مساعدة</p>' in worker.page
    await worker.post(f"{talk}/take")
    assert house.say("A machine translated this. It can be wrong.", "ar") not in await person.look()
    await worker.post(f"{talk}/say", text="Selvä juttu", translate="1")
    page = await person.look()
    assert MADE["ar"] in page
    assert house.say("A machine translated this. It can be wrong.", "ar") in page
    assert '<p lang="fi" dir="ltr">' in page  # the worker's own words beside it
    assert house.say(TOLD, "ar") in page

    service.broken = True
    await worker.get(talk)
    await worker.post(f"{talk}/say", text="Hetkinen", translate="1")
    page = await person.look()
    assert "Hetkinen" in page
    assert house.say("This text is in Finnish.", "ar") in page
    assert {asked["source"] for asked in service.asked} == {"ar", "fi"}


async def test_a_slow_machine_loses_no_message_and_holds_no_danger_answer_back(
    machine: tuple[Machine, str],
    new_house: Callable[..., Awaitable[House]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What she writes is kept and answered while the machine still thinks, on both sides."""
    monkeypatch.setattr(translation, "TIMEOUT", aiohttp.ClientTimeout(total=0.3))
    service, url = machine
    service.slow.clear()
    house = await new_house(translation_url=url, translation_key=Secret("avain"))
    house.at(MORNING)
    person, worker = await house.newcomer("ar"), await house.worker()
    page = await person.press("/handoff")
    assert house.say(TOLD, "ar") in page  # before she writes a word to anybody
    page = await person.write("زوجي يضربني وأخاف أن يقتلني")
    assert "112" in page
    (talk,) = house.app_talks()
    assert "زوجي يضربني" in await worker.get(talk)
    await worker.post(f"{talk}/take")
    await worker.post(f"{talk}/say", text="Selvä juttu", translate="1", delivery="one")
    assert worker.status == 200
    assert "Selvä juttu" in await person.look()
    service.slow.set()


async def _shown_at_the_desk(worker: Browser, talk: str, text: str) -> None:
    """The translation comes after the message: looked for until it is there."""
    for _ in range(200):
        if text in await worker.get(talk):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{text} never came")


async def test_without_the_setting_nobody_is_asked(house: House) -> None:
    house.at(MORNING)
    person, worker = await house.newcomer("ar"), await house.worker()
    await person.press("/handoff")
    (talk,) = house.app_talks()
    await worker.get(talk)
    await worker.post(f"{talk}/take")
    assert "Lisää konekäännös" not in worker.page
    assert "Viestiä ei käännetä." in worker.page
