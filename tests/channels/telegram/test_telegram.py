"""Telegram, against a local Bot API server."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.answers.replies import Replies
from bot.channels.telegram.channel import PATH
from bot.messaging.office import OFFICE
from bot.records.messaging_tables import outbox
from bot.settings import Settings
from tests.channels.telegram.server import TOKEN, TelegramServer, broken, too_many
from tests.channels.vendors import Talk, served


@pytest.fixture
def vendor() -> TelegramServer:
    return TelegramServer()


@pytest.fixture
async def client(
    settings: Settings, replies: Replies, vendor: TelegramServer
) -> AsyncIterator[TestClient]:
    async with served(settings, replies, vendor) as running:
        yield running


@pytest.fixture
def talk(client: TestClient, vendor: TelegramServer) -> Talk:
    return Talk(client, vendor, "77", "so")


async def test_a_first_meeting(talk: Talk) -> None:
    """/start: that it is a program in another company's app, then the greeting, in her language."""
    notice, greeting = await talk.does("start")
    assert (notice.address, greeting.address) == ("77", "77")
    assert "Kajaani" in greeting.text
    assert [payload for _, payload in greeting.choices] == ["/menu", "/handoff", "/change_language"]
    (again,) = await talk.does("start")
    assert again.text == greeting.text


async def test_a_link_may_bring_a_topic_or_a_language(talk: Talk) -> None:
    shown = await talk.does("start", "health_services")
    assert "terveysasema" in shown[-1].text
    shown = await talk.does("start", "fi")
    assert "suomea" in shown[-1].text


async def test_buttons_lead_from_subject_to_answer(talk: Talk) -> None:
    await talk.does("start")
    await talk.taps(1)
    await talk.taps(1)
    shown = await talk.taps(1)
    assert "https://" in shown[-1].text
    assert shown[-1].choices[0][1].startswith("/ask?topic=")
    response = talk.vendor.call("77", "button", "/menu", "so")
    async with talk.client.post(response.path, data=response.body, headers=response.headers) as got:
        assert (await got.json())["method"] == "answerCallbackQuery"


@pytest.mark.parametrize(
    "kind", ["location", "contact", "voice", "picture", "sticker", "file", "unknown"]
)
async def test_what_is_no_text_gets_an_answer(talk: Talk, kind: str) -> None:
    shown = await talk.does(kind)
    assert shown[-1].choices[0][1] == "/menu"


async def test_an_edited_message_is_answered_anew(talk: Talk) -> None:
    await talk.says("/menu")
    assert len(await talk.does("edited", "/help")) == 1


async def test_a_group_is_told_once_and_then_left_alone(talk: Talk) -> None:
    (told,) = await talk.does("group", "hello")
    assert told.address == "-77"
    assert await talk.does("group", "hello") == []


async def test_advance_information_is_given_on_the_own_page(talk: Talk) -> None:
    shown = await talk.says("/start_assessment")
    assert "https://silta.example/go/" in shown[-1].text


async def test_the_same_update_twice_is_answered_once(talk: Talk) -> None:
    call = talk.vendor.call("77", "text", "/menu")
    for _ in range(3):
        assert await talk.post(call) == 200
    await talk.settled()
    assert len(talk.vendor.shown) == 2  # the notice and one answer


async def test_updates_that_overtake_each_other_are_answered_in_order(talk: Talk) -> None:
    calls = [talk.vendor.call("77", "start", topic) for topic in ("", "health_services", "fi")]
    await asyncio.gather(*(talk.post(call) for call in reversed(calls)))
    await talk.settled()
    texts = [shown.text for shown in talk.vendor.shown]
    assert "terveysasema" in texts[2]
    assert "suomea" in texts[-1]


async def test_a_vendor_that_says_wait_or_breaks_down_is_tried_again(talk: Talk) -> None:
    talk.vendor.faults = [lambda: too_many(1), broken]
    shown = await talk.does("start")
    assert len(shown) == 2


async def test_who_blocked_the_bot_is_not_tried_again(talk: Talk, vendor: TelegramServer) -> None:
    vendor.blocked.add("77")
    assert await talk.does("start") == []
    assert len([m for m, _ in vendor.calls if m == "sendMessage"]) == 1
    assert await talk.does("blocked") == []
    assert talk.client.app[OFFICE]._people.get(_name(talk)) is None


async def test_a_part_that_is_refused_for_good_is_a_dead_letter(talk: Talk) -> None:
    from tests.channels.telegram.server import _error

    talk.vendor.faults = [lambda: _error(400, "Bad Request: can't parse entities")]
    assert len(await talk.does("start")) == 1
    (dead,) = talk.client.app[OFFICE]._outbox.dead()
    assert (dead.channel, dead.failure) == ("telegram", "permanent")


async def test_deleting_forgets_the_address(talk: Talk) -> None:
    await talk.does("start")
    await talk.says("/delete")
    (shown,) = await talk.does("button", "/confirm_delete")
    assert shown.text
    assert talk.client.app[OFFICE]._people.get(_name(talk)) is None


@pytest.mark.parametrize("secret", ["", "wrong", "ä\udcff"])
async def test_only_telegram_may_call(talk: Talk, secret: str) -> None:
    call = talk.vendor.call("77", "start")
    call.headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    if not secret:
        call.headers = {}
    assert await talk.post(call) == 403
    assert talk.vendor.shown == []


async def test_nothing_said_and_no_token_is_logged(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    talk.vendor.faults = [broken, lambda: too_many(1)]
    await talk.says("sirkkelisaha kukkuluuruu")
    await talk.post(talk.vendor.call("77", "text", "x"))
    # The access log here is the vendor's own; the service has its own switched off (serve.py).
    records = [r for r in caplog.records if r.name != "aiohttp.access"]
    log = "\n".join(record.getMessage() for record in records)
    assert "not sent" in log
    assert "kukkuluuruu" not in log
    assert TOKEN not in log
    assert "77" not in [word for line in log.splitlines() for word in line.split()]


async def test_danger_comes_before_everything_else(talk: Talk) -> None:
    """Even before the first notice."""
    talk.language = "en"
    first, *_ = await talk.says("Help! My house is on fire and people are inside")
    assert "112" in first.text


async def test_danger_beside_a_number_is_heard(talk: Talk) -> None:
    """What is blanked before it is kept takes nothing from the cry for help."""
    talk.language = "en"
    first, *_ = await talk.says("Help! he is going to kill me, 131052-308T, call 040 559 6732")
    assert "112" in first.text


async def test_a_stop_of_the_service_waits_for_what_is_being_sent(
    settings: Settings, replies: Replies
) -> None:
    """An orderly restart leaves nothing in doubt."""

    asked = asyncio.Event()

    class Slow(TelegramServer):
        async def _send_message(self, body: dict[str, Any]) -> web.Response:
            asked.set()
            await asyncio.sleep(0.5)
            return await super()._send_message(body)

    vendor = Slow()
    async with served(settings, replies, vendor) as client:
        await Talk(client, vendor, "77").post(vendor.call("77", "start"))
        await asked.wait()
    engine = sa.create_engine(settings.database, future=True)
    with engine.connect() as connection:
        states = [row.state for row in connection.execute(sa.select(outbox))]
    engine.dispose()
    assert len(vendor.shown) == 1
    assert states == ["waiting"]


async def test_asking_for_updates(settings: Settings, replies: Replies) -> None:
    """Long polling: in order, once, past what cannot be read, and after the vendor's failures."""
    vendor = TelegramServer(polling=True)
    vendor.updates = [
        vendor.update("77", "start", "", "fi"),
        {"update_id": vendor.next_id(), "message": "broken"},
        vendor.update("77", "button", "/menu"),
    ]
    async with served(settings, replies, vendor) as client:
        talk = Talk(client, vendor, "77")
        for _ in range(100):
            await asyncio.sleep(0.05)
            if len(vendor.shown) == 3:
                break
        assert len(vendor.shown) == 3
        assert "answerCallbackQuery" in [method for method, _ in vendor.calls]
        assert (await client.post(PATH)).status == 404
        await talk.settled()


async def test_the_independent_client_library_reads_our_fixtures(vendor: TelegramServer) -> None:
    """aiogram, which Rasa brings along, knows the updates that these tests are made of."""
    from aiogram.types import Update

    for kind in ("text", "start", "button", "voice", "picture", "group", "edited", "blocked"):
        update = vendor.update("77", kind, "x", "fi")
        assert Update(**json.loads(json.dumps(update))).update_id == update["update_id"]


async def test_the_independent_client_library_reads_what_we_send(
    talk: Talk, vendor: TelegramServer
) -> None:
    """Our keyboards and webhook answers are what aiogram knows; it wrote neither."""
    from aiogram.types import InlineKeyboardMarkup
    from aiogram.utils.payload import generate_payload

    await talk.does("start")
    await talk.taps(1)
    sent = [body for method, body in vendor.calls if method == "sendMessage"]
    assert sent
    for body in sent:
        known = {"chat_id", "text", "reply_markup", "link_preview_options"}
        assert body.keys() <= known
        if "reply_markup" in body:
            read = InlineKeyboardMarkup(**body["reply_markup"])
            assert read.to_python() == body["reply_markup"]
            assert generate_payload(reply_markup=read)
            assert all(
                len(button.callback_data.encode()) <= 64
                for row in read.inline_keyboard
                for button in row
            )


async def test_the_independent_client_library_calls_as_we_do(vendor: TelegramServer) -> None:
    """aiogram's own client and ours meet at the same server: addresses, bodies, answers, errors."""
    from aiogram import Bot
    from aiogram.bot.api import TelegramAPIServer
    from aiogram.utils.exceptions import BotBlocked, RetryAfter

    async with vendor.running():
        bot = Bot(TOKEN, server=TelegramAPIServer.from_base(vendor.url))
        try:
            assert (await bot.get_me()).username == "silta_bot"
            await bot.set_webhook("https://silta.example/webhooks/telegram")
            assert (await bot.get_webhook_info()).url == "https://silta.example/webhooks/telegram"
            assert (await bot.send_message(77, "moi")).chat.id == 77
            vendor.faults = [lambda: too_many(3)]
            with pytest.raises(RetryAfter) as wait:
                await bot.send_message(77, "moi")
            assert wait.value.timeout == 3
            vendor.blocked.add("77")
            with pytest.raises(BotBlocked):
                await bot.send_message(77, "moi")
        finally:
            session = await bot.get_session()
            await session.close()


def _name(talk: Talk) -> str:
    return talk.client.app[OFFICE]._people.name("telegram", "77")
