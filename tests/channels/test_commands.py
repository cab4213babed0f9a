"""The operator's commands find what is wrong and say what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands import main
from bot.commands.channels import _all
from bot.composition import configure
from bot.messaging.graph import Graph
from bot.messaging_channels import limits_of, messaging_channels
from bot.settings import SettingError, Settings, load_settings
from tests.channels import meta
from tests.channels.gateway.server import GatewayServer
from tests.channels.messenger.server import MessengerServer
from tests.channels.sms.server import PUBLIC, SmsServer
from tests.channels.telegram.server import TelegramServer
from tests.channels.vendors import Vendor
from tests.channels.viber.server import ViberServer
from tests.channels.whatsapp.server import NUMBER, WhatsAppServer

Printed = Callable[[], str]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    return lambda: capsys.readouterr().out


async def _check(vendor: Vendor, what: str = "check", url: str = PUBLIC) -> int:
    return await _all({vendor.name: vendor.channel()}, what, url)


@pytest.mark.parametrize("make", [TelegramServer, ViberServer, SmsServer])
async def test_set_webhook_then_check(make: Callable[[], Vendor], printed: Printed) -> None:
    vendor = make()
    async with vendor.running():
        assert await _check(vendor) == 1
        assert "NOT" in (before := printed())
        assert "set-webhook" in before
        assert await _check(vendor, "set_webhook") == 0
        assert await _check(vendor) == 0
        assert "NOT" not in printed().split("webhook set")[-1]


async def test_telegram_names_each_mistake(printed: Printed) -> None:
    vendor = TelegramServer()
    async with vendor.running():
        vendor.webhook = {"url": f"{PUBLIC}/webhooks/telegram", "last_error_message": "SSL error"}
        assert await _check(vendor) == 1
        assert "SSL error" in printed()
        assert await _check(vendor, "set_webhook", "http://localhost:8080") == 1
        assert "HTTPS" in printed()
        from bot.channels.telegram.channel import Telegram

        wrong = Telegram(limits_of("telegram"), "1:wrong", vendor.url)
        assert await _all({"telegram": wrong}, "check", PUBLIC) == 1
        assert "@BotFather" in (said := printed())
        assert "1:wrong" not in said
    assert await _check(vendor) == 1  # nobody answers any more
    assert "no answer" in printed()


async def test_whatsapp_names_each_mistake(printed: Printed) -> None:
    from bot.channels.whatsapp.channel import WhatsApp

    vendor = WhatsAppServer()
    async with vendor.running():
        assert await _check(vendor, url=vendor.url) == 1
        said = printed()
        assert "ok  whatsapp   token and number +1 555" in said
        assert "SILTA_PUBLIC_URL" in said
        graph = Graph("wrong", meta.APP_SECRET, meta.VERIFY, f"{vendor.url}/v23.0")
        channel = WhatsApp(limits_of("whatsapp"), graph, NUMBER)
        assert await _all({"whatsapp": channel}, "check", vendor.url) == 1
        assert "system user's token" in printed()
        assert await _check(vendor, "set_webhook") == 0
        assert f"{PUBLIC}/webhooks/whatsapp" in printed()


async def test_the_others_name_their_mistakes(printed: Printed) -> None:
    messenger, gateway = MessengerServer(), GatewayServer()
    async with messenger.running(), gateway.running():
        assert await _check(messenger, url=messenger.url) == 1
        assert "token of the page Kajaani" in printed()
        assert await _check(messenger, "set_webhook") == 0
        assert await _check(gateway) == 0
    assert await _check(gateway) == 1
    assert "SILTA_GATEWAY_URL" in printed()


def test_without_any_app(settings: Settings, printed: Printed) -> None:
    configure(settings)
    assert main(["channels", "check"]) == 0
    assert "docs/channels.md" in printed()
    assert main(["channels", "check", "telegram"]) == 1
    assert main(["channels", "status"]) == 0
    assert main(["channels", "dead", "--again"]) == 0
    assert "0 are tried again" in printed()


def test_an_app_is_on_when_its_token_is_set_and_needs_the_rest() -> None:
    assert messaging_channels(Settings()) == {}
    given = {"SILTA_WHATSAPP_TOKEN": "a", "SILTA_WHATSAPP_APP_SECRET": "b"}
    with pytest.raises(SettingError, match="SILTA_WHATSAPP_VERIFY_TOKEN"):
        messaging_channels(load_settings(given))
    on = messaging_channels(load_settings({"SILTA_TELEGRAM_TOKEN": "1:secret"}))
    assert list(on) == ["telegram"]
    assert "secret" not in repr(on)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("1:abc\n", encoding="utf-8")
    read = load_settings({"SILTA_TELEGRAM_TOKEN_FILE": str(file)})
    assert read.telegram_token == "1:abc"
    assert "abc" not in repr(read)
    with pytest.raises(SettingError, match="TELEGRAM_TOKEN_FILE"):
        load_settings({"SILTA_TELEGRAM_TOKEN_FILE": str(tmp_path / "none")})
