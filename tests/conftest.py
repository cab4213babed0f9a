"""What the tests share: the real content, a loaded engine, real servers where there are any."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.answers.replies import Replies
from bot.composition import build_replies
from bot.engine.engine import Engine, running_engine
from bot.records.database import metadata, open_database
from bot.records.migrating import DatabaseNewer
from bot.settings import Settings

REQUIRED = set(os.environ.get("SILTA_REQUIRE", "").split(","))


def missing(what: str, why: str) -> None:
    """Skip visibly for want of a server or browser; fail where it is required (CI)."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here, and {why}")
    pytest.skip(why)


@pytest.fixture(scope="session")
def replies() -> Replies:
    return build_replies()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=f"sqlite:///{tmp_path / 'silta.db'}", key_file=tmp_path / "keys")


@pytest.fixture(scope="session")
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    return asyncio.DefaultEventLoopPolicy()


@pytest.fixture
async def engine(settings: Settings, replies: Replies) -> AsyncIterator[Engine]:
    async with running_engine(settings, replies) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, worker_id: str
) -> Iterator[sa.engine.Engine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    else:
        opened = _postgres(postgres_address(worker_id))
    metadata.drop_all(opened)
    metadata.create_all(opened)
    yield opened
    opened.dispose()


def _postgres(url: str) -> sa.engine.Engine:
    try:
        return open_database(url)
    except DatabaseNewer:  # left by the tests of another release
        emptied = sa.create_engine(url, future=True)
        with emptied.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        emptied.dispose()
        return open_database(url)


def postgres_address(worker: str) -> str:
    """A database of this test process's own, so that two may run side by side."""
    default = "postgresql://postgres@127.0.0.1:5432/test"
    address = sa.engine.make_url(os.environ.get("SILTA_TEST_POSTGRES", default))
    own = address.set(database=f"{address.database}_{worker}")
    server = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            found = connection.scalar(
                sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": own.database}
            )
            if not found:
                connection.execute(sa.text(f'CREATE DATABASE "{own.database}"'))
    except sa.exc.OperationalError:
        missing("postgres", f"no PostgreSQL server answers at {address!r}")
    finally:
        server.dispose()
    return own.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of an installed Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        missing("chromium", "there is no Chromium on the PATH (Debian: apt-get install chromium)")
    return str(found)
