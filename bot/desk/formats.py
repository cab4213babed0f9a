"""Times as a caseworker in Finland reads them."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_date, format_datetime, format_timedelta

from bot.clock import FINLAND
from bot.i18n.languages import Language

DAY = 86_400


def _local(when: float | dt.datetime) -> dt.datetime:
    if isinstance(when, dt.datetime):
        return when.astimezone(FINLAND)
    return dt.datetime.fromtimestamp(when, FINLAND)


def moment(when: float | dt.datetime, language: Language) -> str:
    """Date and time, e.g. 24.11.2026 klo 14.05."""
    return format_datetime(_local(when), format="short", tzinfo=FINLAND, locale=language.locale)


def weekday(when: float | dt.datetime, language: Language) -> str:
    """Date and time with the day of the week, e.g. to 26.11.2026 klo 10.30."""
    name = format_date(_local(when), format="EEE", locale=language.locale)
    return f"{name} {moment(when, language)}"


def day(when: float | dt.datetime, language: Language) -> str:
    """A date with the month in words, e.g. 24. marraskuuta 2026."""
    return format_date(_local(when), format="long", locale=language.locale)


def short_day(when: float | dt.datetime, language: Language) -> str:
    """A date, e.g. 24.11.2026."""
    return format_date(_local(when), format="short", locale=language.locale)


def iso(when: float | dt.datetime) -> str:
    """For machines: ISO 8601 with the offset of Finland."""
    return _local(when).isoformat(timespec="seconds")


def age(when: float, language: Language, at: float | None = None) -> str:
    """How long ago, in the largest unit that says enough, e.g. 3 päivää."""
    seconds = (at if at is not None else dt.datetime.now().timestamp()) - when
    length = dt.timedelta(seconds=max(60, seconds))
    if seconds < DAY:
        return format_timedelta(length, "minute", threshold=0.9, locale=language.locale)
    # Weeks would hide how old a record is: it lives for thirty days.
    return format_timedelta(length, "day", threshold=1000, locale=language.locale)
