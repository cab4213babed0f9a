"""What goes out to messaging apps: sent in order per person, tried again, never lost.

A part is marked «sending» before the vendor is asked and deleted as soon as the vendor has
acknowledged it. If the process dies in between, the part is in doubt: when its lease has run out
it is sent again with the same key, by which a vendor that can knows it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.records.database import now
from bot.records.messaging_people import drop_forgotten
from bot.records.messaging_tables import outbox
from bot.records.vault import Vault

WAITING, SENDING, HELD, DEAD = "waiting", "sending", "held", "dead"
ON_ITS_WAY = (WAITING, SENDING)


class Answered(Protocol):
    """What a part answers."""

    @property
    def delivery(self) -> str:
        """The vendor's id of what came in."""

    @property
    def person(self) -> str:
        """Who wrote it."""

    @property
    def channel(self) -> str:
        """Through which app."""


@dataclass(frozen=True)
class Outgoing:
    """One part to send. ``in_doubt``: a process died while it was being sent."""

    key: str
    person: str
    channel: str
    body: Mapping[str, Any]
    attempts: int
    in_doubt: bool


@dataclass(frozen=True)
class DeadLetter:
    """A part that could not be sent. Its content is not shown."""

    key: str
    channel: str
    failure: str
    attempts: int
    created: float


class Outbox:
    """Keeps and hands out parts. ``lease``: seconds until a dead worker's part is free again."""

    def __init__(self, engine: Engine, vault: Vault, lease: float = 60.0) -> None:
        self._engine = engine
        self._vault = vault
        self._lease = lease

    def add(
        self,
        connection: Connection,
        answered: Answered,
        parts: Sequence[Mapping[str, Any]],
        held: bool = False,
    ) -> None:
        """Queue the parts of an answer, within the caller's transaction.

        ``held``: they wait until the person writes again.
        """
        for number, part in enumerate(parts):
            key = f"{answered.delivery}.{number}"
            row = {
                "key": key,
                "person": answered.person,
                "channel": answered.channel,
                "body": self._vault.seal(dict(part), f"part {key}"),
                "state": HELD if held else WAITING,
                "created": now(),
            }
            connection.execute(sa.insert(outbox).values(**row))

    def claim(self, channels: Sequence[str], limit: int) -> list[Outgoing]:
        """The next part of each of at most ``limit`` people of these channels."""
        moment = now()
        other = outbox.alias()
        earlier = (
            sa.select(other.c.id)
            .where(other.c.person == outbox.c.person, other.c.id < outbox.c.id)
            .where(other.c.state.in_(ON_ITS_WAY))
            .exists()
        )
        query = (
            sa.select(outbox)
            .where(outbox.c.state.in_(ON_ITS_WAY), outbox.c.due <= moment)
            .where(outbox.c.lease < moment, ~earlier, outbox.c.channel.in_(list(channels)))
            .order_by(outbox.c.id)
            .limit(limit)
        )
        with self._engine.begin() as connection:
            rows = connection.execute(query).all()
            taken = [row for row in rows if self._take(connection, row, moment)]
        return [self._outgoing(row) for row in taken]

    def sent(self, key: str) -> None:
        """The vendor has it: nothing of it is kept."""
        self._delete(outbox.c.key == key)

    def confirmed(self, key: str) -> None:
        """The vendor reports later that it has a part which was in doubt here."""
        self._delete((outbox.c.key == key) & (outbox.c.state == SENDING))

    def retry(self, key: str, seconds: float) -> None:
        """Try again after so many seconds."""
        self._set(key, {"state": WAITING, "due": now() + seconds, "lease": 0.0})

    def hold(self, person: str) -> None:
        """Keep what is on its way to a person until she writes again, so that it stays in order."""
        moving = (outbox.c.person == person) & outbox.c.state.in_(ON_ITS_WAY)
        with self._engine.begin() as connection:
            connection.execute(sa.update(outbox).where(moving).values(state=HELD, lease=0.0))

    def bury(self, key: str, failure: str) -> None:
        """Give a part up and show it to the operator."""
        self._set(key, {"state": DEAD, "failure": failure, "lease": 0.0})

    def drop(self, person: str) -> None:
        """Delete what waits for a person who does not want it or cannot be reached."""
        self._delete((outbox.c.person == person) & (outbox.c.state != DEAD))

    def reopen(self, connection: Connection, person: str) -> None:
        """Send what was held for a person who writes again, within the caller's transaction."""
        held = (outbox.c.person == person) & (outbox.c.state == HELD)
        connection.execute(sa.update(outbox).where(held).values(state=WAITING, due=0.0))

    def dead(self) -> list[DeadLetter]:
        """What could not be sent, oldest first."""
        query = sa.select(outbox).where(outbox.c.state == DEAD).order_by(outbox.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [DeadLetter(r.key, r.channel, r.failure or "", r.attempts, r.created) for r in rows]

    def revive(self) -> int:
        """Try all dead letters again; returns how many there were."""
        values = {"state": WAITING, "attempts": 0, "due": 0.0, "failure": None}
        with self._engine.begin() as connection:
            dead = sa.update(outbox).where(outbox.c.state == DEAD)
            return int(connection.execute(dead.values(**values)).rowcount)

    def _take(self, connection: Connection, row: Row, moment: float) -> bool:
        free = (outbox.c.id == row.id) & (outbox.c.lease < moment)
        values = {
            "state": SENDING,
            "lease": moment + self._lease,
            "attempts": row.attempts + 1,
        }
        free &= outbox.c.state == row.state
        return bool(connection.execute(sa.update(outbox).where(free).values(**values)).rowcount)

    def _outgoing(self, row: Row) -> Outgoing:
        body = self._vault.open(row.body, f"part {row.key}")
        in_doubt = row.state == SENDING
        return Outgoing(row.key, row.person, row.channel, body, row.attempts + 1, in_doubt)

    def _set(self, key: str, values: Mapping[str, Any]) -> None:
        same = (outbox.c.key == key) & outbox.c.state.in_(ON_ITS_WAY)
        with self._engine.begin() as connection:
            connection.execute(sa.update(outbox).where(same).values(**values))

    def _delete(self, where: sa.sql.ColumnElement) -> None:
        with self._engine.begin() as connection:
            names = connection.execute(sa.select(outbox.c.person).where(where).distinct()).all()
            connection.execute(sa.delete(outbox).where(where))
            for (name,) in names:
                drop_forgotten(connection, name)
