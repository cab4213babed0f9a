"""The line to PostgreSQL is cut in the middle of a conversation, and comes back."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from aiohttp.test_utils import TestClient, TestServer

from bot.answers.replies import Replies
from bot.app import create_app
from bot.settings import Settings
from tests.conftest import postgres_address

FRAGMENT = {"Accept": "text/vnd.silta.messages+html"}
START = {"choice": "/start_assessment", "delivery": "a"}


class Line(socketserver.ThreadingTCPServer):
    """Passes everything on to the server, in threads of its own, while it is up."""

    daemon_threads = True

    def __init__(self, host: str, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Pass)
        self.beyond = (host, port)
        self.up = True
        self.sockets: list[socket.socket] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def cut(self) -> None:
        self.up = False
        for each in self.sockets:
            each.close()


class _Pass(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        line = self.server
        assert isinstance(line, Line)
        if not line.up:
            return
        beyond = socket.create_connection(line.beyond)
        line.sockets += [self.request, beyond]
        back = threading.Thread(target=_copy, args=(beyond, self.request), daemon=True)
        back.start()
        _copy(self.request, beyond)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return  # cut: that is what this line is for


@pytest.fixture
async def line(
    database: sa.engine.Engine, settings: Settings, replies: Replies, worker_id: str
) -> AsyncIterator[tuple[TestClient, Line]]:
    address = sa.engine.make_url(postgres_address(worker_id))
    passing = Line(str(address.host), address.port or 5432)
    ours = address.set(host="127.0.0.1", port=passing.server_address[1])
    chosen = replace(settings, database=ours.render_as_string(hide_password=False))
    async with TestClient(TestServer(create_app(chosen, replies, {}))) as client:
        yield client, passing
    passing.shutdown()
    passing.server_close()


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_she_is_told_in_her_language_and_goes_on_where_she_was(
    line: tuple[TestClient, Line],
) -> None:
    """Nothing is shown as kept that was not, and what a script sends again counts once."""
    client, passing = line
    await client.post("/chat?lang=so", data=START)
    await client.post("/chat?lang=so", data={"choice": '/answer{"do": "start_short"}'})
    me = {"choice": '/answer{"about": "N2", "option": "self"}', "delivery": "b"}
    passing.cut()
    for path in ("/?lang=so", "/conversation.txt?lang=so", "/talk/news?lang=so"):
        answer = await client.get(path)
        text = await answer.text()
        assert answer.status == 503, path
        assert answer.headers["Retry-After"]
        assert 'lang="so"' in text
        assert "112" in text
    assert (await client.post("/chat?lang=so", data=me, headers=FRAGMENT)).status == 503
    passing.up = True
    kept = await client.post("/chat?lang=so", data=me, headers=FRAGMENT)
    assert kept.status == 200
    assert 'data-question="A1"' in await kept.text()
    again = await client.post("/chat?lang=so", data=me, headers=FRAGMENT)
    assert (await again.text()).count('data-question="A1"') == 1
