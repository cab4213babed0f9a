"""Dates, times and names of places and languages, as CLDR writes them."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta, get_day_names

from bot.clock import FINLAND
from bot.content.contacts import Hours
from bot.i18n.languages import Language

Unit = Literal["minute", "hour", "day"]


def long_date(day: dt.date, language: Language) -> str:
    """A date with the month in words, e.g. 24 November 2026."""
    return format_date(day, format="long", locale=language.locale)


def duration(days: int, language: Language) -> str:
    """A number of days in words, in the plural form of the language, e.g. 7 days."""
    return _length("day", days, language)


def language_name(code: str, shown_in: Language) -> str:
    """A language's name in another language, else in English, by CLDR; else its code."""
    plain = code.replace("-", "_")
    english = Locale.parse("en").languages.get(plain, code)
    return str(shown_in.locale.languages.get(plain, english))


def hours(number: int, language: Language) -> str:
    """A number of hours in words, e.g. 24 hours."""
    return _length("hour", number, language)


def opening_hours(hours: tuple[Hours, ...], language: Language) -> str:
    """Opening hours as one line, e.g. Mon–Fri 09:00–15:00."""
    return "; ".join(f"{_days(h.days, language)} {_span(h, language)}" for h in hours)


def _days(days: tuple[int, ...], language: Language) -> str:
    names = get_day_names("abbreviated", locale=language.locale)
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    shown = (
        names[run[0]] if len(run) == 1 else f"{names[run[0]]}–{names[run[-1]]}" for run in runs
    )
    return ", ".join(shown)


def _span(hours: Hours, language: Language) -> str:
    opens, closes = (
        format_time(time, format="short", locale=language.locale)
        for time in (hours.opens, hours.closes)
    )
    return f"{opens}–{closes}"


def moment_in_finland(at: dt.datetime, language: Language) -> tuple[str, str]:
    """Date and clock time in Finland, e.g. Tuesday 24 November 2026 and 14:05."""
    local = at.astimezone(FINLAND)
    day = format_date(local, format="full", locale=language.locale)
    return day, format_time(local.time(), format="short", locale=language.locale)


def minutes(number: int, language: Language) -> str:
    """A number of minutes in words, e.g. 90 minutes."""
    return _length("minute", number, language)


def comma(locale: Locale) -> str:
    """What stands between the parts of a row: the comma of the script."""
    if locale.text_direction == "rtl":
        return "، "  # CLDR has a word or the Latin comma there
    middle: str = locale.list_patterns["standard"]["middle"]
    return middle.removeprefix("{0}").removesuffix("{1}")


def _length(unit: Unit, number: int, language: Language) -> str:
    if unit in language.units:
        return language.units[unit].format(number=number)
    length = dt.timedelta(**{f"{unit}s": number})
    return format_timedelta(length, granularity=unit, threshold=1000, locale=language.locale)
