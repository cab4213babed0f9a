"""A person in an app and a caseworker at the desk, each through what is theirs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from aiohttp.test_utils import TestServer

from bot.answers.replies import Replies
from bot.app import create_app
from bot.keys import TALKS
from bot.records.retention import purge_messaging
from bot.settings import Settings
from tests.channels.sms.server import SmsServer
from tests.channels.telegram.server import TelegramServer
from tests.channels.vendors import PATIENCE, Shown, Talk, Vendor
from tests.desk.conftest import Browser
from tests.handoff.conftest import MORNING, NIGHT, House

PERSON = "358401234567"


@dataclass
class Office:
    """The service with one app, and a caseworker who has signed in."""

    house: House
    vendor: Vendor
    worker: Browser

    def person(self, number: str = PERSON, language: str = "so") -> Talk:
        return Talk(self.house.clients[0], self.vendor, number, language)

    def say(self, message: str, language: str = "so") -> str:
        return self.house.say(message, language)

    async def found(self) -> str:
        """The address of the one talk in the list."""
        line = await self.worker.get("/desk/talks")
        (talk,) = re.findall(r'href="(/desk/talks/t-[0-9a-f]+)"', line)
        await self.worker.get(talk)
        return str(talk)

    async def shown(self, text: str, number: str = PERSON) -> Shown:
        """What the app shows, once the text has come."""
        left = PATIENCE
        while left > 0:
            for shown in self.vendor.shown:
                if shown.address.endswith(number) and text in shown.text:
                    return shown
            await asyncio.sleep(0.05)
            left -= 0.05
        raise AssertionError(f"{text!r} never came")


async def _office(settings: Settings, replies: Replies, vendor: Vendor) -> AsyncIterator[Office]:
    async with vendor.running():
        chosen = replace(settings, public_url="https://silta.example")
        app = create_app(chosen, replies, {vendor.name: vendor.channel()})
        house = House(app, TestServer(app), replies, [])
        await house.server.start_server()
        house.at(MORNING)
        yield Office(house, vendor, await house.worker())
        for client in house.clients:
            await client.close()
        await house.server.close()


@pytest.fixture
async def telegram(settings: Settings, replies: Replies) -> AsyncIterator[Office]:
    async for office in _office(settings, replies, TelegramServer()):
        yield office


@pytest.fixture
async def sms(settings: Settings, replies: Replies) -> AsyncIterator[Office]:
    async for office in _office(settings, replies, SmsServer()):
        yield office


async def test_a_talk_from_the_queue_to_the_rating(telegram: Office) -> None:
    person, worker = telegram.person(), telegram.worker
    shown = "\n".join(part.text for part in await person.says("/handoff"))
    assert (
        telegram.say("Your number in the queue is {number}. I do not know how long it takes.")[:20]
        in shown
    )
    assert "Telegram" not in shown
    assert telegram.say("May the person also see what you and I wrote before?") not in shown
    (kept,) = await person.says("Waxaan u baahanahay caawimaad")
    assert kept.text.startswith(telegram.say("The person will see your message."))

    talk = await telegram.found()
    assert "Waxaan u baahanahay caawimaad" in worker.page
    assert "Telegram" in worker.page
    assert "Henkilö kirjoittaa viestisovelluksessa." in worker.page
    await worker.post(f"{talk}/take")
    begun = telegram.say(
        "A person from the integration services is here now. You now write with a person."
    )
    await telegram.shown(begun)
    assert await person.says("Mahadsanid") == []  # the bot keeps silent

    await worker.get(talk)
    await worker.post(f"{talk}/phrase", phrase="need_interpreter", delivery="one")
    await worker.post(f"{talk}/phrase", phrase="need_interpreter", delivery="one")
    asked = await telegram.shown(telegram.say("Do you need an interpreter at the appointment?"))
    assert asked.text.startswith(f"— {telegram.say('A person')} —")
    assert "Tarvitsetko tapaamiseen tulkin?" in asked.text
    await person.does("button", asked.choices[0][1])
    assert '<p class="mine" lang="fi" dir="ltr">Kyllä</p>' in await worker.get(talk)
    assert "Lähetetty sovellukseen" in worker.page

    await worker.post(f"{talk}/say", text="Nähdään huomenna.", delivery="two")
    said = await telegram.shown("Nähdään huomenna.")
    assert telegram.say("This text is in Finnish.") in said.text
    await worker.get(talk)
    await worker.post(f"{talk}/end")
    over = await telegram.shown(telegram.say("Did the talk help you?"))
    await person.does("button", over.choices[0][1])
    assert "Henkilö kertoi, että keskustelu auttoi." in await worker.get(talk)
    texts = [part.text for part in telegram.vendor.shown]
    assert len([text for text in texts if "Tarvitsetko tapaamiseen" in text]) == 1


async def test_in_a_talk_danger_is_heard_and_advance_information_stays_on_our_page(
    telegram: Office,
) -> None:
    person, worker = telegram.person(language="fi"), telegram.worker
    await person.says("/handoff")
    talk = await telegram.found()
    await worker.post(f"{talk}/take")
    await telegram.shown("Kirjoitat nyt ihmisen kanssa.")
    shown = await person.says("Mieheni hakkaa minua, pelkään että hän tappaa minut")
    assert "112" in shown[0].text
    assert "Puhui vaarasta" in await worker.get("/desk/talks")
    shown = await person.says("/start_assessment")
    assert any("https://silta.example/go/" in part.text for part in shown)


async def test_a_message_at_night_is_answered_in_the_morning(telegram: Office) -> None:
    """She never says that it is ready, and has no page to come back to."""
    telegram.house.at(NIGHT)
    person, worker = telegram.person(), telegram.worker
    await person.says("/handoff")
    begun = await person.does("button", "/talk?do=here")
    assert telegram.say("If you want an answer here, come back to this page in the same browser.")[
        :30
    ] not in "".join(part.text for part in begun)
    await person.says("Gurigu waa qabow yahay")
    telegram.house.at(MORNING)
    talk = await telegram.found()
    assert "Gurigu waa qabow yahay" in worker.page
    await worker.post(f"{talk}/take")
    await worker.post(f"{talk}/say", text="Huomenta!", delivery="one")
    await telegram.shown("Huomenta!")


async def test_by_numbers_an_answer_is_one_and_a_number_of_hers_stays_a_number(
    sms: Office,
) -> None:
    """Text alone: choices are typed. What an earlier message offered is no longer meant."""
    person, worker = sms.person(language="fi"), sms.worker
    await person.does("button", '/change_language{"locale": "fi"}')
    await person.says("/handoff")
    talk = await sms.found()
    await worker.post(f"{talk}/take")
    await sms.shown("Kirjoitat nyt ihmisen kanssa.")
    await worker.get(talk)
    await worker.post(f"{talk}/phrase", phrase="need_interpreter", delivery="one")
    asked = await sms.shown("Tarvitsetko tapaamiseen tulkin?")
    assert "1. Kyllä" in asked.text
    await person.says("1")
    assert '<p class="mine" lang="fi" dir="ltr">Kyllä</p>' in await worker.get(talk)
    await worker.post(f"{talk}/say", text="Kuinka monta lasta tulee mukaan?", delivery="two")
    await sms.shown("Kuinka monta lasta")
    await person.says("1")
    assert '<p class="mine" lang="fi" dir="ltr">1</p>' in await worker.get(talk)


async def test_stop_ends_the_talk_and_nothing_more_is_sent(telegram: Office) -> None:
    person, worker = telegram.person(language="fi"), telegram.worker
    await person.says("/handoff")
    talk = await telegram.found()
    await worker.post(f"{talk}/take")
    await telegram.shown("Kirjoitat nyt ihmisen kanssa.")
    await person.does("text", "/stop")
    await worker.get(talk)
    assert "Keskustelu on päättynyt." in worker.page
    await worker.post(f"{talk}/say", text="Oletko siellä?", delivery="late")
    await person.settled()
    assert not [part for part in telegram.vendor.shown if "Oletko" in part.text]


async def test_who_is_in_a_talk_keeps_her_address_however_long_she_is_silent(
    telegram: Office,
) -> None:
    person, worker = telegram.person(language="fi"), telegram.worker
    await person.says("/handoff")
    talk = await telegram.found()
    engine = telegram.house.app[TALKS]._engine
    purge_messaging(engine, days=0)
    await worker.post(f"{talk}/take")
    await telegram.shown("Kirjoitat nyt ihmisen kanssa.")
