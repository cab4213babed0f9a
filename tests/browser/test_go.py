"""From a messaging app to the chat, in Chromium: one button, in the person's language."""

from __future__ import annotations

import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.records.pseudonyms import Pseudonyms
from bot.records.vault import open_vault
from bot.records.web_links import WebLinks
from tests.browser.test_chat import WCAG, pytestmark
from tests.service import Service

__all__ = ["pytestmark"]


def _link(service: Service, language: str) -> str:
    engine = sa.create_engine(service.database, future=True)
    names = Pseudonyms(engine, open_vault("", service.key_file))
    return f"{service.url}/go/{WebLinks(engine, names).new(language, '/start_assessment')}"


def test_a_link_opens_the_subject_once_in_the_persons_language(
    page: Page, service: Service
) -> None:
    address = _link(service, "ar")
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    page.locator("button.send").click()
    expect(page.locator("article.person")).to_be_visible(timeout=15_000)
    assert page.url.startswith(f"{service.url}/?lang=ar")
    expect(page.locator("article.silta").last).to_be_visible()
    page.goto(address)  # used up: the chat itself, with the conversation so far
    assert page.url.startswith(f"{service.url}/?lang=ar")
    expect(page.locator("article.person")).to_have_count(1)
