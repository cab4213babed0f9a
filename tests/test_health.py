"""What a supervisor is told: while all is well, and while the database is really away."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator

import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import health
from bot.keys import SETTINGS
from bot.records.database import open_database
from bot.settings import Settings
from tests.channels.test_database_away import Line
from tests.conftest import postgres_address


async def told(client: TestClient, path: str = "/readyz") -> tuple[int, str]:
    answer = await client.get(path)
    return answer.status, (await answer.json())["status"]


@pytest.fixture
def address(database: sa.engine.Engine) -> str:
    """Of a database of each kind that has its tables."""
    return database.url.render_as_string(hide_password=False)


async def asking(address: str) -> AsyncIterator[TestClient]:
    app = web.Application()
    app[SETTINGS] = Settings(database=address)
    app.add_routes(health.routes())
    app.cleanup_ctx.append(health.watching)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def client(address: str) -> AsyncIterator[TestClient]:
    async for each in asking(address):
        yield each


async def test_ready(client: TestClient) -> None:
    assert await told(client) == (200, "ready")
    assert await told(client, "/healthz") == (200, "ok")


async def test_another_release_has_changed_the_database(client: TestClient, address: str) -> None:
    """An operator who went back to an older release sees why nothing works."""
    changing = open_database(address)
    with changing.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    changing.dispose()
    assert await told(client) == (503, "database of another revision")


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_the_database_goes_away_and_comes_back(address: str, worker_id: str) -> None:
    """The process stays alive meanwhile: it still says 112 to whoever writes."""
    real = sa.engine.make_url(postgres_address(worker_id))
    line = Line(str(real.host), real.port or 5432)
    ours = real.set(host="127.0.0.1", port=line.server_address[1])
    async for client in asking(ours.render_as_string(hide_password=False)):
        assert await told(client) == (200, "ready")
        line.cut()
        assert await told(client) == (503, "database away")
        assert await told(client, "/healthz") == (200, "ok")
        line.up = True
        assert await told(client) == (200, "ready")
    line.shutdown()
    line.server_close()


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word, as behind a broken firewall."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


async def test_a_database_that_is_silent_counts_as_away(
    silent: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is asked: the questions wait in one thread, not in one each."""
    monkeypatch.setattr(health, "LIMIT", 0.05)
    port = silent.getsockname()[1]
    readiness = health.Readiness(sa.create_engine(f"postgresql://silta@127.0.0.1:{port}/silta"))
    states = await asyncio.gather(*(readiness.state() for _ in range(20)))
    assert set(states) == {health.AWAY}
    first, _ = silent.accept()
    silent.settimeout(0)
    with pytest.raises(BlockingIOError):
        silent.accept()
    first.close()
