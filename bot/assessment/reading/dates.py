"""Months and days, as people write them: 5/1990, ۱۹۹۰/۵, May 1990, last month, 30.11."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

from bot.assessment.reading.text import holds, normalise
from bot.assessment.reading.words import says
from bot.i18n.digits import digits

OLDEST = 1900
DECEMBER = 12
AHEAD = 2  # years that a day to come may lie ahead
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?(?!\d)")
YEAR_LAST = re.compile(r"(?<!\d)(?:(\d{1,2})\D+)?(\d{1,2})\D+(\d{4})(?!\d)")
YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})(?!\d)")
DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")


def read_month(
    text: str, locales: tuple[str, ...], today: dt.date, past: bool = False
) -> str | None:
    """``YYYY-MM``, or None. A calendar other than the Gregorian one is not guessed at.

    Of two numbers before the year the second one is the month, as in Finland.
    """
    found = next(_months(digits(text), locales, today), None)
    if found is None:
        return None
    year, month = found
    latest = today if past else today.replace(year=today.year + AHEAD)
    if not 1 <= month <= DECEMBER or not year >= OLDEST or (year, month) > _pair(latest):
        return None
    return f"{year:04}-{month:02}"


def read_day(text: str, locales: tuple[str, ...], today: dt.date) -> str | None:
    """``YYYY-MM-DD``, or None. A day without a year is the next such day."""
    plain = digits(text)
    for name, day in (("today", today), ("tomorrow", today + dt.timedelta(days=1))):
        if says(plain, name):
            return day.isoformat()
    parts = _full_date(plain, locales)
    if parts is None:
        return None
    year, month, number = parts
    try:
        day = dt.date(year or today.year, month, number)
        if year is None and day < today:
            day = day.replace(year=today.year + 1)
    except ValueError:
        return None
    return day.isoformat() if abs(day.year - today.year) <= AHEAD else None


def _months(text: str, locales: tuple[str, ...], today: dt.date) -> Iterator[tuple[int, int]]:
    if says(text, "this_month"):
        yield _pair(today)
    if says(text, "last_month"):
        yield _pair(today.replace(day=1) - dt.timedelta(days=1))
    named, year = _named_month(text, locales), YEAR.search(text)
    if named and year:
        yield int(year.group(1)), named
    for match in YEAR_FIRST.finditer(text):
        yield int(match.group(1)), int(match.group(2))
    for match in YEAR_LAST.finditer(text):
        yield int(match.group(3)), int(match.group(2))


def _full_date(text: str, locales: tuple[str, ...]) -> tuple[int | None, int, int] | None:
    match = YEAR_FIRST.search(text)
    if match and match.group(3):
        return int(match.group(1)), int(match.group(2)), int(match.group(3))
    match = YEAR_LAST.search(text)
    if match and match.group(1):
        return int(match.group(3)), int(match.group(2)), int(match.group(1))
    named, year, day = _named_month(text, locales), YEAR.search(text), DAY.search(text)
    if named and day:
        return int(year.group(1)) if year else None, named, int(day.group(1))
    match = DAY_MONTH.search(text)
    return (None, int(match.group(2)), int(match.group(1))) if match else None


def _named_month(text: str, locales: tuple[str, ...]) -> int | None:
    """The month whose name is in the text; the longest name counts, so «Mar» is not in «Mart»."""
    plain = normalise(text)
    found = [(len(name), month) for name, month in _names(locales).items() if holds(plain, name)]
    return max(found)[1] if found else None


@cache
def _names(locales: tuple[str, ...]) -> Mapping[str, int]:
    """Month names of CLDR; where two languages differ, the first locale's meaning counts."""
    names: dict[str, int] = {}
    for locale in locales:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in Locale.parse(locale).months[context][width].items():
                    plain = normalise(name)
                    if not plain.isdecimal() and len(plain) > 1:
                        names.setdefault(plain, month)
    return names


def _pair(day: dt.date) -> tuple[int, int]:
    return day.year, day.month
