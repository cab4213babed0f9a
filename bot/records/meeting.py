"""What a meeting is: times that a caseworker offers, of which the person picks one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

PROPOSED, AGREED, NONE_SUITS = "proposed", "agreed", "none_suits"
CANCELLED, WITHDRAWN = "cancelled", "withdrawn"  # by the person; by the office
IN_HAND = (PROPOSED, AGREED)
MOST_TIMES = 4
LONGEST_PLACE = 200  # characters


class MeetingChanged(Exception):
    """The meeting is not any more what was answered: read it again."""


class MeetingPassed(Exception):
    """Its time has come: it can neither be offered nor be cancelled any more."""


@dataclass(frozen=True)
class Offer:
    """What is offered. No place: by phone. No interpreter: none is needed."""

    times: tuple[dt.datetime, ...]
    minutes: int
    place: str = ""
    interpreter: str = ""


@dataclass(frozen=True)
class Meeting:
    """An offer and how far it is. ``revision`` counts the changes, for calendars."""

    id: str
    reference: str
    municipality: str
    state: str
    proposed_by: str
    created: dt.datetime
    changed: dt.datetime
    offer: Offer
    chosen: dt.datetime | None = None

    def open_times(self, at: dt.datetime) -> tuple[dt.datetime, ...]:
        """The offered times that have not begun."""
        return tuple(time for time in self.offer.times if time > at)

    def has_begun(self, at: dt.datetime) -> bool:
        """Whether the agreed time has come."""
        return self.state == AGREED and self.chosen is not None and self.chosen <= at

    def is_over(self, at: dt.datetime) -> bool:
        """Whether the agreed meeting has ended, by its planned length."""
        return self.has_begun(at - dt.timedelta(minutes=self.offer.minutes))
