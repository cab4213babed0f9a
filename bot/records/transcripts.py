"""The person's own copy of a conversation in the web chat: shown after a reload, saved, deleted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from bot.messages import Button, Reply
from bot.records.database import now, transcripts
from bot.redaction import redact

# Seconds for which a number may still appear below one that was seen: longer than a transaction of
# ours can take, with its waits for locks (SQLite gives up after ten, see database.py).
JUST_NOW = 30


@dataclass(frozen=True)
class Entry:
    """One message. ``reply`` is set where Silta speaks, ``text`` is what the person wrote.

    ``talk`` is set where a message of a talk with a person has its place: its number there. What
    it says is in the talk alone, sealed (bot/records/talks.py).
    """

    id: str
    role: str
    text: str
    reply: Reply | None = None
    talk: int | None = None


class Transcripts:
    """Keeps conversations. A delivery (the client's id of a message) is answered once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(
        self,
        sender: str,
        delivery: str,
        text: str,
        replies: Sequence[Reply],
        talk: int | None = None,
    ) -> list[Entry]:
        """Store a message and its replies, all or nothing, and return them.

        ``talk``: the message stands in a talk under that number; here only its place is kept.
        Identity codes, account, card and phone numbers and e-mail addresses are kept as a blank.
        """
        first = {"text": redact(text)[0]} if talk is None else {"talk": talk}
        bodies = [first, *(asdict(reply) for reply in replies)]
        created = now()
        rows = [
            {
                "sender": sender,
                "delivery": delivery,
                "part": part,
                "body": json.dumps(body, ensure_ascii=False),
                "created": created,
            }
            for part, body in enumerate(bodies)
        ]
        with self._engine.begin() as connection:
            connection.execute(sa.insert(transcripts), rows)
        return self.delivered(sender, delivery)

    def delivered(self, sender: str, delivery: str) -> list[Entry]:
        """The message of that delivery and its replies; empty if it never came."""
        where = (transcripts.c.sender == sender) & (transcripts.c.delivery == delivery)
        return self._select(sa.select(transcripts).where(where).order_by(transcripts.c.id))

    def latest(self, sender: str, limit: int) -> list[Entry]:
        """The last messages of a conversation, oldest first."""
        query = sa.select(transcripts).where(transcripts.c.sender == sender)
        return self._select(query.order_by(transcripts.c.id.desc()).limit(limit))[::-1]

    def since(self, sender: str, after: int) -> list[Entry]:
        """What came after a message. What came just now is among it in any case: two who write
        at once may be seen in another order than that of their numbers.
        """
        new = (transcripts.c.id > after) | (transcripts.c.created > now() - JUST_NOW)
        query = sa.select(transcripts).where((transcripts.c.sender == sender) & new)
        return self._select(query.order_by(transcripts.c.id))

    def until(self, sender: str, before: float, limit: int) -> list[Entry]:
        """The last messages that were written before a moment, oldest first; no talks."""
        old = (transcripts.c.sender == sender) & (transcripts.c.created < before)
        query = sa.select(transcripts).where(old).order_by(transcripts.c.id.desc()).limit(limit)
        return [entry for entry in self._select(query)[::-1] if entry.talk is None]

    def delete(self, sender: str) -> None:
        """Delete a conversation."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(transcripts).where(transcripts.c.sender == sender))

    def _select(self, query: sa.sql.Select) -> list[Entry]:
        with self._engine.connect() as connection:
            return [_entry(row) for row in connection.execute(query)]


def _entry(row: Row) -> Entry:
    body = json.loads(row.body)
    if "talk" in body:
        return Entry(str(row.id), "person" if row.part == 0 else "silta", "", talk=body["talk"])
    if row.part == 0:
        return Entry(str(row.id), "person", body["text"])
    buttons = tuple(Button(**button) for button in body["buttons"])
    reply = Reply(body["text"], buttons, body["custom"])
    return Entry(str(row.id), "silta", reply.text, reply)
