"""How often what happened in which messaging app. Names nobody, and grows by no message.

Counted in memory and written every few seconds: a killed process forgets the last of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.records.messaging_queues import Queue, queues
from bot.records.messaging_tables import counts

EVERY = 5.0  # seconds between two writings
log = logging.getLogger(__name__)


class Outcome(str, Enum):
    """What can become of a delivery, a message or a part. The values are stored."""

    RECEIVED = "received"  # a message that came for the first time
    DUPLICATE = "duplicate"  # one that came before
    REFUSED = "refused"  # a delivery that nobody of the app has signed
    ANSWERED = "answered"  # a message whose answer is in the outbox
    SENT = "sent"  # a part that the vendor has
    RETRIED = "retried"  # a part that is tried again
    DEAD = "dead"  # a part that cannot be sent


class Counts:
    """Counts, and keeps what was counted."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._new: Counter[tuple[str, str]] = Counter()

    def add(self, channel: str, outcome: Outcome) -> None:
        """One more."""
        self._new[channel, outcome.value] += 1

    def write(self) -> None:
        """Add what is new to what is kept; where the database is away it stays new."""
        new = dict(self._new)
        try:
            with self._engine.begin() as connection:
                for key, number in new.items():
                    _add(connection, *key, number)
        except sa.exc.SQLAlchemyError as error:
            log.warning("counts not written, tried again: %s", type(error).__name__)
        else:
            self._new.subtract(new)
            self._new = +self._new

    def totals(self) -> dict[tuple[str, str], int]:
        """How often each outcome of each channel was written so far."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(counts)).all()
        return {(row.channel, row.outcome): int(row.number) for row in rows}

    def queues(self) -> list[Queue]:
        """The queues that hold anything now."""
        return queues(self._engine)

    async def write_regularly(self) -> None:
        """Write every few seconds until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            self.write()


def _add(connection: Connection, channel: str, outcome: str, number: int) -> None:
    same = (counts.c.channel == channel) & (counts.c.outcome == outcome)
    more = sa.update(counts).where(same).values(number=counts.c.number + number)
    if not connection.execute(more).rowcount:
        row = {"channel": channel, "outcome": outcome, "number": number}
        connection.execute(sa.insert(counts).values(**row))
