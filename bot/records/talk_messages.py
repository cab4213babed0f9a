"""What is said in a talk: each message sealed, with a number that is never given twice.

A message that is not the person's own leaves a mark in her transcript in the same transaction, so
that her page shows everything in one order; one for a messaging app waits to be handed to it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.handoff.talk import Talk
from bot.records.database import now, transcripts
from bot.records.talk_attendance import PERSON
from bot.records.talk_tables import talk_messages, talks
from bot.records.vault import Vault

WORKER, NOTICE = "worker", "notice"


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


class TalkMessages:
    """Keeps the messages of all talks."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def of(self, talk_id: str) -> list[Message]:
        """All messages, oldest first."""
        return self._select(talk_messages.c.talk == talk_id)

    def one(self, sender: str, message_id: int) -> Message | None:
        """One message of a person's own talk."""
        own = sa.select(talks.c.id).where(talks.c.sender == sender).scalar_subquery()
        found = self._select((talk_messages.c.id == message_id) & talk_messages.c.talk.in_(own))
        return found[0] if found else None

    def of_sender(self, sender: str, ids: Sequence[int]) -> dict[int, Message]:
        """Those of the messages that stand in a conversation's own talks, by id."""
        own = sa.select(talks.c.id).where(talks.c.sender == sender).scalar_subquery()
        wanted = talk_messages.c.id.in_(ids) & talk_messages.c.talk.in_(own)
        return {message.id: message for message in self._select(wanted)}

    def delivered(self, sender: str, delivery: str) -> Message | None:
        """The person's message of that delivery, if it went into a talk."""
        own = sa.select(talks.c.id).where(talks.c.sender == sender).scalar_subquery()
        found = self._select((talk_messages.c.delivery == delivery) & talk_messages.c.talk.in_(own))
        return found[0] if found else None

    def translated(self, message: Message, translation: Mapping[str, str]) -> None:
        """Keep a machine's translation beside a message. One that was deleted stays so."""
        same = talk_messages.c.id == message.id
        with self._engine.begin() as connection:
            row = connection.execute(sa.select(talk_messages).where(same)).first()
            if row is None:
                return
            body = {**message.body, "translation": dict(translation)}
            sealed = self._vault.seal(body, f"talk message {row.key}")
            connection.execute(sa.update(talk_messages).where(same).values(body=sealed))
            changed = sa.update(talks).where(talks.c.id == message.talk)
            connection.execute(changed.values(revision=talks.c.revision + 1))

    def outgoing(self, limit: int) -> list[Message]:
        """What is to be handed to messaging apps: the next message of each talk."""
        other = talk_messages.alias()
        earlier = (
            sa.select(other.c.id)
            .where(other.c.talk == talk_messages.c.talk, other.c.id < talk_messages.c.id)
            .where(other.c.outgoing)
        )
        waiting = sa.select(talk_messages).where(talk_messages.c.outgoing, ~earlier.exists())
        with self._engine.connect() as connection:
            rows = connection.execute(waiting.order_by(talk_messages.c.id).limit(limit)).all()
        return [self._message(row) for row in rows]

    def hand_out(self, message: Message, hand: Callable[[Connection], None]) -> bool:
        """Let ``hand`` take over a message, in one transaction; False if it was taken before."""
        one = (talk_messages.c.id == message.id) & talk_messages.c.outgoing
        with self._engine.begin() as connection:
            taken = connection.execute(sa.update(talk_messages).where(one).values(outgoing=False))
            if taken.rowcount != 1:
                return False
            hand(connection)
        return True

    def add(self, connection: Connection, talk: Talk, said: Said) -> None:
        """Add one, within the caller's transaction."""
        key = secrets.token_urlsafe(12)
        values = {
            "key": key,
            "talk": talk.id,
            "delivery": said.delivery,
            "author": said.author,
            "created": now(),
            "body": self._vault.seal(said.body, f"talk message {key}"),
            "outgoing": said.author != PERSON and not talk.on_page,
        }
        added = connection.execute(sa.insert(talk_messages).values(**values))
        # Hers gets its place when its delivery is answered; an app has its own transcript.
        if said.author != PERSON and talk.on_page:
            mark = {
                "sender": talk.sender,
                "delivery": f"talk {added.inserted_primary_key[0]}",
                "part": 1,
                "body": json.dumps({"talk": added.inserted_primary_key[0]}),
                "created": values["created"],
            }
            connection.execute(sa.insert(transcripts).values(**mark))

    def has(self, connection: Connection, talk_id: str, delivery: str) -> bool:
        """Whether that delivery is in the talk already, within the caller's transaction."""
        same = (talk_messages.c.talk == talk_id) & (talk_messages.c.delivery == delivery)
        return connection.execute(sa.select(talk_messages.c.id).where(same)).first() is not None

    def _select(self, where: sa.sql.ColumnElement) -> list[Message]:
        query = sa.select(talk_messages).where(where).order_by(talk_messages.c.id)
        with self._engine.connect() as connection:
            return [self._message(row) for row in connection.execute(query)]

    def _message(self, row: Row) -> Message:
        body = self._vault.open(row.body, f"talk message {row.key}")
        return Message(row.id, row.talk, row.author, row.created, row.fetched, body)
