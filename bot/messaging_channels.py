"""The messaging apps that are switched on by the settings."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.gateway.channel import Gateway
from bot.channels.messenger.channel import Messenger
from bot.channels.sms.channel import Sms
from bot.channels.telegram.channel import Telegram
from bot.channels.viber.channel import Viber
from bot.channels.whatsapp.channel import WhatsApp
from bot.files import ROOT
from bot.messaging.channel import Channel
from bot.messaging.graph import Graph
from bot.messaging.limits import Limits, load_limits
from bot.settings import SettingError, Settings

Maker = Callable[[Settings], Channel]


def messaging_channels(settings: Settings) -> dict[str, Channel]:
    """The channels by name. Raises ``SettingError`` where a setting of an app is missing."""
    on = {setting: make for setting, make in MAKERS.items() if getattr(settings, setting)}
    made = [make(settings) for make in on.values()]
    return {channel.name: channel for channel in made}


def limits_of(name: str) -> Limits:
    """The limits of an app. Raises ``DataError``."""
    return load_limits(ROOT / "data" / "channels" / f"{name}.yml")


def _telegram(settings: Settings) -> Channel:
    polling = settings.telegram_updates == "polling"
    limits = limits_of("telegram")
    return Telegram(limits, settings.telegram_token, settings.telegram_api, polling)


def _gateway(settings: Settings) -> Channel:
    _need(settings, "gateway_secret", "gateway_url")
    return Gateway(limits_of("gateway"), settings.gateway_secret, settings.gateway_url)


def _whatsapp(settings: Settings) -> Channel:
    names = ("whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token", "whatsapp_number")
    _need(settings, *names)
    token, secret, word = (getattr(settings, name) for name in names[:3])
    graph, template = Graph(token, secret, word), settings.whatsapp_template
    return WhatsApp(limits_of("whatsapp"), graph, settings.whatsapp_number, template)


def _messenger(settings: Settings) -> Channel:
    names = ("messenger_token", "messenger_app_secret", "messenger_verify_token")
    _need(settings, *names)
    return Messenger(limits_of("messenger"), Graph(*(getattr(settings, name) for name in names)))


def _viber(settings: Settings) -> Channel:
    return Viber(limits_of("viber"), settings.viber_token)


def _sms(settings: Settings) -> Channel:
    names = ("twilio_token", "twilio_account", "twilio_number")
    _need(settings, *names)
    account, number = settings.twilio_account, settings.twilio_number
    url = settings.public_url
    return Sms(limits_of("sms"), account, settings.twilio_token, number, url)


MAKERS: dict[str, Maker] = {
    "telegram_token": _telegram,
    "gateway_secret": _gateway,
    "whatsapp_token": _whatsapp,
    "messenger_token": _messenger,
    "viber_token": _viber,
    "twilio_token": _sms,
}


def _need(settings: Settings, *names: str) -> None:
    """All settings of an app are needed together."""
    for name in names:
        if not getattr(settings, name):
            raise SettingError(name.upper(), f"needed, since SILTA_{names[0].upper()} is set")
