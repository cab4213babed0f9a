"""Lets time pass for the open talks: who waits too long is told, who is gone is let go."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from bot.handoff.office import Office
from bot.handoff.rules import Due, Patience, due
from bot.handoff.talk import NotPossible, Talk
from bot.records.advance import NotFound
from bot.records.talks import NOTICE, Said, Talks
from bot.records.vault import VaultError

EVERY = 10  # seconds
log = logging.getLogger(__name__)


class Watch:
    """Looks at every open talk."""

    def __init__(self, kept: Talks, office: Office, patience: Patience) -> None:
        self._talks = kept
        self._office = office
        self._patience = patience

    def look(self) -> int:
        """Do what is due; returns how many talks changed."""
        return sum(self._one(talk) for talk in self._talks.open())

    def _one(self, talk: Talk) -> bool:
        seen = self._talks.attendance.presence(talk.id).person_seen
        found = self._due(talk, seen)
        if found is None:
            return False

        def again(now: Talk) -> Talk:
            still = self._due(now, seen)
            if still is None or still.reply != found.reply:
                raise NotPossible
            return still.talk

        try:
            self._talks.change(
                talk.id, talk.municipality, again, [notice(found.reply, talk, self._office)]
            )
        except (NotPossible, NotFound):  # somebody was quicker
            return False
        return True

    def _due(self, talk: Talk, seen: float) -> Due | None:
        return due(talk, self._office.hours, self._patience, seen, self._office.now())


def notice(reply: str, talk: Talk, office: Office) -> Said:
    """A message of Silta to the person, in the talk."""
    return Said(NOTICE, {"kind": "notice", "reply": reply, "facts": office.facts(talk)})


async def watch_regularly(watch: Watch) -> None:
    """Look again and again, until cancelled. A database that is away is tried again."""
    while True:
        try:
            await asyncio.to_thread(watch.look)
        except (SQLAlchemyError, VaultError, NotFound, TimeoutError) as error:
            log.error("talks not watched, tried again: %s", type(error).__name__)
        await asyncio.sleep(EVERY)
