"""The office behind the talks: its hours, its queue, and the words for both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from bot.clock import FINLAND
from bot.handoff import talk as talks
from bot.handoff.rules import moment
from bot.handoff.talk import Talk
from bot.hours.working import WorkingHours
from bot.i18n.formats import duration, moment_in_finland
from bot.i18n.languages import Language
from bot.records.talks import Talks


class Office:
    """One municipality's office. ``clock`` gives seconds since the epoch."""

    def __init__(
        self,
        municipality: str,
        hours: WorkingHours,
        kept: Talks,
        talk_days: int,
        clock: Callable[[], float],
    ) -> None:
        self.municipality = municipality
        self.hours = hours
        self._kept = kept
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

    def facts(self, talk: Talk) -> dict[str, Any]:
        """What the sentences of a talk name, as it is kept: a place, a moment (ISO 8601), days."""
        opens = self.hours.next_opening(moment(self.now())).astimezone(FINLAND)
        return {
            "number": str(self.number(talk)) if talk.state == talks.WAITING else "",
            "opens": opens.isoformat(timespec="minutes"),
            "days": self._talk_days,
        }


def waiting_line(found: list[Talk]) -> list[Talk]:
    """Open talks in the order in which they should be answered."""
    return sorted(found, key=lambda t: (not t.urgent, t.queued_at, t.id))


def in_words(facts: Mapping[str, Any], language: Language) -> dict[str, str]:
    """Facts as a person of that language reads them, whatever it was when they were kept."""
    said = {"number": str(facts.get("number", ""))}
    if facts.get("opens"):
        opens = dt.datetime.fromisoformat(facts["opens"])
        said["opens"] = ", ".join(moment_in_finland(opens, language))
    if "days" in facts:
        said["time"] = duration(int(facts["days"]), language)
    return said
