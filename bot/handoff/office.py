"""The office behind the talks: its hours, its queue, and the words for both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from babel.dates import format_date, format_time

from bot.clock import FINLAND
from bot.handoff import talk as talks
from bot.handoff.rules import moment
from bot.handoff.talk import Talk
from bot.hours.working import WorkingHours
from bot.i18n.formats import duration
from bot.i18n.languages import Languages
from bot.records.talks import Talks


class Office:
    """One municipality's office. ``clock`` gives seconds since the epoch."""

    def __init__(
        self,
        municipality: str,
        hours: WorkingHours,
        kept: Talks,
        languages: Languages,
        talk_days: int,
        clock: Callable[[], float],
    ) -> None:
        self.municipality = municipality
        self.hours = hours
        self._kept = kept
        self._languages = languages
        self._talk_days = talk_days
        self.clock = clock

    def now(self) -> float:
        """This moment."""
        return self.clock()

    def is_open(self) -> bool:
        """Whether somebody works now."""
        return self.hours.is_open(moment(self.now()))

    def number(self, talk: Talk) -> int:
        """The place in the queue, from 1: in the order in which the desk sees it."""
        queue = waiting_line(self._kept.listed(talk.municipality))
        ids = [waiting.id for waiting in queue if waiting.state == talks.WAITING]
        return ids.index(talk.id) + 1 if talk.id in ids else len(ids) + 1

    def params(self, talk: Talk) -> dict[str, Any]:
        """What the sentences of a talk name: its place, the next opening, how long it is kept."""
        language = self._languages.get(talk.language) or next(iter(self._languages.values()))
        opens = self.hours.next_opening(moment(self.now())).astimezone(FINLAND)
        return {
            "number": str(self.number(talk)) if talk.state == talks.WAITING else "",
            "opens": _when(opens, language.locale),
            "time": duration(self._talk_days, language),
        }


def waiting_line(found: list[Talk]) -> list[Talk]:
    """Open talks in the order in which they should be answered."""
    return sorted(found, key=lambda t: (not t.urgent, t.asked_at, t.id))


def _when(at: dt.datetime, locale: Any) -> str:
    day = format_date(at.date(), "full", locale=locale)
    return f"{day}, {format_time(at.time(), 'short', locale=locale)}"
