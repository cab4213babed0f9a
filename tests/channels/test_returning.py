"""Who wrote while the service was away is answered in the order in which she wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.answers.replies import Replies
from bot.app import create_app
from bot.messaging import office
from bot.settings import Settings
from tests.channels.telegram.server import TelegramServer
from tests.channels.vendors import Talk

PERSON = "358401234567"


async def test_what_could_not_be_delivered_before_comes_first(
    settings: Settings, replies: Replies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Her second message was taken, then we died; the first one is delivered after the start."""
    vendor = TelegramServer()
    settings = replace(settings, public_url="https://silta.example")
    async with vendor.running():
        channels = {vendor.name: vendor.channel()}
        first, second = (
            vendor.call(PERSON, "button", f"/ask?topic={topic}", "en")
            for topic in ("health_services", "kela_coverage")
        )
        with monkeypatch.context() as dying:
            dying.setattr(office, "ANSWERING", 0)
            async with TestClient(TestServer(create_app(settings, replies, channels))) as client:
                assert await Talk(client, vendor, PERSON).post(second) == 200
        monkeypatch.setattr(office, "RETURNING", 2.0)
        async with TestClient(TestServer(create_app(settings, replies, channels))) as client:
            talk = Talk(client, vendor, PERSON)
            assert await talk.post(first) == 200
            await talk.settled()
    read = "\n".join(part.text for part in vendor.shown)
    say = replies.render
    titles = [
        say("utter_answer", "en", {"topic": topic}).text.splitlines()[0]
        for topic in ("health_services", "kela_coverage")
    ]
    assert 0 <= read.index(titles[0]) < read.index(titles[1])
