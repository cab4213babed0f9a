"""What the operator sees of each app: numbers by channel and outcome, and nobody's name."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
import sqlalchemy as sa
from aiohttp.test_utils import TestClient, TestServer

from bot.answers.replies import Replies
from bot.app import create_app
from bot.commands import main
from bot.composition import configure
from bot.messaging.office import OFFICE
from bot.records.messaging_counts import Counts, Outcome
from bot.settings import Secret, Settings
from tests.channels.gateway.server import GatewayServer, too_many
from tests.channels.sms import server as sms
from tests.channels.telegram.server import TelegramServer
from tests.channels.vendors import Talk

PERSON, TOKEN = "358401234567", "a-word-of-ours"
SAMPLE = re.compile(r'silta_messaging_\w+\{channel="(\w+)",(?:outcome|queue)="(\w+)"\} [0-9.]+')


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, metrics_token=Secret(TOKEN), public_url="https://silta.example")


@pytest.fixture
async def talks(settings: Settings, replies: Replies) -> AsyncIterator[dict[str, Talk]]:
    vendors = [TelegramServer(), GatewayServer(), sms.SmsServer()]
    async with AsyncExitStack() as stack:
        for vendor in vendors:
            await stack.enter_async_context(vendor.running())
        channels = {vendor.name: vendor.channel() for vendor in vendors}
        app = create_app(settings, replies, channels)
        client = await stack.enter_async_context(TestClient(TestServer(app)))
        yield {vendor.name: Talk(client, vendor, PERSON, "en") for vendor in vendors}


async def _page(talk: Talk, token: str = TOKEN) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    async with talk.client.get("/metrics", headers=headers) as response:
        assert response.status == (200 if token == TOKEN else 401)
        return await response.text()


async def test_each_outcome_is_counted_in_its_channel(
    talks: dict[str, Talk], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    telegram, gateway = talks["telegram"], talks["gateway"]
    call = telegram.vendor.call(PERSON, "button", "/menu", "en")
    for _ in range(3):
        assert await telegram.post(call) == 200
    await telegram.settled()
    gateway.vendor.faults = [too_many]
    await gateway.does("start")
    for talk in talks.values():
        refused = talk.vendor.call(PERSON, "text", "hello")
        refused.headers = dict.fromkeys(refused.headers, "wrong")
        assert await talk.post(refused) == 403
    talks["sms"].vendor.faults = [lambda: sms.error(400, 21602)]  # a message that is no message
    await talks["sms"].does("start")

    page = (await _page(telegram)).splitlines()
    for line in (
        'silta_messaging_total{channel="telegram",outcome="received"} 1.0',
        'silta_messaging_total{channel="telegram",outcome="duplicate"} 2.0',
        'silta_messaging_total{channel="telegram",outcome="answered"} 1.0',
        'silta_messaging_total{channel="telegram",outcome="refused"} 1.0',
        'silta_messaging_total{channel="gateway",outcome="retried"} 1.0',
        'silta_messaging_total{channel="sms",outcome="refused"} 1.0',
        'silta_messaging_total{channel="sms",outcome="dead"} 1.0',
        'silta_messaging_queue_length{channel="sms",queue="dead"} 1.0',
    ):
        assert line in page
    assert "telegram" in _status(settings, capsys)
    assert re.search(r"sms +dead +1 0:00:\d\d", _status(settings, capsys))


def _status(settings: Settings, capsys: pytest.CaptureFixture[str]) -> str:
    configure(settings)
    assert main(["channels", "status"]) == 0
    return capsys.readouterr().out


async def test_the_page_names_nobody_and_its_labels_are_bounded(talks: dict[str, Talk]) -> None:
    for talk in talks.values():
        await talk.says("kukkuluuruu")
        await talk.does("start")
    page = await _page(talks["sms"])
    samples = [line for line in page.splitlines() if not line.startswith("#")]
    assert samples
    for line in samples:
        match = SAMPLE.fullmatch(line)
        assert match, line
        assert match.group(1) in talks
        assert match.group(2) in {*Outcome, "unanswered", "waiting", "sending", "held", "dead"}
    assert PERSON not in page
    assert "kukkuluuruu" not in page


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "ä"])
async def test_nobody_else_reads_it(talks: dict[str, Talk], token: str) -> None:
    assert "silta_" not in await _page(talks["telegram"], token)


async def test_without_a_token_there_is_no_such_page(settings: Settings, replies: Replies) -> None:
    vendor = TelegramServer()
    async with vendor.running():
        chosen = replace(settings, metrics_token=Secret(""))
        app = create_app(chosen, replies, {vendor.name: vendor.channel()})
        async with TestClient(TestServer(app)) as client:
            assert (await client.get("/metrics")).status == 404
            assert client.app[OFFICE].figures().totals() == {}


def test_counts_go_on_after_a_restart_and_wait_for_the_database(
    database: sa.engine.Engine,
) -> None:
    before = Counts(database)
    before.add("telegram", Outcome.SENT)
    before.write()
    with database.begin() as connection:
        connection.execute(sa.text("ALTER TABLE messaging_counts RENAME TO away"))
    after = Counts(database)
    after.add("telegram", Outcome.SENT)
    after.add("sms", Outcome.DEAD)
    after.write()
    with database.begin() as connection:
        connection.execute(sa.text("ALTER TABLE away RENAME TO messaging_counts"))
    after.write()
    after.write()
    assert after.totals() == {("telegram", "sent"): 2, ("sms", "dead"): 1}
