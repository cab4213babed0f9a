"""Deleting what is old, by itself."""

from __future__ import annotations

import asyncio
import logging

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.records.attempts import WINDOW
from bot.records.database import advance_records, drafts, now, trackers, transcripts
from bot.records.desk_tables import accounts, desk_sessions, record_notes, sign_in_attempts
from bot.records.meeting_tables import alert_wishes, alerts, meetings
from bot.records.messaging_tables import inbox, outbox, people, web_links
from bot.records.periods import DAY, OPEN_TALK_DAYS, Periods
from bot.records.sessions import LONGEST as LONGEST_SESSION
from bot.records.talk_tables import talk_messages, talks

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


def purge_advance(engine: Engine, periods: Periods, at: float | None = None) -> tuple[int, int]:
    """Delete silent drafts and records past their day; returns how many of each."""
    moment = at if at is not None else now()
    silent = drafts.c.updated < moment - periods.draft_seconds
    due = advance_records.c.delete_by <= moment
    with engine.begin() as connection:
        old_drafts = connection.execute(sa.delete(drafts).where(silent)).rowcount
        old_records = connection.execute(sa.delete(advance_records).where(due)).rowcount
    return int(old_drafts), int(old_records)


def purge_desk(engine: Engine, at: float | None = None) -> None:
    """Delete what hangs on records that are gone, however they went; old sessions, attempts."""
    moment = at if at is not None else now()
    kept = sa.select(advance_records.c.reference).scalar_subquery()
    open_accounts = sa.select(accounts.c.id).where(accounts.c.active).scalar_subquery()
    old = (
        (alert_wishes, alert_wishes.c.account.not_in(open_accounts)),
        (record_notes, record_notes.c.reference.not_in(kept)),
        (meetings, meetings.c.reference.not_in(kept)),
        (alerts, alerts.c.reference.not_in(kept)),
        (desk_sessions, desk_sessions.c.created < moment - LONGEST_SESSION),
        (sign_in_attempts, sign_in_attempts.c.at < moment - WINDOW),
    )
    with engine.begin() as connection:
        for table, where in old:
            connection.execute(sa.delete(table).where(where))


def purge_talks(engine: Engine, periods: Periods, at: float | None = None) -> int:
    """Delete talks that ended long ago, and those that nobody ever ended; returns how many."""
    moment = at if at is not None else now()
    ended = talks.c.open_for.is_(None) & (talks.c.ended_at <= moment - periods.talk_days * DAY)
    lost = talks.c.open_for.is_not(None) & (talks.c.asked_at <= moment - OPEN_TALK_DAYS * DAY)
    old = sa.select(talks.c.id).where(ended | lost).scalar_subquery()
    with engine.begin() as connection:
        connection.execute(sa.delete(talk_messages).where(talk_messages.c.talk.in_(old)))
        return int(connection.execute(sa.delete(talks).where(ended | lost)).rowcount)


def purge_messaging(engine: Engine, days: int, at: float | None = None) -> None:
    """Delete old messages of messaging apps, people who fell silent, links that ended long ago."""
    before = (at if at is not None else now()) - days * DAY
    waiting = sa.select(outbox.c.person).scalar_subquery()
    with engine.begin() as connection:
        connection.execute(sa.delete(inbox).where(inbox.c.received < before))
        connection.execute(sa.delete(outbox).where(outbox.c.created < before))
        # Whoever is in a talk is to be answered: her address stays as long as the talk is open.
        talking = sa.select(talks.c.open_for).where(talks.c.open_for.is_not(None)).scalar_subquery()
        unneeded = people.c.person.not_in(waiting) & people.c.person.not_in(talking)
        silent = (people.c.updated < before) & unneeded
        connection.execute(sa.delete(people).where(silent))
        connection.execute(sa.delete(web_links).where(web_links.c.until < before))


def purge_all(engine: Engine, periods: Periods) -> None:
    """Delete all that is old. The log counts and names nothing."""
    conversations = purge(engine, periods.conversation_days)
    counts = (conversations, *purge_advance(engine, periods), purge_talks(engine, periods))
    purge_desk(engine)
    purge_messaging(engine, periods.conversation_days)
    if any(counts):
        log.info("retention: %d conversations, %d drafts, %d records, %d talks deleted", *counts)


async def purge_regularly(engine: Engine, periods: Periods) -> None:
    """Purge now and every ten minutes, until cancelled. A database that is away is tried again."""
    while True:
        try:
            purge_all(engine, periods)
        except SQLAlchemyError as error:
            log.error("retention failed, tried again later: %s", type(error).__name__)
        await asyncio.sleep(EVERY)
