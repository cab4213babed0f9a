"""Who is there in a talk, and what each of the two has got: in clear, so that asking is cheap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.handoff.talk import WAITING
from bot.records.database import now, transcripts
from bot.records.talk_tables import talk_messages, talks

PERSON = "person"
SEEN_EVERY = 5  # seconds; a page asks for news more often than it must be written down


@dataclass(frozen=True)
class Presence:
    """When the person was last there, and when each of the two typed last."""

    person_seen: float
    person_typing: float
    worker_typing: float


NOBODY = Presence(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Pulse:
    """What changes whenever a page would show something else. ``talk``: the open one, or none.

    ``unseen``: messages of hers that no worker's page has shown.
    """

    mark: tuple[object, ...]
    talk: str
    presence: Presence
    unseen: int


class Attendance:
    """Keeps and tells who is there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_conversation(self, sender: str) -> Pulse:
        """The pulse of a conversation, with its open talk if there is one. Opens nothing sealed."""
        lines = sa.select(sa.func.count(), sa.func.max(transcripts.c.id))
        with self._engine.connect() as connection:
            shown = tuple(connection.execute(lines.where(transcripts.c.sender == sender)).one())
            row = connection.execute(sa.select(talks).where(talks.c.open_for == sender)).first()
            if row is None:
                return Pulse(shown, "", NOBODY, 0)
            counts = _messages(connection, row.id)
            mark = (*shown, row.id, row.revision, *counts[:2])
            if row.state == WAITING:  # the place in the queue hangs on the others
                mark += _line(connection, row.municipality, WAITING)
        return Pulse(mark, row.id, _presence(row), counts[1])

    def of_talk(self, talk_id: str, municipality: str) -> Pulse | None:
        """The pulse of a talk of a municipality, or None."""
        same = (talks.c.id == talk_id) & (talks.c.municipality == municipality)
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(talks).where(same)).first()
            if row is None:
                return None
            counts = _messages(connection, row.id)
        return Pulse((row.revision, *counts), row.id, _presence(row), counts[1])

    def of_line(self, municipality: str) -> tuple[object, ...]:
        """What changes whenever the open talks of a municipality do."""
        with self._engine.connect() as connection:
            return _line(connection, municipality)

    def presence(self, talk_id: str) -> Presence:
        """Who is there; nobody in a talk that is gone."""
        query = sa.select(talks).where(talks.c.id == talk_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return NOBODY if row is None else _presence(row)

    def seen_by_person(self, talk_id: str, typing: bool, shown: Sequence[int] = ()) -> None:
        """Her page asked for news, and got those messages."""
        moment = now()
        due = sa.true() if typing else talks.c.person_seen < moment - SEEN_EVERY
        values = {"person_seen": moment} | ({"person_typing": moment} if typing else {})
        with self._engine.begin() as connection:
            seen = sa.update(talks).where(talks.c.id == talk_id, due)
            connection.execute(seen.values(**values))
            if shown:
                mark_fetched(connection, talk_messages.c.id.in_(shown), talk_id)

    def still_there(self, pulse: Pulse, typing: bool) -> None:
        """Her page asked, and there was nothing new: written down only now and then."""
        if pulse.talk and (typing or pulse.presence.person_seen < now() - SEEN_EVERY):
            self.seen_by_person(pulse.talk, typing)

    def seen_by_worker(self, pulse: Pulse, typing: bool) -> None:
        """The page of the worker who has the talk shows her messages now."""
        if not pulse.unseen and not typing:
            return
        with self._engine.begin() as connection:
            if pulse.unseen:
                mark_fetched(connection, talk_messages.c.author == PERSON, pulse.talk)
            if typing:
                typed = sa.update(talks).where(talks.c.id == pulse.talk)
                connection.execute(typed.values(worker_typing=now()))

    def handed_to_app(self, message_id: int) -> None:
        """The company of her messaging app has it."""
        one = (talk_messages.c.id == message_id) & talk_messages.c.fetched.is_(None)
        with self._engine.begin() as connection:
            connection.execute(sa.update(talk_messages).where(one).values(fetched=now()))

    def last_seen(self, talk_id: str) -> bool | None:
        """Whether a worker's page has shown the person's last message; None if there is none."""
        own = (talk_messages.c.talk == talk_id) & (talk_messages.c.author == PERSON)
        query = sa.select(talk_messages.c.fetched).where(own)
        with self._engine.connect() as connection:
            last = connection.execute(query.order_by(talk_messages.c.id.desc()).limit(1)).first()
        return None if last is None else last.fetched is not None


def mark_fetched(connection: Connection, which: sa.sql.ColumnElement, talk_id: str) -> None:
    """Those messages of a talk have been got by whom they are for."""
    new = (talk_messages.c.talk == talk_id) & talk_messages.c.fetched.is_(None) & which
    connection.execute(sa.update(talk_messages).where(new).values(fetched=now()))


def _messages(connection: Connection, talk_id: str) -> tuple[int, int, int]:
    """How many there are, how many of hers nobody has seen, how many were got by their reader."""
    got = talk_messages.c.fetched
    hers_unseen = sa.case((got.is_(None) & (talk_messages.c.author == PERSON), 1), else_=0)
    query = sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(hers_unseen), 0), sa.func.count(got)
    ).where(talk_messages.c.talk == talk_id)
    whole, unseen, fetched = connection.execute(query).one()
    return int(whole), int(unseen), int(fetched)


def _line(connection: Connection, municipality: str, state: str = "") -> tuple[object, ...]:
    own = (talks.c.municipality == municipality) & talks.c.open_for.is_not(None)
    if state:
        own &= talks.c.state == state
    # Talks come and go, and each change counts a revision: number, sum and youngest tell it.
    query = sa.select(sa.func.count(), sa.func.sum(talks.c.revision), sa.func.max(talks.c.asked_at))
    whole, revisions, youngest = connection.execute(query.where(own)).one()
    return int(whole), int(revisions or 0), float(youngest or 0)


def _presence(row: sa.engine.Row) -> Presence:
    return Presence(row.person_seen, row.person_typing, row.worker_typing)
