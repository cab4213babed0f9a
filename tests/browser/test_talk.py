"""A newcomer and a caseworker in Chromium, each with a browser of their own, at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.composition import build_replies
from tests.browser.test_chat import PICTURES, WCAG
from tests.browser.workers import Person
from tests.service import Service

pytestmark = pytest.mark.browser
SOON = 15_000  # milliseconds; both pages ask every two or three seconds
HELP = "أحتاج مساعدة في ملء استمارة"


def _say(text: str, code: str) -> str:
    return build_replies().catalogues.translator(code).plain(text)


def _write(page: Page, text: str) -> None:
    page.locator("#message").fill(text)
    page.locator("#composer .send").click()


def _press(page: Page, title: str, code: str) -> None:
    page.get_by_role("button", name=_say(title, code), exact=True).last.click()


def _ask_for_a_person(page: Page, url: str, code: str, text: str) -> None:
    """At any hour: in the queue, or with a message that is ready."""
    page.goto(f"{url}/?lang={code}")
    page.locator('.tools button[value="/handoff"]').click()
    expect(page.locator("#talk .state p").first).to_be_visible(timeout=SOON)
    closed = page.locator("#talk .state").get_attribute("data-state") == "writing"
    if closed:
        _press(page, "Here in this chat", code)
        expect(page.locator("article.talk_write_message")).to_be_visible(timeout=SOON)
    _write(page, text)
    kind = "talk_message_kept" if closed else "talk_kept"
    expect(page.locator(f"article.{kind}")).to_be_visible(timeout=SOON)
    if closed:
        _press(page, "My message is ready", code)
        expect(page.locator("article.talk_left")).to_be_visible(timeout=SOON)


def test_a_talk_in_two_languages(
    service: Service,
    new_page: Callable[..., Page],
    person: Callable[..., Person],
) -> None:
    """Asked in Arabic, answered from the Finnish phrase book, live, with nothing reloaded."""
    hers = new_page(viewport={"width": 390, "height": 844}, locale="ar")
    _ask_for_a_person(hers, service.url, "ar", HELP)

    worker = person("caseworker")
    his = worker.page
    his.get_by_role("link", name="Keskustelut").click()
    his.locator("tr", has_text="arabia").locator("a").click()
    expect(his.get_by_text(HELP)).to_be_visible()
    his.get_by_role("button", name="Otan käsittelyyn").click()
    expect(hers.locator("article.talk_begun")).to_be_visible(timeout=40_000)

    his.locator("#q").type("tarjota ajan")
    his.get_by_role("button", name="Täytä").click()
    his.get_by_label("Päivä", exact=True).fill("2027-03-01")
    his.get_by_label("Kellonaika").fill("09:30")
    his.get_by_role("button", name="Näytä, miltä se näyttää").click()
    expect(his.locator(".phrase h3")).to_be_visible()
    his.locator(".phrase").get_by_role("button", name="Lähetä").click()
    offered = hers.locator("article.worker").last
    expect(offered).to_be_visible(timeout=SOON)
    expect(offered).to_have_attribute("dir", "rtl")
    offered.locator("summary").click()
    expect(offered.locator('[lang="fi"]')).to_contain_text("maanantai 1. maaliskuuta 2027")
    expect(his.get_by_text("Näkyy henkilön sivulla")).to_be_visible(timeout=SOON)
    offered.locator("button").first.click()
    expect(his.locator("#messages .person .mine").last).to_have_text(
        "Kyllä, se sopii minulle", timeout=SOON
    )

    his.get_by_label("Viesti suomeksi").type("Hienoa!")
    expect(hers.locator("#talk .typing")).to_be_visible(timeout=SOON)
    his.locator('form[action$="/say"]').get_by_role("button").click()
    last = hers.locator("article.worker").last
    expect(last).to_contain_text("Hienoa!", timeout=SOON)
    expect(last).to_contain_text(_say("This text is in Finnish.", "ar"))
    hers.locator("#message").type("شكرا")
    expect(his.locator("#latest")).to_have_text("Henkilö kirjoittaa…", timeout=SOON)
    hers.locator("#composer .send").click()
    expect(his.locator("#messages .person").last).to_contain_text("شكرا", timeout=SOON)
    _pictures_and_axe(hers, his)

    before = hers.locator("article").count()
    hers.reload()
    expect(hers.locator("article.worker")).to_have_count(2)  # nothing lost, nothing doubled
    assert hers.locator("article").count() == before - 1  # the greeting is not kept

    his.get_by_role("button", name="Lopeta keskustelu").click()
    expect(hers.locator("article.talk_ended")).to_be_visible(timeout=SOON)
    hers.locator("article.talk_ended button").first.click()
    expect(hers.locator("article.talk_rated")).to_be_visible(timeout=SOON)


def test_what_was_missed_without_a_connection_comes_with_it(
    service: Service,
    new_page: Callable[..., Page],
    person: Callable[..., Person],
) -> None:
    """Her phone loses the network in the middle: both sides' messages arrive, each once."""
    hers = new_page(viewport={"width": 390, "height": 844}, locale="fi")
    _ask_for_a_person(hers, service.url, "fi", "Tarvitsen apua")
    his = person("lead").page
    his.get_by_role("link", name="Keskustelut").click()
    his.locator("tr", has_text="suomi").locator("a").click()
    his.get_by_role("button", name="Otan käsittelyyn").click()
    expect(hers.locator("article.talk_begun")).to_be_visible(timeout=40_000)
    hers.context.set_offline(True)
    _write(hers, "Oletko siellä?")
    hers.locator('.tools button[value="/menu"]').click()  # the bot answers it, with a newer number
    his.get_by_label("Viesti suomeksi").fill("Olen täällä")
    his.locator('form[action$="/say"]').get_by_role("button").click()
    expect(his.locator("#messages .worker").last).to_contain_text("Olen täällä")
    _written_long_ago(service)
    hers.route("**/talk/news*", lambda route: route.abort())  # her own message is first
    hers.context.set_offline(False)
    expect(hers.locator("article.waiting")).to_have_count(0, timeout=40_000)
    hers.unroute("**/talk/news*")
    expect(hers.locator("article.worker")).to_have_count(1, timeout=40_000)
    expect(his.locator("#messages .person")).to_have_count(2, timeout=40_000)
    expect(his.locator("#messages .person").last).to_contain_text("Oletko siellä?")
    his.get_by_role("button", name="Lopeta keskustelu").click()


def _written_long_ago(service: Service) -> None:
    """As if she had been without a connection for long: nothing counts as just written."""
    database = sa.create_engine(service.database, future=True)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE transcripts SET created = created - 600"))
    database.dispose()


def test_nothing_typed_is_lost_and_no_sign_in_page_stands_among_the_phrases(
    service: Service, new_page: Callable[..., Page], person: Callable[..., Person]
) -> None:
    """The worker reloads; then her session ends in the middle of a sentence."""
    hers = new_page(viewport={"width": 390, "height": 844}, locale="fi")
    _ask_for_a_person(hers, service.url, "fi", "Tarvitsen apua")
    his = person("caseworker").page
    his.get_by_role("link", name="Keskustelut").click()
    his.locator("tr", has_text="suomi").last.locator("a").click()
    his.get_by_role("button", name="Otan käsittelyyn").click()
    field = his.get_by_label("Viesti suomeksi")
    field.fill("Mietin vielä")
    his.reload()
    expect(field).to_have_value("Mietin vielä")
    expect(his.locator("#messages .person")).to_contain_text(["Tarvitsen apua"])
    his.context.clear_cookies()
    his.locator("#q").type("tulkki")
    expect(his.locator("#news")).to_contain_text("Istuntosi on päättynyt", timeout=SOON)
    expect(his.locator("#found")).not_to_contain_text("Salasana")
    expect(field).to_have_value("Mietin vielä")
    his.locator('form[action$="/say"]').get_by_role("button").click()
    expect(field).to_have_value("Mietin vielä")


def _pictures_and_axe(hers: Page, his: Page) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, page in (("newcomer", hers), ("worker", his)):
        page.screenshot(path=PICTURES / f"talk-{name}.png", full_page=True)
        found = Axe().run(page, options={"runOnly": WCAG["runOnly"]})
        assert found.violations_count == 0, found.generate_report()
    his.set_viewport_size({"width": 390, "height": 844})
    his.screenshot(path=PICTURES / "talk-worker-phone.png", full_page=True)
    his.set_viewport_size({"width": 1280, "height": 900})
