"""The whole service with both sides of a talk, as HTTP sees it."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.answers.replies import Replies
from bot.app import create_app
from bot.clock import FINLAND
from bot.desk.services import DESK
from bot.keys import OFFICE, TALKS
from bot.settings import Settings
from tests.desk.conftest import PASSWORD, Browser, Worker, sign_in

NIGHT = dt.datetime(2026, 11, 24, 23, 0, tzinfo=FINLAND).timestamp()
MORNING = dt.datetime(2026, 11, 25, 9, 30, tzinfo=FINLAND).timestamp()
FRAGMENT = {"Accept": "text/vnd.silta.messages+html"}


@dataclass
class Newcomer:
    """Somebody at the chat page: without scripts, but for ``news``."""

    client: TestClient
    language: str
    page: str = ""

    async def write(self, text: str, **more: str) -> str:
        """Send words; what comes back is the page."""
        return await self._send({"message": text, **more})

    async def press(self, payload: str, **more: str) -> str:
        """Press a button."""
        return await self._send({"choice": payload, **more})

    async def press_titled(self, title: str) -> str:
        """Press a button of the last page by its words."""
        buttons = re.findall(r'value="([^"]+)"[^>]*>([^<]*)</button>', self.page)
        payloads = [value for value, words in buttons if html.unescape(words).strip() == title]
        return await self.press(html.unescape(payloads[-1]))

    async def look(self) -> str:
        """Open the page."""
        response = await self.client.get(f"/?lang={self.language}")
        self.page = await response.text()
        return html.unescape(self.page)

    async def news(self, after: int = 0, **more: str) -> str:
        """What the script asks for."""
        url = f"/talk/news?lang={self.language}&after={after}"
        return html.unescape(await (await self.client.get(url, params=more)).text())

    async def _send(self, form: dict[str, str]) -> str:
        response = await self.client.post(f"/chat?lang={self.language}", data=form)
        assert response.status == 200
        self.page = await response.text()
        return html.unescape(self.page)


@dataclass
class House:
    """The running service: newcomers come in at one side, workers at the other."""

    app: web.Application
    server: TestServer
    replies: Replies
    clients: list[TestClient]

    def at(self, moment: float) -> None:
        """Set the office's clock."""
        self.app[OFFICE].clock = lambda: moment

    async def newcomer(self, language: str = "so") -> Newcomer:
        return Newcomer(await self._client(), language)

    async def worker(self, name: str = "anna.virtanen", municipality: str = "kajaani") -> Browser:
        desk = self.app[DESK]
        account = desk.accounts.begin(
            name, desk.accounts.add(name, "caseworker", municipality, "fi"), PASSWORD
        )
        assert account is not None
        desk.second_factor.enrolment_uri(account)
        someone = Worker(name, desk.second_factor.secret(account).replace(" ", ""))
        assert desk.second_factor.confirm(account, someone.now_code())
        browser = Browser(await self._client())
        await sign_in(browser, someone)
        return browser

    def app_talks(self) -> list[str]:
        """The addresses of the open talks at the desk."""
        return [f"/desk/talks/{talk.id}" for talk in self.app[TALKS].open()]

    def say(self, message: str, language: str, **params: str) -> str:
        """A sentence as it is shown in a language."""
        return self.replies.catalogues.translator(language).plain(message, **params)

    async def _client(self) -> TestClient:
        client = TestClient(self.server)
        await client.start_server()
        self.clients.append(client)
        return client


@pytest.fixture
async def new_house(
    settings: Settings, replies: Replies
) -> AsyncIterator[Callable[..., Awaitable[House]]]:
    opened: list[House] = []

    async def make(**chosen: object) -> House:
        app = create_app(replace(settings, **chosen), replies)
        house = House(app, TestServer(app), replies, [])
        await house.server.start_server()
        opened.append(house)
        return house

    yield make
    for house in opened:
        for client in house.clients:
            await client.close()
        await house.server.close()


@pytest.fixture
async def house(new_house: Callable[..., Awaitable[House]]) -> House:
    return await new_house()
