"""Finland's holidays. Midsummer Eve and Christmas Eve are among them: offices are closed."""

from __future__ import annotations

import datetime as dt
from functools import cache

import holidays

# The languages of the library's names, by ours.
NAMES = {"fi": "fi", "sv": "sv_FI", "en": "en_US"}


def is_holiday(day: dt.date) -> bool:
    """Whether offices in Finland are closed on that day because of a holiday."""
    return day in _of_year(day.year, "fi")


def holiday_name(day: dt.date, language: str) -> str:
    """The holiday's name in a language of the desk; empty on any other day."""
    return _of_year(day.year, NAMES.get(language, "en_US")).get(day, "")


@cache
def _of_year(year: int, language: str) -> dict[dt.date, str]:
    # A year at a time: the library's own object grows as it is asked, which threads may not see.
    return dict(holidays.country_holidays("FI", years=year, language=language))
