"""Malformed, truncated, huge, deep and wrongly encoded requests at every webhook: 4xx, no trace."""

from __future__ import annotations

import gc
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.replies import Replies
from bot.app import create_app
from bot.messages import Inbound, Reply
from bot.messaging.incoming import Incoming, Malformed
from bot.messaging.office import OFFICE
from bot.messaging.webhook import read_json
from bot.settings import Settings
from tests.channels.gateway.server import GatewayServer
from tests.channels.messenger.server import MessengerServer
from tests.channels.sms.server import SmsServer
from tests.channels.sms.server import signed as signed_sms
from tests.channels.telegram.server import TelegramServer
from tests.channels.test_messaging import PERSON, VENDORS
from tests.channels.vendors import Call, Vendor
from tests.channels.viber.server import ViberServer
from tests.channels.viber.server import signed as signed_viber
from tests.channels.whatsapp.server import WhatsAppServer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def mutated(data: Any) -> st.SearchStrategy[Any]:
    """A good payload with one thing in it replaced or taken out."""
    paths = list(_paths(data))

    @st.composite
    def one(draw: Callable[..., Any]) -> Any:
        path = draw(st.sampled_from(paths))
        return _changed(data, path, draw(JSON), draw(st.booleans()))

    return one()


def _paths(data: Any, path: tuple = ()) -> Any:
    yield path
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in items:
        yield from _paths(value, (*path, key))


def _changed(data: Any, path: tuple, value: Any, remove: bool) -> Any:
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    if len(path) == 1 and remove:
        del copy[path[0]]
    else:
        copy[path[0]] = _changed(data[path[0]], path[1:], value, remove)
    return copy


def _reader(vendor: Vendor) -> Callable[[Any], Any]:
    """The channel's own reading of a payload."""
    from bot.channels.gateway.channel import read_message
    from bot.channels.messenger import notifications as messenger
    from bot.channels.sms.channel import _read
    from bot.channels.telegram.updates import read_update
    from bot.channels.viber.events import opened, read_event
    from bot.channels.whatsapp import notifications as whatsapp
    from tests.channels.whatsapp.server import NUMBER

    return {
        "telegram": read_update,
        "gateway": read_message,
        "whatsapp": lambda data: whatsapp.read_notification(data, NUMBER),
        "messenger": messenger.read_notification,
        "viber": lambda data: (read_event(data), opened(data))[0],
        "sms": _read,
    }[vendor.name]


KINDS = ("text", "button", "start", "edited", "picture", "voice", "group", "unknown", "blocked")


@pytest.mark.parametrize("name", [name for name in VENDORS if name != "sms"])
@given(data=st.data())
@settings(deadline=None)
def test_reading_gives_messages_or_says_malformed(name: str, data: st.DataObject) -> None:
    """Nothing else is ever raised, and what is read can be kept as text."""
    vendor = VENDORS[name]()
    call = vendor.call(PERSON, data.draw(st.sampled_from(KINDS)), "text", "fi")
    payload = data.draw(mutated(json.loads(call.body)) | JSON)
    try:
        found = list(_reader(vendor)(payload))
    except Malformed as error:
        assert len(str(error)) < 100
        return
    for incoming in found:
        if isinstance(incoming, Incoming):
            json.dumps(incoming.body()).encode()
            assert incoming.position == incoming.position  # no NaN
            assert incoming.address.encode() is not None


@given(st.binary(max_size=300) | st.text().map(lambda t: t.encode("utf-16")))
@settings(deadline=None)
def test_bytes_are_json_or_malformed(body: bytes) -> None:
    try:
        read_json(body)
    except Malformed:
        return


BODIES: dict[str, bytes] = {
    "empty": b"",
    "no json": b"not json",
    "null": b"null",
    "a list": b"[]",
    "an empty object": b"{}",
    "deep": b'{"a":' * 20_000,
    "deep and closed": b"[" * 20_000 + b"]" * 20_000,
    "a long number": b'{"update_id": ' + b"9" * 20_000 + b"}",
    "no number": b'{"update_id": NaN}',
    "no utf-8": b'{"text": "\xff\xfe"}',
    "utf-16": '{"text": "a"}'.encode("utf-16"),
    "half a character": b'{"text": "\\ud800"}',
    "truncated": b'{"object": "page", "entry": [{"messaging": [{"sender": {"id": ',
}


async def _no_turn(inbound: Inbound) -> list[Reply]:
    return []


@pytest.fixture
async def everything(
    settings: Settings, replies: Replies
) -> AsyncIterator[tuple[TestClient, dict[str, Vendor]]]:
    """All channels at once."""
    vendors: dict[str, Vendor] = {name: make() for name, make in VENDORS.items()}
    async with AsyncExitStack() as stack:
        for vendor in vendors.values():
            await stack.enter_async_context(vendor.running())
        channels = {name: vendor.channel() for name, vendor in vendors.items()}
        app = create_app(replace(settings, public_url="https://silta.example"), replies, channels)
        client = await stack.enter_async_context(TestClient(TestServer(app)))
        yield client, vendors


def _signed(vendor: Vendor, body: bytes) -> Call:
    """The body, signed as by the vendor itself."""
    from tests.channels import meta

    call = vendor.call(PERSON, "text", "x")
    if isinstance(vendor, GatewayServer):
        return vendor.signed(body)
    if isinstance(vendor, WhatsAppServer | MessengerServer):
        return meta.signed(call.path, body)
    if isinstance(vendor, ViberServer):
        return signed_viber(body)
    if isinstance(vendor, SmsServer):
        return Call(call.path, body, signed_sms({}).headers)
    assert isinstance(vendor, TelegramServer)
    return Call(call.path, body, call.headers)


# Meta's notifications of another kind, and events without a message, are heard and left.
HEARD = {("whatsapp", "an empty object"), ("messenger", "an empty object")}


async def test_every_webhook_refuses_what_is_malformed(
    everything: tuple[TestClient, dict[str, Vendor]], caplog: pytest.LogCaptureFixture
) -> None:
    client, vendors = everything
    for name, vendor in vendors.items():
        for what, body in BODIES.items():
            call = _signed(vendor, body)
            async with client.post(call.path, data=call.body, headers=call.headers) as response:
                text = await response.text()
                assert 400 <= response.status < 500, (name, what, response.status)
                assert "Traceback" not in text
                assert len(text) < 200
    assert client.app[OFFICE].figures().queues() == []
    assert "Traceback" not in caplog.text
    assert "unhandled" not in caplog.text.lower()


async def test_a_huge_body_is_refused_and_not_kept(
    everything: tuple[TestClient, dict[str, Vendor]],
) -> None:
    """Far more than the limit is sent; memory does not grow by it."""
    import psutil

    client, vendors = everything
    process = psutil.Process()
    gc.collect()
    before = process.memory_info().rss
    for vendor in vendors.values():
        call = vendor.call(PERSON, "text", "x")
        for _ in range(5):
            body = b'{"a": "' + b"x" * 5_000_000
            async with client.post(call.path, data=body, headers=call.headers) as response:
                assert response.status == 413
    gc.collect()
    assert process.memory_info().rss - before < 60_000_000


async def test_text_that_no_database_likes_is_kept(
    everything: tuple[TestClient, dict[str, Vendor]],
) -> None:
    """Zero bytes, half characters, very long text: an answer or nothing, never a trace."""
    client, vendors = everything
    for vendor in vendors.values():
        for text in ("\x00", "\ud800", "a" * 30_000, "\u202e" * 500):
            call = vendor.call(PERSON, "text", "marker")
            body = call.body.replace(b"marker", json.dumps(text)[1:-1].encode())
            if isinstance(vendor, SmsServer):
                continue
            call = _signed(vendor, body)
            async with client.post(call.path, data=call.body, headers=call.headers) as response:
                assert response.status == 200, (vendor.name, text[:5])
