"""``channels check`` finds each planted mistake in every app, and says what to do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.gateway.channel import Gateway
from bot.channels.messenger.channel import Messenger
from bot.channels.sms.channel import Sms
from bot.channels.telegram.channel import Telegram
from bot.channels.viber.channel import Viber
from bot.channels.whatsapp.channel import WhatsApp
from bot.commands.channels import _all
from bot.messaging.channel import Channel
from bot.messaging.graph import Graph
from bot.messaging_channels import limits_of
from tests.channels import meta
from tests.channels.sms.server import ACCOUNT, NUMBER, PUBLIC, TOKEN
from tests.channels.test_messaging import VENDORS
from tests.channels.vendors import Vendor
from tests.channels.whatsapp.server import NUMBER as WHATSAPP_NUMBER

Make = Callable[[Any], Channel]


def _graph(url: str, token: str = meta.TOKEN, secret: str = meta.APP_SECRET) -> Graph:
    return Graph(token, secret, meta.VERIFY, f"{url}/v23.0")


def _whatsapp(number: str = WHATSAPP_NUMBER, **graph: str) -> Make:
    return lambda v: WhatsApp(limits_of("whatsapp"), _graph(v.url, **graph), number)


def _messenger(**graph: str) -> Make:
    return lambda v: Messenger(limits_of("messenger"), _graph(v.url, **graph))


def _sms(account: str = ACCOUNT, token: str = TOKEN, number: str = NUMBER) -> Make:
    return lambda v: Sms(limits_of("sms"), account, token, number, PUBLIC, v.url)


def _telegram(token: str) -> Make:
    return lambda v: Telegram(limits_of("telegram"), token, v.url)


def _gateway(secret: str) -> Make:
    return lambda v: Gateway(limits_of("gateway"), secret, f"{v.url}/silta")


@dataclass
class Mistake:
    """What is planted, at the vendor or in our settings, and what the check must say."""

    app: str
    said: str
    at_vendor: Callable[[Any], object] = lambda vendor: None
    ours: Make | None = None


def _set(**values: Any) -> Callable[[Any], object]:
    return lambda vendor: [setattr(vendor, name, value) for name, value in values.items()]


def _hook(**values: Any) -> Callable[[Any], object]:
    return lambda vendor: vendor.webhook.update(values)


MISTAKES = {
    "telegram: wrong token": Mistake("telegram", "@BotFather", ours=_telegram("1:wrong")),
    "telegram: no webhook": Mistake("telegram", "set-webhook telegram", _hook(url="")),
    "telegram: another address": Mistake("telegram", "set-webhook", _hook(url="https://x.example")),
    "telegram: another secret": Mistake(
        "telegram",
        "does not know our secret",
        _hook(last_error_message="Wrong response from the webhook: 403 Forbidden"),
    ),
    "telegram: bad certificate": Mistake(
        "telegram", "good certificate", _hook(last_error_message="SSL error")
    ),
    "telegram: buttons kept back": Mistake(
        "telegram", "keeps back callback_query", _hook(allowed_updates=["message"])
    ),
    "telegram: joins groups": Mistake("telegram", "/setjoingroups", _set(groups=True)),
    "whatsapp: wrong token": Mistake("whatsapp", "wrong or has ended", ours=_whatsapp(token="x")),
    "whatsapp: another app's secret": Mistake(
        "whatsapp", "of different apps", ours=_whatsapp(secret="x")
    ),
    "whatsapp: the number for its id": Mistake(
        "whatsapp", "(not the number)", ours=_whatsapp("358401234567")
    ),
    "whatsapp: no permission": Mistake("whatsapp", "may not do this", _set(permitted=False)),
    "whatsapp: another address": Mistake(
        "whatsapp", "enter what it says", _set(webhook="https://x.example")
    ),
    "messenger: wrong token": Mistake(
        "messenger", "wrong or has ended", ours=_messenger(token="x")
    ),
    "messenger: another app's secret": Mistake(
        "messenger", "of different apps", ours=_messenger(secret="x")
    ),
    "messenger: no permission": Mistake("messenger", "pages_messaging", _set(permitted=False)),
    "messenger: not subscribed": Mistake("messenger", "subscribe the page", _set(fields=[])),
    "viber: wrong token": Mistake(
        "viber", "partners.viber.com", ours=lambda v: Viber(limits_of("viber"), "x", v.url)
    ),
    "viber: another address": Mistake("viber", "set-webhook viber", _set(webhook="https://x.y")),
    "viber: messages kept back": Mistake(
        "viber", "keeps back conversation_started, message", _set(events=["unsubscribed"])
    ),
    "sms: wrong token": Mistake("sms", "console.twilio.com", ours=_sms(token="x")),
    "sms: another's number": Mistake("sms", "correct it", ours=_sms(number="+358409999999")),
    "sms: another address": Mistake("sms", "set-webhook sms", _set(webhook="https://x.example")),
    "sms: GET": Mistake("sms", "by POST", _set(method="GET")),
    "sms: a number for calls only": Mistake("sms", "can do SMS", _set(texts=False)),
    "gateway: another secret": Mistake("gateway", "same SILTA_GATEWAY_SECRET", ours=_gateway("x")),
    "gateway: its clock": Mistake(
        "gateway", "differ by 10 minutes", _set(clock=dt.timedelta(minutes=10, seconds=5))
    ),
}


async def _in_order(vendor: Any) -> None:
    """The vendor's side as it should be."""
    address = f"{PUBLIC}/webhooks/{vendor.name}"
    if vendor.name == "telegram":
        vendor.webhook = {"url": address}
    elif vendor.name == "viber":
        vendor.webhook, vendor.events = address, ["message", "conversation_started", "unsubscribed"]
    elif vendor.name in ("sms", "whatsapp"):
        vendor.webhook = address


async def _check(channel: Channel, url: str = PUBLIC) -> int:
    return await _all({channel.name: channel}, "check", url)


@pytest.fixture
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own address answers Meta's question; that it may not is tested by itself."""
    from bot.messaging.channel import Finding

    async def answers(self: Graph, http: object, address: str) -> Finding:
        return Finding(True, f"{address} answers")

    monkeypatch.setattr(Graph, "reachable", answers)


@pytest.mark.parametrize("name", list(VENDORS))
async def test_what_is_in_order_is_called_so(
    name: str, reachable: None, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor: Vendor = VENDORS[name]()
    async with vendor.running():
        await _in_order(vendor)
        assert await _check(vendor.channel()) == 0
        assert "NOT" not in capsys.readouterr().out


@pytest.mark.parametrize("planted", MISTAKES.values(), ids=list(MISTAKES))
async def test_a_planted_mistake_is_found(
    planted: Mistake, reachable: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """It fails, says what to do, and shows no secret."""
    vendor: Vendor = VENDORS[planted.app]()
    async with vendor.running():
        await _in_order(vendor)
        channel = planted.ours(vendor) if planted.ours else vendor.channel()
        planted.at_vendor(vendor)
        assert await _check(channel) == 1
    out = capsys.readouterr().out
    assert planted.said in out
    for secret in (meta.TOKEN, meta.APP_SECRET, "1:wrong"):
        assert secret not in out


@pytest.mark.parametrize("name", list(VENDORS))
async def test_http_instead_of_https_and_a_vendor_that_is_away(
    name: str, reachable: None, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor: Vendor = VENDORS[name]()
    async with vendor.running():
        await _in_order(vendor)
        channel = vendor.channel()
        assert await _check(channel, "http://silta.example") == 1
        assert "https addresses only" in capsys.readouterr().out
    assert await _check(channel) == 1
    assert "answer" in capsys.readouterr().out


async def test_our_own_address_with_another_verify_token(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Meta asks our service with the word that was entered there."""

    async def ours(request: web.Request) -> web.Response:
        return await Graph("t", "s", "another word").verify(request)

    app = web.Application()
    app.router.add_get("/webhooks/whatsapp", ours)
    vendor = VENDORS["whatsapp"]()
    async with vendor.running(), TestServer(app) as server:
        assert await _check(vendor.channel(), str(server.make_url("")).rstrip("/")) == 1
    assert "another verify token" in capsys.readouterr().out
