"""Talks of newcomers with caseworkers. Messages, language and contact are sealed.

A talk changes by events of ``bot/handoff/talk.py`` only; two who change it at once do it one after
the other, each on what the other left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from bot.handoff.talk import ENDED, LEFT, Talk
from bot.records.advance import NotFound
from bot.records.database import now
from bot.records.talk_attendance import PERSON, Attendance
from bot.records.talk_messages import NOTICE, WORKER, Message, Said, TalkMessages
from bot.records.talk_tables import talk_messages, talks
from bot.records.vault import Vault

TRIES = 8
CLEAR = ("id", "sender", "municipality", "state", "asked_at", "ended_at")
SEALED = tuple(f.name for f in fields(Talk) if f.name not in CLEAR)
Event = Callable[[Talk], Talk]


class Talks:
    """Keeps talks."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault
        self.messages = TalkMessages(engine, vault)
        self.attendance = Attendance(engine)

    def begin(self, talk: Talk) -> Talk:
        """Keep a new talk; the one that is open already, if there is one."""
        row = self._row(talk) | {"revision": 1, "person_seen": now()}
        for _ in range(TRIES):
            try:
                with self._engine.begin() as connection:
                    connection.execute(sa.insert(talks).values(**row))
            except sa.exc.IntegrityError:
                known = self.open_of(talk.sender)
                if known:  # else it has just ended, and there is room for a new one
                    return known
            else:
                return talk
        raise TimeoutError("talks of one person begin and end at once")

    def open_of(self, sender: str) -> Talk | None:
        """The open talk of a conversation."""
        found = self._talks(talks.c.open_for == sender)
        return found[0] if found else None

    def last_of(self, sender: str) -> Talk | None:
        """The talk of a conversation that began last."""
        found = self._talks(talks.c.sender == sender)
        return found[-1] if found else None

    def by_id(self, talk_id: str) -> Talk | None:
        """A talk, whosever it is; None if it is gone."""
        found = self._talks(talks.c.id == talk_id)
        return found[0] if found else None

    def get(self, talk_id: str, municipality: str) -> Talk:
        """A talk of a municipality. Raises ``NotFound``."""
        found = self._talks((talks.c.id == talk_id) & (talks.c.municipality == municipality))
        if not found:
            raise NotFound
        return found[0]

    def listed(self, municipality: str) -> list[Talk]:
        """The open talks of a municipality, in the order in which they began."""
        return self._talks((talks.c.municipality == municipality) & talks.c.open_for.is_not(None))

    def all_of(self, municipality: str) -> list[Talk]:
        """The talks of a municipality that are kept, open or ended."""
        return self._talks(talks.c.municipality == municipality)

    def open(self) -> list[Talk]:
        """All open talks."""
        return self._talks(talks.c.open_for.is_not(None))

    def change(
        self, talk_id: str, municipality: str, event: Event, said: Sequence[Said] = ()
    ) -> Talk:
        """Let an event happen and add messages, all or nothing; returns the talk as it is now.

        What was delivered before changes nothing. Raises ``NotFound`` or ``NotPossible``.
        """
        for _ in range(TRIES):
            with self._engine.begin() as connection:
                where = (talks.c.id == talk_id) & (talks.c.municipality == municipality)
                row = connection.execute(sa.select(talks).where(where)).first()
                if row is None:
                    raise NotFound
                before = self._talk(row)
                if said and self.messages.has(connection, talk_id, said[0].delivery):
                    return before
                after = event(before)
                unchanged = where & (talks.c.revision == row.revision)
                update = sa.update(talks).where(unchanged)
                values = self._row(after) | {"revision": row.revision + 1}
                if any(message.author == PERSON for message in said):
                    values["person_seen"] = now()
                if connection.execute(update.values(**values)).rowcount == 1:
                    for message in said:
                        self.messages.add(connection, after, message)
                    return after
        raise TimeoutError("a talk is changed by too many at once")

    def forget(self, sender: str) -> None:
        """Delete a conversation's talks, by the person's wish."""
        gone = sa.select(talks.c.id).where(talks.c.sender == sender).scalar_subquery()
        with self._engine.begin() as connection:
            connection.execute(sa.delete(talk_messages).where(talk_messages.c.talk.in_(gone)))
            connection.execute(sa.delete(talks).where(talks.c.sender == sender))

    def take_back(self, talk: Talk) -> bool:
        """Delete a message that nobody has taken, by the person's wish; False if somebody has."""
        waits = (talks.c.id == talk.id) & (talks.c.state == LEFT)
        with self._engine.begin() as connection:
            if connection.execute(sa.delete(talks).where(waits)).rowcount != 1:
                return False
            connection.execute(sa.delete(talk_messages).where(talk_messages.c.talk == talk.id))
        return True

    def _talks(self, where: sa.sql.ColumnElement) -> list[Talk]:
        query = sa.select(talks).where(where).order_by(talks.c.asked_at, talks.c.id)
        with self._engine.connect() as connection:
            return [self._talk(row) for row in connection.execute(query)]

    def _row(self, talk: Talk) -> dict[str, Any]:
        clear = {name: getattr(talk, name) for name in CLEAR}
        head = self._vault.seal({n: getattr(talk, n) for n in SEALED}, f"talk {talk.id}")
        open_for = None if talk.state == ENDED else talk.sender
        return clear | {"head": head, "open_for": open_for}

    def _talk(self, row: Row) -> Talk:
        clear = {name: getattr(row, name) for name in CLEAR}
        return Talk(**clear, **self._vault.open(row.head, f"talk {row.id}"))


__all__ = ["NOTICE", "PERSON", "WORKER", "Event", "Message", "Said", "Talks"]
