"""Deleting what is old, by itself."""

from __future__ import annotations

import asyncio
import logging

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.records.database import now, trackers, transcripts

DAY = 86_400
EVERY = 600  # seconds between two runs
log = logging.getLogger(__name__)


def purge(engine: Engine, days: int, at: float | None = None) -> int:
    """Delete conversations whose last message is older than ``days``; returns how many."""
    before = (at if at is not None else now()) - days * DAY
    last = sa.func.max(transcripts.c.created)
    old = (
        sa.select(transcripts.c.sender).group_by(transcripts.c.sender).having(last < before)
    ).scalar_subquery()
    with engine.begin() as connection:
        gone = connection.execute(sa.delete(trackers).where(trackers.c.updated < before)).rowcount
        connection.execute(sa.delete(transcripts).where(transcripts.c.sender.in_(old)))
    return int(gone)


async def purge_regularly(engine: Engine, days: int) -> None:
    """Purge now and every ten minutes, until cancelled. A database that is away is tried again."""
    while True:
        try:
            gone = purge(engine, days)
            if gone:
                log.info("retention: %d conversations deleted", gone)
        except SQLAlchemyError as error:
            log.error("retention failed, tried again later: %s", type(error).__name__)
        await asyncio.sleep(EVERY)
