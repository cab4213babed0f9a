"""WhatsApp's own rules: Meta's question, the 24 hours, the confirmation of what was sent."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from aiohttp.test_utils import TestClient

from bot.answers.replies import Replies
from bot.channels.whatsapp.channel import PATH
from bot.messaging.office import OFFICE
from bot.records.messaging_tables import outbox, people
from bot.settings import Settings
from tests.channels import meta
from tests.channels.vendors import Talk, served
from tests.channels.whatsapp.server import WhatsAppServer


@pytest.fixture(params=["", "write_again"])
def vendor(request: pytest.FixtureRequest) -> WhatsAppServer:
    return WhatsAppServer(request.param)


@pytest.fixture
async def client(
    settings: Settings, replies: Replies, vendor: WhatsAppServer
) -> AsyncIterator[TestClient]:
    async with served(settings, replies, vendor) as running:
        yield running


@pytest.fixture
def talk(client: TestClient, vendor: WhatsAppServer) -> Talk:
    return Talk(client, vendor, "358401234567")


async def test_meta_asks_whether_the_address_is_ours(client: TestClient) -> None:
    query = {
        "hub.mode": "subscribe",
        "hub.verify_token": meta.VERIFY,
        "hub.challenge": "1158201444",
    }
    assert await (await client.get(PATH, params=query)).text() == "1158201444"
    assert (await client.get(PATH, params={**query, "hub.verify_token": "ä"})).status == 403
    assert (await client.get(PATH)).status == 403


async def test_after_a_day_the_answer_waits_until_she_writes(
    talk: Talk, vendor: WhatsAppServer
) -> None:
    """The vendor says that the window is closed: the template once, the answer when she writes."""
    vendor.faults = [lambda: meta.error(400, 131047)]
    assert await talk.does("start") == []
    assert vendor.templates == ([vendor.template] if vendor.template else [])
    shown = await talk.says("/menu")
    assert len(shown) == 3  # notice, greeting, menu: nothing is lost, in order
    assert talk.client.app[OFFICE].figures().queues() == []


async def test_we_know_the_window_ourselves(talk: Talk, vendor: WhatsAppServer) -> None:
    vendor.faults = [meta.broken]
    engine = talk.client.app[OFFICE]._outbox._engine
    await talk.post(vendor.call(talk.person, "start"))
    for _ in range(200):  # until the first attempt has failed, as if the vendor were down for days
        import asyncio

        await asyncio.sleep(0.02)
        if not vendor.faults:
            break
    with engine.begin() as connection:
        connection.execute(sa.update(people).values(heard=people.c.heard - 25 * 3600))
    await talk.settled()
    assert vendor.shown == []
    (held,) = talk.client.app[OFFICE].figures().queues()
    assert (held.channel, held.name) == ("whatsapp", "held")


async def test_a_confirmation_ends_the_doubt(talk: Talk, vendor: WhatsAppServer) -> None:
    """A process died while sending: «sent» from the vendor comes before the part is sent again."""
    shown = await talk.does("start")
    assert [key.rpartition(".")[2] for key in vendor.keys] == [str(n) for n in range(len(shown))]
    engine = talk.client.app[OFFICE]._outbox._engine
    row = {"key": "k.0", "person": "whatsapp:x", "channel": "whatsapp", "body": "", "created": 1.0}
    with engine.begin() as connection:
        connection.execute(sa.insert(outbox).values(**row, state="sending", lease=9e9))
    assert await talk.post(vendor.status("k.0")) == 200
    assert talk.client.app[OFFICE].figures().queues() == []
