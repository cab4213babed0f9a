"""Working hours: whether somebody is there, when next, and how much working time has passed.

Times that come in and go out are aware. Hours are those of clocks in Finland, so a day on which
the clocks change is still open from nine to three; lengths are true lengths.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.clock import FINLAND
from bot.content.contacts import Hours
from bot.hours.holidays import is_holiday

ONE_DAY = dt.timedelta(days=1)
HORIZON = 400  # days; who opens at all opens within a year


class NoHours(ValueError):
    """No opening hours are known, or there is no open day within a year."""


@dataclass(frozen=True)
class Span:
    """An open time, in UTC: from ``opens`` until just before ``closes``."""

    opens: dt.datetime
    closes: dt.datetime


class WorkingHours:
    """The hours of one office. ``closed_on`` holds days on which it is closed besides holidays."""

    def __init__(self, weekly: Sequence[Hours], closed_on: Collection[dt.date] = ()) -> None:
        """Raises ``NoHours`` for an office that is never open."""
        if not any(hours.opens < hours.closes and hours.days for hours in weekly):
            raise NoHours("opening hours are needed: days, from, to")
        self.weekly = tuple(weekly)
        self._closed_on = frozenset(closed_on)

    def is_open(self, at: dt.datetime) -> bool:
        """Whether somebody works at that moment. At closing time nobody does."""
        return any(span.opens <= at < span.closes for span in self.spans(_local_day(at)))

    def is_working_day(self, day: dt.date) -> bool:
        """Whether the office is open at any time of that day."""
        return bool(self.spans(day))

    def next_opening(self, at: dt.datetime) -> dt.datetime:
        """The first moment from ``at`` on at which somebody works, in UTC; ``at`` while it is open.

        Raises ``NoHours`` if the office stays closed for a year.
        """
        for span in self._from(at):
            return max(span.opens, at.astimezone(dt.timezone.utc))
        raise NoHours("closed for a year")  # pragma: no cover  # _from raises first

    def working_time_between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """How much working time lies between two moments; none if the end comes first."""
        total, day, last = dt.timedelta(), _local_day(start), _local_day(end)
        # Python subtracts two times of one zone by their clocks, so not in Finland's.
        start, end = start.astimezone(dt.timezone.utc), end.astimezone(dt.timezone.utc)
        while day <= last:
            for span in self.spans(day):
                total += max(dt.timedelta(), min(span.closes, end) - max(span.opens, start))
            day += ONE_DAY
        return total

    @property
    def working_day(self) -> dt.timedelta:
        """The working time of a usual day: the mean of the days of the week that are open."""
        monday = dt.date(2001, 1, 1)
        days = [self._unclosed(monday + number * ONE_DAY) for number in range(7)]
        lengths = [sum((s.closes - s.opens for s in day), dt.timedelta()) for day in days if day]
        return sum(lengths, dt.timedelta()) / len(lengths)

    def spans(self, day: dt.date) -> list[Span]:
        """The open times of a day in Finland, in order, none overlapping another."""
        if is_holiday(day) or day in self._closed_on:
            return []
        return self._unclosed(day)

    def _unclosed(self, day: dt.date) -> list[Span]:
        found: list[Span] = []
        today = (hours for hours in self.weekly if day.weekday() in hours.days)
        for hours in sorted(today, key=lambda h: (h.opens, h.closes)):
            opens, closes = _utc(day, hours.opens), _utc(day, hours.closes)
            if found and opens <= found[-1].closes:
                found[-1] = Span(found[-1].opens, max(found[-1].closes, closes))
            elif opens < closes:
                found.append(Span(opens, closes))
        return found

    def _from(self, at: dt.datetime) -> Iterator[Span]:
        """The open times that end after a moment. Raises ``NoHours`` after a closed year."""
        day = _local_day(at)
        closed = 0
        while closed < HORIZON:
            spans = [span for span in self.spans(day) if span.closes > at]
            yield from spans
            closed = 0 if spans else closed + 1
            day += ONE_DAY
        raise NoHours("closed for a year")


def _local_day(at: dt.datetime) -> dt.date:
    if at.tzinfo is None:
        raise ValueError("a time without its zone says nothing")
    return at.astimezone(FINLAND).date()


def _utc(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, FINLAND).astimezone(dt.timezone.utc)
