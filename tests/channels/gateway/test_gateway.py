"""The signed webhook: no replay, no wrong clock, and the same key for the same part."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from bot.answers.replies import Replies
from bot.settings import Settings
from tests.channels.gateway.server import GatewayServer
from tests.channels.vendors import Talk, json_body, served

MESSAGE = {"id": "m-1", "from": "12", "text": "/menu", "language": "fi"}


@pytest.fixture
async def talk(settings: Settings, replies: Replies) -> AsyncIterator[Talk]:
    vendor = GatewayServer()
    async with served(settings, replies, vendor) as client:
        yield Talk(client, vendor, "12", "fi")


@pytest.mark.parametrize(
    ("seconds", "status"), [(0, 200), (-290, 200), (290, 200), (-310, 403), (310, 403)]
)
async def test_the_clocks_may_differ_by_five_minutes(talk: Talk, seconds: int, status: int) -> None:
    assert isinstance(talk.vendor, GatewayServer)
    assert await talk.post(talk.vendor.signed(json_body(MESSAGE), time.time() + seconds)) == status


async def test_a_replay_is_not_answered_again(talk: Talk) -> None:
    assert isinstance(talk.vendor, GatewayServer)
    for _ in range(3):
        assert await talk.post(talk.vendor.signed(json_body(MESSAGE))) == 200
    await talk.settled()
    assert len(talk.vendor.shown) == 2  # notice and menu


@pytest.mark.parametrize("moment", ["", "-5", "1e9", "٣٣", "9" * 40, "nan"])
async def test_a_time_that_is_none_is_refused(talk: Talk, moment: str) -> None:
    assert isinstance(talk.vendor, GatewayServer)
    from bot.channels.gateway.channel import signature
    from tests.channels.gateway.server import SECRET

    call = talk.vendor.signed(json_body(MESSAGE))
    right = signature(SECRET, moment, call.body)
    call.headers |= {"Silta-Timestamp": moment, "Silta-Signature": right}
    assert await talk.post(call) == 403
