"""What came in from messaging apps: kept before the vendor is answered, worked once and in order.

A message is accepted once (its vendor's id is unique). A worker takes it for the length of a lease;
if the worker dies, the lease runs out and the message is taken again. The answer, what is known of
the person and the mark «done» are one transaction: a message has one answer or is still to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.records.database import now
from bot.records.messaging_people import People, drop_forgotten
from bot.records.messaging_tables import inbox
from bot.records.outbox import Outbox
from bot.records.pseudonyms import Pseudonyms
from bot.records.vault import Vault

MOST_WAITING = 30
MANY = "many"  # the kind of the message by which she is told that it was too much


@dataclass(frozen=True)
class Received:
    """A message to be answered. ``person`` and ``delivery`` are pseudonyms."""

    delivery: str
    person: str
    channel: str
    body: Mapping[str, Any]
    attempts: int


class Inbox:
    """Accepts and hands out messages. ``lease``: seconds until a dead worker's message is free."""

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        pseudonyms: Pseudonyms,
        people: People,
        outgoing: Outbox,
        lease: float = 60.0,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._pseudonyms = pseudonyms
        self._people = people
        self._outbox = outgoing
        self._lease = lease

    def accept(
        self,
        channel: str,
        address: str,
        delivery: str,
        position: float,
        body: Mapping[str, Any],
        limited: bool = True,
    ) -> bool:
        """Keep a message; False if it came before. When this returns it is safe.

        Whoever has ``MOST_WAITING`` messages waiting is told once, and what she sends until these
        are answered is not kept. ``limited``: False for what must be heard in any case.
        """
        kept = self._pseudonyms.of("delivery", f"{channel}:{delivery}")
        person = self._people.meet(channel, address)
        ahead = self._kinds_ahead(person) if limited else []
        full, told = len(ahead) >= MOST_WAITING, MANY in ahead
        if full:
            body = {**body, "kind": MANY, "text": ""}
        row = {
            "delivery": kept,
            "person": person,
            "channel": channel,
            "position": position,
            "body": None if full and told else self._vault.seal(dict(body), f"message {kept}"),
            "received": now(),
            "done": full and told,
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(inbox).values(**row))
                self._outbox.reopen(connection, person)
                known = self._people.heard(connection, person)
        except sa.exc.IntegrityError:
            return False
        if not known:  # she was forgotten at this very moment
            self._people.meet(channel, address)
        return True

    def claim(self, channels: Sequence[str], limit: int, settle: float = 0.0) -> list[Received]:
        """The next message of each of at most ``limit`` people of these channels.

        ``settle``: seconds for which a message waits for one that was sent before it.
        """
        moment = now()
        query = (
            sa.select(inbox)
            .where(~inbox.c.done, inbox.c.due <= moment, inbox.c.received <= moment - settle)
            .where(inbox.c.lease < moment, inbox.c.channel.in_(list(channels)))
            .where(~_behind_another(moment))
            .order_by(inbox.c.id)
            .limit(limit)
        )
        with self._engine.begin() as connection:
            rows = connection.execute(query).all()
            taken = [row for row in rows if self._take(connection, row, moment)]
        return [self._received(row) for row in taken]

    def finish(
        self,
        received: Received,
        parts: Sequence[Mapping[str, Any]],
        state: Mapping[str, Any] | None,
    ) -> bool:
        """Answer a message, all or nothing; False if another worker did. No state: forget."""
        open_one = (inbox.c.delivery == received.delivery) & ~inbox.c.done
        with self._engine.begin() as connection:
            done = sa.update(inbox).where(open_one).values(done=True, body=None)
            if not connection.execute(done).rowcount:
                return False
            self._outbox.add(connection, received, parts)
            if state is None:
                self._people.forget(connection, received.person)
                drop_forgotten(connection, received.person)
            else:
                self._people.keep(connection, received.person, state)
        return True

    def postpone(self, received: Received, seconds: float, failed: bool) -> None:
        """Try again later; ``failed`` counts as an attempt."""
        values = {
            "due": now() + seconds,
            "lease": 0.0,
            "attempts": received.attempts + int(failed),
        }
        same = inbox.c.delivery == received.delivery
        with self._engine.begin() as connection:
            connection.execute(sa.update(inbox).where(same).values(**values))

    def _kinds_ahead(self, person: str) -> list[str]:
        """What the person's waiting messages are."""
        query = sa.select(inbox).where(inbox.c.person == person, ~inbox.c.done)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [str(self._received(row).body["kind"]) for row in rows]

    def _take(self, connection: Connection, row: Row, moment: float) -> bool:
        free = (inbox.c.id == row.id) & ~inbox.c.done & (inbox.c.lease < moment)
        values = {"lease": moment + self._lease}
        return bool(connection.execute(sa.update(inbox).where(free).values(**values)).rowcount)

    def _received(self, row: Row) -> Received:
        body = self._vault.open(row.body, f"message {row.delivery}")
        return Received(row.delivery, row.person, row.channel, body, row.attempts)


def _behind_another(moment: float) -> sa.sql.ColumnElement:
    """An earlier message of the same person is not answered, or one is being answered."""
    other = inbox.alias()
    earlier = sa.tuple_(other.c.position, other.c.id) < sa.tuple_(inbox.c.position, inbox.c.id)
    in_work = (other.c.id != inbox.c.id) & (other.c.lease >= moment)
    return (
        sa.select(other.c.id)
        .where(other.c.person == inbox.c.person, ~other.c.done, earlier | in_work)
        .exists()
    )
