"""Viber: one welcome for who opens the chat, in our response to its call."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.answers.replies import Replies
from bot.settings import Settings
from tests.channels.vendors import Talk, served
from tests.channels.viber.server import ViberServer


@pytest.fixture
async def talk(settings: Settings, replies: Replies) -> AsyncIterator[Talk]:
    vendor = ViberServer()
    async with served(settings, replies, vendor) as client:
        yield Talk(client, vendor, "01234567890A=", "so")


async def test_who_opens_the_chat_is_welcomed_in_her_language(talk: Talk) -> None:
    call = talk.vendor.call(talk.person, "opened", "", "so")
    async with talk.client.post(call.path, data=call.body, headers=call.headers) as response:
        welcome = await response.json()
    assert "Kajaani" in welcome["text"]
    assert welcome["keyboard"]["Buttons"][0]["ActionBody"] == "/menu"
    await talk.settled()
    assert talk.vendor.shown == []


async def test_a_tap_comes_back_as_text(talk: Talk) -> None:
    await talk.does("start")
    shown = await talk.says("/menu")
    assert shown[-1].form == "keyboard"
    shown = await talk.says(shown[-1].choices[0][1])
    assert shown[-1].choices


async def test_who_unsubscribes_is_forgotten(talk: Talk) -> None:
    from bot.messaging.office import OFFICE

    await talk.does("start")
    await talk.does("blocked")
    people = talk.client.app[OFFICE]._people
    assert people.get(people.name("viber", talk.person)) is None
