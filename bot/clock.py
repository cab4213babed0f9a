"""The time of day that people here live by, wherever the server's own clock is set to."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

FINLAND = ZoneInfo("Europe/Helsinki")


def today() -> dt.date:
    """The date in Finland."""
    return dt.datetime.now(FINLAND).date()
