"""What every messaging app does, each through its own protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.answers.replies import Replies
from bot.keys import REPLIES
from bot.messaging.office import OFFICE
from bot.settings import Settings
from tests.channels import meta
from tests.channels.gateway import server as gateway
from tests.channels.messenger import server as messenger
from tests.channels.sms import server as sms
from tests.channels.telegram import server as telegram
from tests.channels.vendors import Talk, Vendor, served
from tests.channels.viber import server as viber
from tests.channels.whatsapp import server as whatsapp

VENDORS: dict[str, Callable[[], Vendor]] = {
    "telegram": telegram.TelegramServer,
    "gateway": gateway.GatewayServer,
    "whatsapp": whatsapp.WhatsAppServer,
    "messenger": messenger.MessengerServer,
    "viber": viber.ViberServer,
    "sms": sms.SmsServer,
}
PERSON = "358401234567"
# name: (broken, too many, cannot be reached)
FAULTS: dict[str, tuple[Callable[[], web.Response], ...]] = {
    "telegram": (
        telegram.broken,
        lambda: telegram.too_many(1),
        lambda: telegram._error(403, "Forbidden: bot was blocked by the user"),
    ),
    "gateway": (gateway.broken, gateway.too_many, gateway.gone),
    "whatsapp": (meta.broken, whatsapp.too_many, lambda: meta.error(400, 131026)),
    "messenger": (meta.broken, messenger.too_many, lambda: meta.error(400, 100, 2018001)),
    "viber": (viber.broken, viber.too_many, lambda: viber.status(6, "receiverNotSubscribed")),
    "sms": (sms.broken, sms.too_many, lambda: sms.error(400, 21610)),
}


@pytest.fixture(params=list(VENDORS))
def vendor(request: pytest.FixtureRequest) -> Vendor:
    return VENDORS[request.param]()


@pytest.fixture
async def client(
    settings: Settings, replies: Replies, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TestClient]:
    for module in ("bot.messaging.graph", "bot.channels.viber.channel", "bot.channels.sms.channel"):
        monkeypatch.setattr(f"{module}.WAIT", 0.1)
    async with served(settings, replies, vendor) as running:
        yield running


@pytest.fixture
def talk(client: TestClient, vendor: Vendor) -> Talk:
    return Talk(client, vendor, PERSON, "fi")


async def test_a_conversation(talk: Talk) -> None:
    """Notice and greeting, all subjects, a subject, an answer; no vendor refuses a part."""
    _notice, *greeting = await talk.does("start")
    assert "Kajaani" in greeting[0].text
    for choice in (1, 1, 1):
        shown = await talk.taps(choice)
        assert shown, "no answer"
    assert any("https://" in part.text for part in shown)
    assert talk.client.app[OFFICE]._outbox.dead() == []


@pytest.mark.parametrize(("stop", "start"), [("توقف", "ابدأ"), ("ኣቋርጽ", "ጀምር")])
async def test_a_word_stops_and_starts_in_every_app(talk: Talk, stop: str, start: str) -> None:
    """Her language stays: the Arabic word is a Persian one, too."""
    await talk.does("button", '/change_language{"locale": "ti"}')
    say = talk.client.app[REPLIES].render
    assert [part.text for part in await talk.says(stop)] == [say("utter_stopped", "ti", {}).text]
    greeting = say("utter_greet", "ti", {}).text.splitlines()[0]
    assert any(greeting in part.text for part in await talk.says(start))


@pytest.mark.parametrize("kind", ["location", "voice", "picture", "sticker", "file", "unknown"])
async def test_what_is_no_text_gets_an_answer(talk: Talk, kind: str) -> None:
    shown = await talk.does(kind)
    assert len(shown) >= 2


async def test_the_same_delivery_three_times_is_answered_once(talk: Talk) -> None:
    call = talk.vendor.call(PERSON, "text", "/menu")
    for _ in range(3):
        assert await talk.post(call) == 200
    await talk.settled()
    assert len({shown.text for shown in talk.vendor.shown}) == len(talk.vendor.shown)


async def test_a_vendor_that_fails_is_tried_again_and_shows_each_part_once(talk: Talk) -> None:
    broken, too_many, _ = FAULTS[talk.vendor.name]
    talk.vendor.faults = [broken, too_many]
    shown = await talk.does("start")
    assert len({part.text for part in shown}) == len(shown) >= 2


async def test_who_cannot_be_reached_is_left_alone(talk: Talk) -> None:
    talk.vendor.faults = [FAULTS[talk.vendor.name][2]]
    assert await talk.does("start") == []
    assert talk.client.app[OFFICE]._outbox.dead() == []


async def test_a_call_with_a_wrong_signature_is_refused(talk: Talk) -> None:
    call = talk.vendor.call(PERSON, "start")
    assert call.headers
    for name in list(call.headers):
        if name == "Content-Type":
            continue
        for wrong in ("", "x", call.headers[name][:-1] + "!"):
            headers = {**call.headers, name: wrong}
            async with talk.client.post(call.path, data=call.body, headers=headers) as response:
                assert response.status == 403
    changed = call.body.replace(PERSON.encode(), b"358409999999")
    if talk.vendor.name != "telegram":  # its secret does not sign the body
        async with talk.client.post(call.path, data=changed, headers=call.headers) as response:
            assert response.status == 403
    await talk.settled()
    assert talk.vendor.shown == []


async def test_advance_information_moves_to_the_web_once(talk: Talk) -> None:
    """The link opens the chat with the subject, once; afterwards it opens the chat alone."""
    shown = await talk.says("/start_assessment")
    text = next(part.text for part in shown if "/go/" in part.text)
    path = "/go/" + text.partition("https://silta.example/go/")[2].split()[0]
    for _ in range(2):  # apps look at links before people do
        page = await talk.client.get(path, allow_redirects=False)
        assert page.status == 200
    assert PERSON not in await page.text()
    said = {"choice": "/start_assessment"}
    to_chat = await talk.client.post(path, data=said, allow_redirects=False)
    assert to_chat.status == 307
    done = await talk.client.post(to_chat.headers["Location"], data=said, allow_redirects=False)
    assert done.status == 303
    (cookie,) = done.cookies.values()
    assert cookie[
        "secure"
    ]  # this client speaks http with the service, so it must be told to send it
    sent = {"Cookie": f"{cookie.key}={cookie.value}"}
    chat = await talk.client.get(done.headers["Location"], headers=sent)
    assert 'class="person"' in await chat.text()
    again = await talk.client.get(path, allow_redirects=False)
    assert (again.status, again.headers["Location"][:7]) == (303, "/?lang=")
