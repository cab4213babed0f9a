"""The desk alone, as HTTP sees it: no chat, no model."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pyotp
import pytest
import sqlalchemy as sa
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.assessment.answers import Answer, Draft
from bot.composition import (
    assessment,
    export_plan,
    languages,
    municipality_name,
    office,
    phrases,
    working_hours,
)
from bot.desk.reading import Reader
from bot.desk.routes import add_desk, desk_pages
from bot.desk.services import DESK, Services, open_services
from bot.desk.talking import Talking
from bot.files import ROOT
from bot.handoff.office import Office
from bot.handoff.rules import Patience
from bot.i18n.catalogues import Catalogues
from bot.paper.printer import Printer
from bot.records.advance import AdvanceRecords
from bot.records.database import now, open_database
from bot.records.talks import Talks
from bot.records.transcripts import Transcripts
from bot.records.vault import Key, Vault
from bot.settings import Settings

PASSWORD = "kolme sinistä kuusta"
HIDDEN = re.compile(r'name="csrf" value="([^"]+)"')


@pytest.fixture
def vault() -> Vault:
    return Vault([Key.new()])


@pytest.fixture
async def services(settings: Settings, vault: Vault) -> AsyncIterator[Services]:
    database = open_database(settings.database)
    records = AdvanceRecords(database, vault)
    pages = desk_pages(languages())
    catalogues = Catalogues(languages(), ROOT / "locales")
    reader = Reader(assessment(), export_plan(), catalogues, municipality_name())
    talking = new_talking(settings, database, vault)
    parts = (pages, reader, talking, office(), Printer())
    yield open_services(settings, database, vault, records, *parts)
    database.dispose()


def new_talking(settings: Settings, database: sa.engine.Engine, vault: Vault) -> Talking:
    """Talks without a chat."""
    talks = Talks(database, vault)
    terms = (working_hours(), talks, settings.talk_days, now)
    office = Office(settings.municipality, *terms)
    return Talking(talks, Transcripts(database), phrases(), office, Patience())


@pytest.fixture
def database_of_desk(settings: Settings) -> sa.engine.Engine:
    return open_database(settings.database)


@dataclass
class Browser:
    """Somebody's browser: follows redirects, keeps cookies, sends the form's secret."""

    client: TestClient
    secrets: dict[str, str] = field(default_factory=dict)
    page: str = ""
    status: int = 0
    response: ClientResponse | None = None

    async def get(self, path: str, **headers: str) -> str:
        return await self._read(await self.client.get(path, headers=headers))

    async def post(self, path: str, **form: str) -> str:
        found = HIDDEN.search(self.page)
        secret = {"csrf": found.group(1)} if found else {}
        return await self._read(await self.client.post(path, data={**secret, **form}))

    async def _read(self, response: ClientResponse) -> str:
        self.response, self.status = response, response.status
        self.page = await response.text()
        return self.page

    @property
    def at(self) -> str:
        assert self.response is not None
        return self.response.url.path


@pytest.fixture
async def new_browser(services: Services) -> AsyncIterator[Callable[[], Awaitable[Browser]]]:
    app = web.Application()
    app[DESK] = services
    add_desk(app)
    server = TestServer(app)
    clients = []

    async def make() -> Browser:
        client = TestClient(server)
        await client.start_server()
        clients.append(client)
        return Browser(client)

    yield make
    for client in clients:
        await client.close()


@pytest.fixture
async def browser(new_browser: Callable[[], Awaitable[Browser]]) -> Browser:
    return await new_browser()


@dataclass
class Worker:
    """Somebody with an account that is in use. ``now_code`` gives a code never used before."""

    name: str
    secret: str
    used: int = 0

    def now_code(self) -> str:
        # Codes of the time step before, now and after are taken, each once and only forwards.
        step = max(int(now()) // 30 - 1, self.used + 1)
        self.used = step
        return pyotp.TOTP(self.secret).generate_otp(step)


@pytest.fixture
def worker(services: Services) -> Callable[..., Worker]:
    def make(
        name: str = "anna.virtanen", role: str = "caseworker", municipality: str = "kajaani"
    ) -> Worker:
        code = services.accounts.add(name, role, municipality, "en")
        account = services.accounts.begin(name, code, PASSWORD)
        assert account is not None
        services.second_factor.enrolment_uri(account)
        made = Worker(name, services.second_factor.secret(account).replace(" ", ""))
        assert services.second_factor.confirm(account, made.now_code())
        return made

    return make


@pytest.fixture
def signed_in(
    new_browser: Callable[[], Awaitable[Browser]], worker: Callable[..., Worker]
) -> Callable[..., Awaitable[Browser]]:
    """A browser in which somebody has signed in."""

    async def make(name: str = "anna.virtanen", role: str = "caseworker", **more: str) -> Browser:
        someone = worker(name, role, **more)
        browser = await new_browser()
        await sign_in(browser, someone)
        return browser

    return make


async def sign_in(browser: Browser, someone: Worker, password: str = PASSWORD) -> None:
    await browser.get("/desk/sign-in")
    await browser.post("/desk/sign-in", name=someone.name, password=password)
    await browser.post("/desk/code", code=someone.now_code())


SAID = "أريد أن أتعلم اللغة وأعمل كهربائيا"


@pytest.fixture
def sent(services: Services) -> Callable[..., str]:
    """Advance information that somebody sent in Arabic; returns its reference."""

    def make(municipality: str = "kajaani", flags: tuple[str, ...] = ("housing_urgent",)) -> str:
        answers = [
            Answer("R1", value="nowhere", language="ar"),
            Answer("M1", value=SAID, said=SAID, language="ar"),
            Answer("F5", status="skipped", language="ar"),
        ]
        draft = Draft("ar", "1", answers={a.question: a for a in answers})
        services.records.save_draft("web:x", draft)
        return services.records.send("web:x", municipality, flags=flags)

    return make
