"""The messaging apps that are switched on by the settings."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.telegram.channel import Telegram
from bot.files import ROOT
from bot.messaging.channel import Channel
from bot.messaging.limits import Limits, load_limits
from bot.settings import SettingError, Settings


def messaging_channels(settings: Settings) -> dict[str, Channel]:
    """The channels by name. Raises ``SettingError`` where a setting of an app is missing."""
    makers: tuple[Callable[[Settings], Channel | None], ...] = (_telegram,)
    made = [maker(settings) for maker in makers]
    return {channel.name: channel for channel in made if channel is not None}


def limits_of(name: str) -> Limits:
    """The limits of an app. Raises ``DataError``."""
    return load_limits(ROOT / "data" / "channels" / f"{name}.yml")


def _telegram(settings: Settings) -> Channel | None:
    if not settings.telegram_token:
        return None
    polling = settings.telegram_updates == "polling"
    limits = limits_of("telegram")
    return Telegram(limits, settings.telegram_token, settings.telegram_api, polling)


def _need(settings: Settings, *names: str) -> None:
    """All settings of an app are needed together."""
    for name in names:
        if not getattr(settings, name):
            raise SettingError(name.upper(), f"needed, since {names[0].upper()} is set")
