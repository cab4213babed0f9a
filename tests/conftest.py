"""What the tests share: the real content, a loaded engine, real servers where there are any."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.answers.replies import Replies
from bot.composition import build_replies
from bot.engine.engine import Engine, running_engine
from bot.records.database import open_database
from bot.settings import Settings

REQUIRED = set(os.environ.get("SILTA_REQUIRE", "").split(","))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What only a fully trained model understands is not asked of the quick one."""
    if Path(os.environ.get("SILTA_MODELS", "")).name != "quick":
        return
    for item in items:
        if item.get_closest_marker("understanding"):
            item.add_marker(pytest.mark.skip(reason="needs the full model: make train"))


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
    """A database and keys of the test's own."""
    models = Path(os.environ.get("SILTA_MODELS", Settings.models))
    database = f"sqlite:///{tmp_path / 'silta.db'}"
    return Settings(database=database, key_file=tmp_path / "keys", models=models)


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
        address = postgres_address(worker_id)
        emptied = sa.create_engine(address, future=True)
        with emptied.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        emptied.dispose()
        opened = open_database(address)
    yield opened
    opened.dispose()


@cache
def postgres_address(worker: str) -> str:
    """A new database of this test process's own, so that two may run side by side."""
    default = "postgresql://postgres@127.0.0.1:5432/test"
    address = sa.engine.make_url(os.environ.get("SILTA_TEST_POSTGRES", default))
    own = address.set(database=f"{address.database}_{worker}")
    server = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{own.database}" WITH (FORCE)'))
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
