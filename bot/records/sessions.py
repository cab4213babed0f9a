"""The desk's sessions: kept on the server, ended when idle, when old, or by a word.

The browser holds a random token, the database only its hash. Limits follow OWASP's Session
Management Cheat Sheet (idle and absolute time-outs).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.database import now
from bot.records.desk_tables import desk_sessions

TOKEN_BYTES = 32
TOUCHED_EVERY = 30  # seconds; more often would be a write for each page

# How far the person has come.
PASSWORD, ENROLLING, SIGNED_IN = "password", "enrolling", "signed_in"  # names of stages
LONGEST = 24 * 3600  # seconds; no setting allows a longer session
STEP_TIME = 600  # seconds for the steps between the password and being in


@dataclass(frozen=True)
class Session:
    """A session that is valid now. ``csrf`` must come with every form that it sends."""

    key: str
    account: int
    stage: str
    csrf: str


@dataclass(frozen=True)
class Limits:
    """Seconds after which a session ends: without use, and in any case."""

    idle: float
    absolute: float


class Sessions:
    """Starts, finds and ends sessions."""

    def __init__(self, engine: Engine, limits: Limits) -> None:
        self._engine = engine
        self._limits = limits

    def start(self, account: int, stage: str) -> str:
        """Start a session; returns the token for the browser's cookie."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        started = now()
        with self._engine.begin() as connection:
            connection.execute(
                sa.insert(desk_sessions).values(
                    token=_key(token),
                    account=account,
                    stage=stage,
                    csrf=secrets.token_urlsafe(TOKEN_BYTES),
                    created=started,
                    seen=started,
                )
            )
        return token

    def renew(self, session: Session, stage: str) -> str:
        """End the session and start another: whoever knew the old token knows nothing now."""
        self.end(session)
        return self.start(session.account, stage)

    def find(self, token: str, used: bool = True, at: float | None = None) -> Session | None:
        """The valid session of a token, or None. ``used``: the person did something just now."""
        moment = at if at is not None else now()
        query = sa.select(desk_sessions).where(desk_sessions.c.token == _key(token))
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None or not self._is_valid(row, moment):
            return None
        if used and moment - row.seen > TOUCHED_EVERY:
            self._touch(row.token, moment)
        return Session(row.token, row.account, row.stage, row.csrf)

    def end(self, session: Session) -> None:
        """End one session."""
        self._delete(desk_sessions.c.token == session.key)

    def end_all(self, account: int) -> None:
        """End every session of an account."""
        self._delete(desk_sessions.c.account == account)

    def _is_valid(self, row: sa.engine.Row, moment: float) -> bool:
        absolute = self._limits.absolute if row.stage == SIGNED_IN else STEP_TIME
        idle = moment - row.seen <= self._limits.idle
        return bool(idle and moment - row.created <= absolute)

    def _touch(self, key: str, moment: float) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(desk_sessions).where(desk_sessions.c.token == key).values(seen=moment)
            )

    def _delete(self, where: sa.sql.ColumnElement) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.delete(desk_sessions).where(where))


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
