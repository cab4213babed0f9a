"""The database: SQLite by default, PostgreSQL by setting."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.engine.url import URL, make_url

from bot.records.migrating import upgrade

metadata = sa.MetaData()
IN_MEMORY, OWNER_ONLY = ":memory:", 0o600

trackers = sa.Table(
    "trackers",
    metadata,
    sa.Column("sender", sa.String(80), primary_key=True),
    sa.Column("turns", sa.Integer, nullable=False),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("updated", sa.Float, nullable=False, index=True),
)

transcripts = sa.Table(
    "transcripts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender", sa.String(80), nullable=False),
    sa.Column("delivery", sa.String(80), nullable=False),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created", sa.Float, nullable=False, index=True),
    sa.UniqueConstraint("sender", "delivery", "part"),
)

ratings = sa.Table(
    "ratings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("topic", sa.String(80), nullable=False),
    sa.Column("language", sa.String(12), nullable=False),
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
)

# Sealed by bot/records/vault.py. A draft is named by its conversation, a record by its reference.
drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("sender", sa.String(80), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("updated", sa.Float, nullable=False, index=True),
    sa.Column("resume", sa.String(64), index=True),
    sa.Column("resume_until", sa.Float),
)

advance_records = sa.Table(
    "advance_records",
    metadata,
    sa.Column("reference", sa.String(20), primary_key=True),
    sa.Column("municipality", sa.String(40), nullable=False, index=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("sent_at", sa.Float, nullable=False),
    sa.Column("delete_by", sa.Float, nullable=False, index=True),
    sa.Column("taken_by", sa.String(80)),
    sa.Column("secret", sa.String(64), nullable=False),
    sa.Column("head", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)


DatabaseFailed = sa.exc.SQLAlchemyError  # what the stores raise when the database fails them


class DatabaseUnreachable(Exception):
    """The database does not answer, or its file cannot be made."""

    def __init__(self, url: URL, reason: str) -> None:
        super().__init__(
            f"the database {url.render_as_string(hide_password=True)} cannot be opened: {reason}. "
            "Start it, or set SILTA_DATABASE"
        )


def open_database(url: str) -> Engine:
    """Open the database and bring its tables to this release.

    Raises ``DatabaseNewer`` and ``DatabaseUnreachable``.
    """
    parsed = make_url(url)
    options: dict[str, Any] = {"future": True}
    if parsed.get_backend_name() == "sqlite":
        if parsed.database not in (None, "", IN_MEMORY):
            _make_file(parsed)
            # SQLAlchemy 1.4 opens a file anew for each use: then each close is the last one, which
            # writes the whole journal back and waits for the disk.
            options["poolclass"] = sa.pool.QueuePool
        options["connect_args"] = {"check_same_thread": False, "timeout": 10}
    else:
        options |= {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5}
    engine = sa.create_engine(parsed, **options)
    if parsed.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_pragmas)
    try:
        upgrade(engine)
    except sa.exc.OperationalError as error:
        raise DatabaseUnreachable(parsed, str(error.orig).partition("\n")[0]) from error
    return engine


def open_to_read(url: str) -> Engine:
    """Open a database that is there, as it is: nothing can be written to it.

    Raises ``DatabaseUnreachable``.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        file, query = f"file:{quote(str(parsed.database))}", {"mode": "ro", "uri": "true"}
        engine = sa.create_engine(parsed.set(database=file, query=query), future=True)
    else:
        engine = sa.create_engine(parsed, future=True)
        engine = engine.execution_options(postgresql_readonly=True)
    try:
        engine.connect().close()
    except sa.exc.OperationalError as error:
        raise DatabaseUnreachable(parsed, str(error.orig).partition("\n")[0]) from error
    return engine


def _make_file(url: URL) -> None:
    """A new file is for its owner alone: transcripts can be read in it without a key."""
    file = Path(str(url.database))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(OWNER_ONLY)  # SQLite gives the files beside it the same permissions
    except OSError as error:
        raise DatabaseUnreachable(url, str(error.strerror)) from error


def now() -> float:
    """Seconds since the epoch."""
    return time.time()


def _sqlite_pragmas(connection: Any, record: Any) -> None:
    # WAL: readers do not wait for the writer. secure_delete: what is deleted is overwritten.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
