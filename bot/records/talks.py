"""Talks of newcomers with caseworkers. Messages, language and contact are sealed.

A talk changes by events of ``bot/handoff/talk.py`` only; two who change it at once do it one after
the other, each on what the other left. A message from the worker leaves a mark in the person's
transcript in the same transaction, so that her page shows everything in one order.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.handoff.talk import ENDED, Talk
from bot.records.advance import NotFound
from bot.records.database import now, transcripts
from bot.records.talk_tables import talk_messages, talks
from bot.records.vault import Vault

PERSON, WORKER, NOTICE = "person", "worker", "notice"
TRIES = 8
SEEN_EVERY = 5  # seconds; a page asks for news more often than it must be written down
CLEAR = ("id", "sender", "municipality", "state", "asked_at", "ended_at")
SEALED = tuple(f.name for f in fields(Talk) if f.name not in CLEAR)
Event = Callable[[Talk], Talk]


@dataclass(frozen=True)
class Said:
    """Something to be added. ``delivery`` is the client's id, the same when it is sent again."""

    author: str
    body: dict[str, Any]
    delivery: str = field(default_factory=lambda: secrets.token_urlsafe(12))


@dataclass(frozen=True)
class Message:
    """One message of a talk. ``fetched``: when the person's page got it, for what she is sent."""

    id: int
    talk: str
    author: str
    created: float
    fetched: float | None
    body: dict[str, Any]


@dataclass(frozen=True)
class Presence:
    """When the person's page last asked for news, and until when each of the two is typing."""

    person_seen: float
    person_typing: float
    worker_typing: float


class Talks:
    """Keeps talks."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def begin(self, talk: Talk) -> Talk:
        """Keep a new talk; the one that is open already, if there is one."""
        row = self._row(talk) | {"revision": 1, "person_seen": now()}
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(talks).values(**row))
        except sa.exc.IntegrityError:
            return self.open_of(talk.sender) or talk
        return talk

    def open_of(self, sender: str) -> Talk | None:
        """The open talk of a conversation."""
        found = self._talks(talks.c.open_for == sender)
        return found[0] if found else None

    def last_of(self, sender: str) -> Talk | None:
        """The talk of a conversation that began last."""
        found = self._talks(talks.c.sender == sender)
        return found[-1] if found else None

    def get(self, talk_id: str, municipality: str) -> Talk:
        """A talk of a municipality. Raises ``NotFound``."""
        found = self._talks((talks.c.id == talk_id) & (talks.c.municipality == municipality))
        if not found:
            raise NotFound
        return found[0]

    def listed(self, municipality: str) -> list[Talk]:
        """The open talks of a municipality, in the order in which they began."""
        return self._talks((talks.c.municipality == municipality) & talks.c.open_for.is_not(None))

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
                if said and self._has(connection, talk_id, said[0].delivery):
                    return before
                after = event(before)
                unchanged = where & (talks.c.revision == row.revision)
                update = sa.update(talks).where(unchanged)
                values = self._row(after) | {"revision": row.revision + 1}
                if connection.execute(update.values(**values)).rowcount == 1:
                    for message in said:
                        self._add(connection, after, message)
                    return after
        raise TimeoutError("a talk is changed by too many at once")

    def messages(self, talk_id: str) -> list[Message]:
        """All messages, oldest first."""
        return self._messages(talk_messages.c.talk == talk_id)

    def message(self, sender: str, message_id: int) -> Message | None:
        """One message of a person's own talk."""
        own = sa.select(talks.c.id).where(talks.c.sender == sender).scalar_subquery()
        found = self._messages((talk_messages.c.id == message_id) & talk_messages.c.talk.in_(own))
        return found[0] if found else None

    def of_sender(self, sender: str, ids: Sequence[int]) -> dict[int, Message]:
        """Those of the messages that stand in a conversation's own talks, by id."""
        own = sa.select(talks.c.id).where(talks.c.sender == sender).scalar_subquery()
        wanted = talk_messages.c.id.in_(ids) & talk_messages.c.talk.in_(own)
        return {message.id: message for message in self._messages(wanted)}

    def last_seen(self, talk_id: str) -> bool | None:
        """Whether a worker's page has shown the person's last message; None if there is none."""
        own = (talk_messages.c.talk == talk_id) & (talk_messages.c.author == PERSON)
        query = sa.select(talk_messages.c.fetched).where(own)
        with self._engine.connect() as connection:
            last = connection.execute(query.order_by(talk_messages.c.id.desc()).limit(1)).first()
        return None if last is None else last.fetched is not None

    def delivered(self, sender: str, delivery: str) -> Message | None:
        """The person's message of that delivery, if it went into a talk."""
        own = sa.select(talks.c.id).where(talks.c.sender == sender).scalar_subquery()
        found = self._messages(
            (talk_messages.c.delivery == delivery) & talk_messages.c.talk.in_(own)
        )
        return found[0] if found else None

    def presence(self, talk_id: str) -> Presence:
        """Who is there. Raises ``NotFound``."""
        query = sa.select(talks).where(talks.c.id == talk_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound
        return Presence(row.person_seen, row.person_typing, row.worker_typing)

    def seen_by_person(self, talk: Talk, typing: bool, shown: Sequence[int]) -> None:
        """Her page asked for news, and got those messages."""
        moment = now()
        due = sa.true() if typing else talks.c.person_seen < moment - SEEN_EVERY
        values = {"person_seen": moment} | ({"person_typing": moment} if typing else {})
        new = talk_messages.c.id.in_(shown) & talk_messages.c.fetched.is_(None)
        with self._engine.begin() as connection:
            seen = sa.update(talks).where(talks.c.id == talk.id, due)
            connection.execute(seen.values(**values))
            if shown:
                mark = sa.update(talk_messages).where(talk_messages.c.talk == talk.id, new)
                connection.execute(mark.values(fetched=moment))

    def seen_by_worker(self, talk: Talk, typing: bool) -> None:
        """The worker's page shows her messages now."""
        moment = now()
        new = (talk_messages.c.author == PERSON) & talk_messages.c.fetched.is_(None)
        with self._engine.begin() as connection:
            mark = sa.update(talk_messages).where(talk_messages.c.talk == talk.id, new)
            connection.execute(mark.values(fetched=moment))
            if typing:
                typed = sa.update(talks).where(talks.c.id == talk.id)
                connection.execute(typed.values(worker_typing=moment))

    def forget(self, sender: str) -> None:
        """Delete a conversation's talks, by the person's wish."""
        self._delete(talks.c.sender == sender)

    def delete(self, talk: Talk) -> None:
        """Delete one talk, by the person's wish."""
        self._delete(talks.c.id == talk.id)

    def _delete(self, where: sa.sql.ColumnElement) -> None:
        gone = sa.select(talks.c.id).where(where).scalar_subquery()
        with self._engine.begin() as connection:
            connection.execute(sa.delete(talk_messages).where(talk_messages.c.talk.in_(gone)))
            connection.execute(sa.delete(talks).where(where))

    def _add(self, connection: Connection, talk: Talk, said: Said) -> None:
        key = secrets.token_urlsafe(12)
        values = {
            "key": key,
            "talk": talk.id,
            "delivery": said.delivery,
            "author": said.author,
            "created": now(),
            "body": self._vault.seal(said.body, f"talk message {key}"),
        }
        added = connection.execute(sa.insert(talk_messages).values(**values))
        if said.author != PERSON:  # hers gets its place when its delivery is answered
            mark = {
                "sender": talk.sender,
                "delivery": f"talk {added.inserted_primary_key[0]}",
                "part": 1,
                "body": json.dumps({"talk": added.inserted_primary_key[0]}),
                "created": values["created"],
            }
            connection.execute(sa.insert(transcripts).values(**mark))

    def _has(self, connection: Connection, talk_id: str, delivery: str) -> bool:
        same = (talk_messages.c.talk == talk_id) & (talk_messages.c.delivery == delivery)
        return connection.execute(sa.select(talk_messages.c.id).where(same)).first() is not None

    def _talks(self, where: sa.sql.ColumnElement) -> list[Talk]:
        query = sa.select(talks).where(where).order_by(talks.c.asked_at, talks.c.id)
        with self._engine.connect() as connection:
            return [self._talk(row) for row in connection.execute(query)]

    def _messages(self, where: sa.sql.ColumnElement) -> list[Message]:
        query = sa.select(talk_messages).where(where).order_by(talk_messages.c.id)
        with self._engine.connect() as connection:
            return [self._message(row) for row in connection.execute(query)]

    def _row(self, talk: Talk) -> dict[str, Any]:
        clear = {name: getattr(talk, name) for name in CLEAR}
        head = self._vault.seal({n: getattr(talk, n) for n in SEALED}, f"talk {talk.id}")
        open_for = None if talk.state == ENDED else talk.sender
        return clear | {"head": head, "open_for": open_for}

    def _talk(self, row: Row) -> Talk:
        clear = {name: getattr(row, name) for name in CLEAR}
        return Talk(**clear, **self._vault.open(row.head, f"talk {row.id}"))

    def _message(self, row: Row) -> Message:
        body = self._vault.open(row.body, f"talk message {row.key}")
        return Message(row.id, row.talk, row.author, row.created, row.fetched, body)
