"""All that the desk is for, in one walk, with the newcomers' browsers and the workers' at once."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.records.database import now, open_database
from bot.records.periods import DAY, Periods
from bot.records.retention import purge_advance
from tests.assessment.persons import PERSONS
from tests.browser.clocked import ClockedService
from tests.browser.test_assessment import Chat
from tests.browser.test_desk import _check_the_log, _let_in, _picture
from tests.browser.test_meetings import PHONE, _offer, _working_days
from tests.browser.test_talk import SOON, _ask_for_a_person, _say
from tests.browser.workers import Person
from tests.handoff.conftest import MORNING, NIGHT
from tests.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.long]
TOLD = PERSONS["salma"][2] | {"R1": "nowhere"}
HELP = "Guriga waa qabow, ilmahaygu waa buka"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClockedService]:
    running = ClockedService(tmp_path_factory.mktemp("whole"))
    running.at(MORNING)
    running.start()
    yield running
    running.kill()


def test_from_both_newcomers_to_the_auditor(
    new_page: Callable[..., Page], person: Callable[..., Person], service: ClockedService
) -> None:
    worker, auditor = _desk(new_page, service)
    stranger = person("caseworker", "sotkamo").page
    hers = new_page(**PHONE)
    reference, code = _sends_advance_information(hers, service)

    worker.sign_in()
    _reads_and_takes(worker.page, reference)
    _agrees_on_a_time(worker.page, hers, service, reference, code)
    _sees_nothing(stranger, service, f"records/{reference}")
    _exports_and_imports(worker.page, reference)
    _the_clock_deletes(worker.page, service, reference)

    another = new_page(viewport={"width": 390, "height": 844}, locale="so")
    service.at(NIGHT)
    _ask_for_a_person(another, service.url, "so", HELP)
    service.at(MORNING + DAY)
    talk = _answers_by_phrase_book(worker.page, another, service)
    _sees_nothing(stranger, service, f"talks/{talk}")

    _check_the_log(auditor.page, reference)
    auditor.page.get_by_label("Viite").fill(talk)
    auditor.page.get_by_role("button", name="Tarkista loki").click()
    for deed in ("Avasi keskustelun", "Otti keskustelun"):
        expect(auditor.page.get_by_role("row").filter(has_text=deed).first).to_be_visible()
    assert "whole" in service.command("audit", "verify")


def _desk(new_page: Callable[..., Page], service: Service) -> tuple[Person, Person]:
    """A caseworker with a phone for one-time codes, signed out again; and an auditor."""
    names = {role: f"{role}.{time.time_ns()}" for role in ("admin", "worker", "auditor")}
    admin = Person(new_page(), service, names["admin"])
    admin.begin(service.command("accounts", "add", names["admin"]).partition(": ")[2].split()[0])
    worker = Person(new_page(), service, names["worker"])
    worker.begin(_let_in(admin.page, names["worker"], "Asiakastyöntekijä"))
    worker.page.get_by_role("button", name="Kirjaudu ulos").click()
    auditor = Person(new_page(), service, names["auditor"])
    auditor.begin(_let_in(admin.page, names["auditor"], "Lokin tarkastaja"))
    return worker, auditor


def _sends_advance_information(page: Page, service: Service) -> tuple[str, str]:
    chat = Chat(page, service, "ar")
    chat.begin("short")
    while chat.asked not in ("assessment_review", "assessment_go_on"):
        given = TOLD.get(chat.asked)
        value, words = given if isinstance(given, tuple) else (given, "")
        chat.answer(chat.asked, value, words)
        if chat.asked == "assessment_go_on":  # help that is urgent came in between
            chat.press('/answer{"do": "go_on"}')
    return chat.finish()


def _reads_and_takes(page: Page, reference: str) -> None:
    row = page.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text("Kiireellinen: asunto")
    expect(row).to_contain_text("arabia")
    row.get_by_role("link", name=reference).click()
    expect(page.get_by_text("سلمى علي").first).to_be_visible()
    page.get_by_role("button", name="Otan käsittelyyn").click()
    expect(page.get_by_text("Otti käsittelyyn")).to_be_visible()


def _agrees_on_a_time(
    worker: Page, hers: Page, service: Service, reference: str, code: str
) -> None:
    _offer(worker, _working_days(2), "09:30")
    expect(worker.get_by_text("Asiakas ei ole vielä vastannut")).to_be_visible()
    hers.goto(f"{service.url}/receipt?lang=ar")
    hers.locator("#reference").fill(reference)
    hers.locator("#code").fill(code)
    hers.locator("button[value=show]").click()
    hers.locator(".meeting button[name=time]").nth(1).click()
    expect(hers.locator(".meeting time")).to_be_visible()
    worker.reload()
    expect(worker.get_by_text("Aika on sovittu").first).to_be_visible()


def _exports_and_imports(page: Page, reference: str) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    exported = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert reference in json.dumps(exported)
    page.get_by_role("button", name="tiedot siirretty").click()
    expect(page.get_by_role("status")).to_contain_text("Ne poistetaan")


def _the_clock_deletes(page: Page, service: Service, reference: str) -> None:
    database = open_database(service.database)
    purge_advance(database, Periods(), at=now() + 14 * DAY + 60)
    database.dispose()
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("ei ole")
    page.goto(f"{service.url}/desk/records")
    expect(page.get_by_role("row").filter(has_text=reference)).to_have_count(0)


def _answers_by_phrase_book(his: Page, hers: Page, service: Service) -> str:
    """In the morning; returns the talk's reference."""
    his.goto(f"{service.url}/desk/talks")
    his.locator("tr", has_text="somali").locator("a").click()
    expect(his.get_by_text(HELP)).to_be_visible()
    his.screenshot(path=_picture("whole-talk"), full_page=True)
    his.get_by_role("button", name="Otan käsittelyyn").click()
    his.locator("#q").type("tarvitsetko tapaamiseen tulkin")
    found = his.locator("#found form", has_text="Tarvitsetko tapaamiseen tulkin?").first
    found.get_by_role("button").click()
    asked = hers.locator("article.worker").last
    expect(asked).to_be_visible(timeout=40_000)
    expect(asked).to_contain_text(_say("Do you need an interpreter at the appointment?", "so"))
    asked.locator("button").first.click()
    expect(his.locator("#messages .person .mine").last).to_have_text("Kyllä", timeout=SOON)
    hers.screenshot(path=_picture("whole-newcomer"), full_page=True)
    his.get_by_role("button", name="Lopeta keskustelu").click()
    expect(hers.locator("article.talk_ended")).to_be_visible(timeout=SOON)
    return re.findall(r"/talks/(t-[0-9a-f]+)", his.url)[0]


def _sees_nothing(page: Page, service: Service, path: str) -> None:
    """Of another municipality: neither in the list nor by the address."""
    kind, _, reference = path.partition("/")
    page.goto(f"{service.url}/desk/{kind}")
    assert reference not in page.content()
    page.goto(f"{service.url}/desk/{path}")
    expect(page.get_by_role("alert")).to_contain_text("ei ole")
