"""The chat in Chromium, as people use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot.composition import languages
from tests.service import Service

pytestmark = pytest.mark.browser
PICTURES = Path("var/pictures")
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

# A question each, in a language of each writing direction and script.
QUESTIONS = {
    "ar": ("ابني مريض وعنده حرارة، كيف أحجز موعد عند الطبيب في المركز الصحي؟", "health_services"),
    "fi": ("Miten saan ajan lääkärille terveysasemalle?", "health_services"),
    "so": ("Sidee ballan dhakhtar uga sameystaa xarunta caafimaadka?", "health_services"),
    "zh": ("我怎么在卫生中心预约看医生？", "health_services"),
}


def _ask(page: Page, text: str) -> None:
    page.locator("#message").fill(text)
    page.locator("#composer .send").click()


@pytest.mark.parametrize("code", list(QUESTIONS))
def test_a_conversation(page: Page, service: Service, code: str) -> None:
    """Ask, read the answer with its source, press a follow-up, switch to another subject."""
    language = languages()[code]
    page.goto(f"{service.url}/?lang={code}")
    expect(page.locator("html")).to_have_attribute("dir", language.direction)
    _ask(page, QUESTIONS[code][0])
    answer = page.locator("article.silta.answer").last
    expect(answer).to_be_visible(timeout=15_000)
    expect(answer).to_have_attribute("lang", code)
    expect(answer).to_have_attribute("dir", language.direction)
    assert answer.locator(".sources a").count() >= 1
    assert answer.locator('a[href="tel:116117"]').count() >= 1
    answer.locator(".choices button").first.click()
    expect(page.locator("article.silta.answer")).to_have_count(2, timeout=15_000)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"chat-{code}.png", full_page=True)


@pytest.mark.parametrize("code", list(languages()))
def test_axe_finds_nothing(page: Page, service: Service, code: str) -> None:
    """In every language: the greeting, an answer, danger."""
    page.goto(f"{service.url}/?lang={code}")
    page.locator(".tools button").first.click()
    page.locator("article.silta.menu .choices button").first.click()
    page.locator("article.silta.category .choices button").first.click()
    expect(page.locator("article.silta.answer")).to_be_visible(timeout=15_000)
    page.locator("article.silta.answer details").evaluate_all(
        "all => all.forEach(d => d.open = true)"
    )
    results = Axe().run(page, options=WCAG)
    assert results.violations_count == 0, results.generate_report()


def test_by_keyboard_alone(page: Page, service: Service) -> None:
    """Skip link, typing, Enter, and the focus is seen."""
    page.goto(f"{service.url}/?lang=en")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("How do I see a doctor at the health station?")
    page.keyboard.press("Enter")
    expect(page.locator("article.silta.answer")).to_be_visible(timeout=15_000)
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_without_a_connection_nothing_is_lost_and_nothing_doubled(
    page: Page, service: Service
) -> None:
    """Messages written offline wait, survive a reload, and are sent once."""
    page.goto(f"{service.url}/?lang=en")
    page.context.set_offline(True)
    _ask(page, "What is the emergency number in Finland?")
    expect(page.locator("#status")).to_contain_text("no connection", timeout=5_000)
    page.context.set_offline(False)
    expect(page.locator("article.silta.answer, article.silta.suggest")).to_be_visible(
        timeout=15_000
    )
    page.reload()
    expect(page.locator("article.person")).to_have_count(1)


def test_a_killed_service_loses_nothing(page: Page, service: Service) -> None:
    """kill -9 while the page is open; it answers when the service is back."""
    page.goto(f"{service.url}/?lang=en")
    _ask(page, "How do I see a doctor at the health station?")
    expect(page.locator("article.silta.answer")).to_be_visible(timeout=15_000)
    service.kill()
    _ask(page, "How do I find a flat to rent?")
    expect(page.locator("#status")).not_to_be_empty(timeout=5_000)
    service.start()
    expect(page.locator("article.silta:not(.greet)")).to_have_count(2, timeout=45_000)
    page.reload()
    expect(page.locator("article.person")).to_have_count(2)


def test_without_javascript(browser: Browser, service: Service) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{service.url}/?lang=fa")
    page.locator(".tools button").first.click()
    page.locator("article.silta .choices button").first.click()
    page.locator("article.silta .choices button").last.click()
    assert page.locator("article.person").count() == 3
    context.close()


def test_the_language_is_changed_on_the_page(page: Page, service: Service) -> None:
    """From Finnish to Arabic: the whole page turns round."""
    page.goto(f"{service.url}/?lang=fi")
    page.locator("summary").first.click()
    page.locator('.languages button[lang="ar"]').click()
    page.wait_for_url("**/?lang=ar*")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("article.silta").last).to_have_attribute("lang", "ar")


def test_zoom_forced_colours_and_reduced_motion(browser: Browser, service: Service) -> None:
    """At 400 % (320 CSS pixels) nothing must be scrolled sideways (WCAG 1.4.10)."""
    context = browser.new_context(
        viewport={"width": 320, "height": 256}, forced_colors="active", reduced_motion="reduce"
    )
    page = context.new_page()
    for code in ("fi", "ar", "ti"):
        page.goto(f"{service.url}/?lang={code}")
        page.locator(".tools button").first.click()
        expect(page.locator("article.silta.menu").last).to_be_visible(timeout=15_000)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, code
    context.close()


def test_delete_clears_the_page(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/?lang=en")
    _ask(page, "How do I see a doctor at the health station?")
    expect(page.locator("article.silta.answer")).to_be_visible(timeout=15_000)
    page.locator('.tools button[value="/delete_data"]').click()
    page.locator('button[value="/confirm_delete"]').click()
    expect(page.locator("article.person")).to_have_count(0)
    expect(page.locator("article.silta.deleted")).to_be_visible()
    page.reload()
    expect(page.locator("article")).to_have_count(1)


def test_the_widget_opens_inside_another_site(page: Page, service: Service) -> None:
    page.route(
        "**/host-page",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<!doctype html><html lang="so"><title>x</title><body>'
            f'<script src="{service.url}/widget.js"></script></body></html>',
        ),
    )
    page.goto(f"{service.url}/host-page")
    page.locator("button").click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("html")).to_have_attribute("lang", "so", timeout=15_000)
