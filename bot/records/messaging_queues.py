"""How long the queues of the messaging apps are, and how long the oldest in each has waited."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.database import now
from bot.records.messaging_tables import inbox, outbox

UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Queue:
    """Messages without an answer, or parts in one state. ``oldest``: seconds of the oldest."""

    channel: str
    name: str
    length: int
    oldest: float


def queues(engine: Engine) -> list[Queue]:
    """The queues that hold anything, by channel and name."""
    received = sa.func.min(inbox.c.received)
    messages = (
        sa.select(inbox.c.channel, sa.literal(UNANSWERED), sa.func.count(), received)
        .where(~inbox.c.done)
        .group_by(inbox.c.channel)
    )
    created = sa.func.min(outbox.c.created)
    parts = sa.select(outbox.c.channel, outbox.c.state, sa.func.count(), created).group_by(
        outbox.c.channel, outbox.c.state
    )
    moment = now()
    with engine.connect() as connection:
        rows = [*connection.execute(messages), *connection.execute(parts)]
    found = [Queue(str(c), str(n), int(length), moment - since) for c, n, length, since in rows]
    return sorted(found, key=lambda queue: (queue.channel, queue.name))
