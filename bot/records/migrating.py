"""Bringing a database to the tables of this release, by Alembic's revisions.

A new database, one of the last release before there were revisions, and one of any release since
go the same way. Who starts first does it; others wait. Nothing is taken back: a service that meets
a database of a newer release says so and does not start.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x5111A  # PostgreSQL's advisory lock of our revisions
OPTIONS: dict[str, Any] = {
    "compare_type": True,
    # SQLite's own table of counters.
    "include_name": lambda name, kind, parents: name != "sqlite_sequence",
}
# The modules that define tables.
TABLES = ("database", *sorted(p.stem for p in Path(__file__).parent.glob("*_tables.py")))


class DatabaseNewer(Exception):
    """The database was made by a newer release than this one."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"the database is of revision {revision}, which this release does not know: "
            "start the newer release again, or restore the back-up that was made before it"
        )


def upgrade(engine: Engine) -> None:
    """Run the revisions that are missing. Raises ``DatabaseNewer``."""
    if is_current(engine):
        return
    with _alone(engine) as connection:
        current = _revision(connection)
        if current is not None and current not in _known():
            raise DatabaseNewer(current)
        if current != head():
            command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether the database is of this release's revision. Raises ``DatabaseFailed``."""
    with engine.connect() as connection:
        return _revision(connection) == head()


def all_tables() -> sa.MetaData:
    """The tables as the code has them."""
    for name in TABLES:
        import_module(f"bot.records.{name}")
    found: sa.MetaData = import_module("bot.records.database").metadata
    return found


def difference(engine: Engine) -> list[Any]:
    """What the database lacks of the tables as the code has them; nothing if all is well."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        return list(compare_metadata(context, all_tables()))


def new_revision(engine: Engine, message: str) -> Path:
    """Write the next revision: what lies between the last one and the tables in the code."""
    number = f"{len(_known()) + 1:04}"
    with engine.connect() as connection:
        made = command.revision(
            _config(connection), message, autogenerate=True, rev_id=number, head=head()
        )
    head.cache_clear()
    _known.cache_clear()
    return Path(made.path)  # type: ignore[union-attr]  # one revision is asked for


@cache
def head() -> str:
    """The newest revision of this release."""
    return str(ScriptDirectory(str(FOLDER)).get_current_head())


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions())


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One process at a time, all or nothing: on both databases tables are part of a transaction."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        try:
            yield connection
            connection.commit()
        except BaseException:  # also when it is stopped: half a revision never stays
            connection.rollback()
            raise
