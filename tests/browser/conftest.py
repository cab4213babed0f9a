"""A real service in a process of its own, and a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bot.records.accounts import Accounts
from bot.records.advance import AdvanceRecords
from bot.records.database import open_database
from bot.records.vault import open_vault
from tests.browser.workers import Person
from tests.service import Service

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("service"))
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def new_page(browser: Browser, service: Service) -> Iterator[Callable[..., Page]]:
    """Pages of separate browsers; a script error, a foreign request or something that the page's
    own policy had to stop fails the test.
    """
    contexts, errors = [], []

    def make(**options: object) -> Page:
        chosen = {"viewport": {"width": 1280, "height": 900}, "locale": "fi-FI", **options}
        context = browser.new_context(**chosen)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if "Content Security" in m.text else 0)
        page.on(
            "request",
            lambda r: errors.append(r.url) if not r.url.startswith(service.url) else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page on a phone."""
    return new_page(viewport={"width": 390, "height": 844}, locale="en-US")


@pytest.fixture
def records(service: Service) -> AdvanceRecords:
    return AdvanceRecords(open_database(service.database), open_vault("", service.key_file))


@pytest.fixture
def person(new_page: Callable[..., Page], service: Service) -> Callable[..., Person]:
    """Somebody who has begun and is at the first page of the role."""
    number = 0

    def make(role: str, municipality: str = "kajaani", **options: object) -> Person:
        nonlocal number
        number += 1
        name = f"{role}.{number}.{time.time_ns()}"
        accounts = Accounts(open_database(service.database))
        someone = Person(new_page(**options), service, name)
        someone.begin(accounts.add(name, role, municipality))
        return someone

    return make
