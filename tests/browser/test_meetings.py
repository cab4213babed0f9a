"""A caseworker offers times in Finnish; a newcomer picks one in Arabic on her phone."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from pathlib import Path

import icalendar
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.assessment.answers import Answer, Draft
from bot.clock import FINLAND
from bot.composition import working_hours
from bot.records.advance import AdvanceRecords
from bot.records.references import new_secret
from tests.browser.test_chat import WCAG
from tests.browser.test_desk import _picture
from tests.browser.workers import Person
from tests.service import Service

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "ar"}


def _sent(records: AdvanceRecords) -> tuple[str, str]:
    """Somebody who needs an interpreter; returns the reference and her code."""
    given = {"A1": {"value": ("ar",)}, "A2": {"value": "yes"}, "A2_language": {"value": ("ar",)}}
    answers = {key: Answer(key, language="ar", **more) for key, more in given.items()}
    sender, secret = f"web:{time.time_ns()}", new_secret()
    records.save_draft(sender, Draft("ar", "1", answers=answers))
    return records.send(sender, "kajaani", secret=secret), secret


def _working_days(count: int) -> list[dt.date]:
    day, found = dt.datetime.now(FINLAND).date(), []
    while len(found) < count:
        day += dt.timedelta(days=1)
        if working_hours().is_working_day(day):
            found.append(day)
    return found


def _downloaded(page: Page, press: Callable[[], None]) -> icalendar.Event:
    with page.expect_download() as waiting:
        press()
    calendar = icalendar.Calendar.from_ical(Path(waiting.value.path()).read_bytes())
    (event,) = calendar.walk("VEVENT")
    return event


def test_a_meeting_from_the_offer_to_both_calendars(
    person: Callable[..., Person],
    new_page: Callable[..., Page],
    service: Service,
    records: AdvanceRecords,
) -> None:
    reference, secret = _sent(records)
    worker = person("caseworker").page
    worker.goto(f"{service.url}/desk/records/{reference}")
    days = _working_days(2)
    _offer(worker, days, "09:30")
    expect(worker.get_by_text("Asiakas ei ole vielä vastannut")).to_be_visible()
    expect(worker.get_by_label("Viesti asiakkaalle")).to_have_value(re.compile(reference))
    worker.locator("#h-meeting").scroll_into_view_if_needed()
    worker.screenshot(path=_picture("meeting-offered"), full_page=True)

    hers = new_page(**PHONE)
    hers.goto(f"{service.url}/receipt?lang=ar")
    hers.locator("#reference").fill(reference)
    hers.locator("#code").fill(secret)
    hers.locator("button[value=show]").click()
    expect(hers.locator(".meeting button[name=time]")).to_have_count(2)
    assert hers.locator(".meeting").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert Axe().run(hers, options=WCAG).violations_count == 0
    hers.screenshot(path=_picture("meeting-choose"), full_page=True)
    hers.locator(".meeting button[name=time]").nth(1).click()
    expect(hers.locator(".meeting time")).to_be_visible()
    assert Axe().run(hers, options=WCAG).violations_count == 0
    assert hers.evaluate("document.documentElement.scrollWidth <= innerWidth")
    hers.screenshot(path=_picture("meeting-agreed"), full_page=True)
    her_event = _downloaded(hers, hers.locator("button[value=calendar]").click)

    worker.reload()
    expect(worker.get_by_text("Aika on sovittu").first).to_be_visible()
    worker.screenshot(path=_picture("meeting-agreed-desk"), full_page=True)
    assert Axe().run(worker, options=WCAG).violations_count == 0
    their_event = _downloaded(worker, worker.get_by_role("link", name="Kalenteritiedosto").click)
    chosen = dt.datetime.combine(days[1], dt.time(9, 30), FINLAND)
    for event in (her_event, their_event):
        assert event["dtstart"].dt == chosen
        assert event["duration"].dt == dt.timedelta(minutes=60)
        assert event["location"] == "Pohjolankatu 13, 87100 Kajaani"
    assert their_event["summary"] == "Tapaaminen"
    assert "Tulkki: arabia" in their_event["description"]

    hers.locator("summary").click()
    hers.locator("button[value=cancel_meeting]").click()
    worker.goto(f"{service.url}/desk/records")
    row = worker.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text("Asiakas on perunut")


def _offer(page: Page, days: list[dt.date], clock: str) -> None:
    """First with a mistake: an evening, which is asked about."""
    page.get_by_text("Ehdota aikoja", exact=True).first.click()
    expect(page.get_by_label("Tulkki", exact=True)).to_have_value("ar")
    for number, day in enumerate(days, 1):
        page.locator(f"[name=day{number}]").fill(day.isoformat())
        page.locator(f"[name=clock{number}]").fill("18:00" if number == 1 else clock)
    page.get_by_role("button", name="Ehdota aikoja").click()
    expect(page.get_by_role("alert")).to_contain_text("ei ole auki")
    page.screenshot(path=_picture("meeting-warned"), full_page=True)
    assert Axe().run(page, options=WCAG).violations_count == 0
    page.locator("[name=clock1]").fill(clock)
    page.get_by_role("button", name="Ehdota näitä aikoja silti").click()


def test_what_arrives_is_counted_and_heard(
    person: Callable[..., Person], service: Service, records: AdvanceRecords
) -> None:
    page = person("caseworker").page
    wake = "document.dispatchEvent(new Event('visibilitychange'))"
    sound = page.get_by_role("checkbox", name="Ääni, kun jotain uutta tulee")
    expect(sound).not_to_be_checked()
    sound.check()
    expect(page.locator("#chime")).to_have_attribute("data-chimed", "1")
    reference, _ = _sent(records)
    with page.expect_response("**/records/rows*"):
        page.evaluate(wake)
    expect(page.get_by_role("link", name=reference)).to_be_visible()
    expect(page.locator("#chime .badge")).to_have_text("Uusia luettelossa: 1")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    expect(page.locator("#chime")).to_have_attribute("data-chimed", "2")
    page.screenshot(path=_picture("chime"))
    page.evaluate(wake)  # coming back to the tab: seen
    expect(page.locator("#chime .badge")).to_be_hidden()
    page.reload()
    expect(sound).to_be_checked()
    expect(page).not_to_have_title(re.compile(r"^\("))


def test_a_sound_that_the_browser_holds_back_is_told_in_words(
    person: Callable[..., Person], service: Service, records: AdvanceRecords
) -> None:
    """The wish is kept; in a new window the first press anywhere is enough, and off is off."""
    first = person("caseworker").page
    first.get_by_role("checkbox", name="Ääni").check()
    page = first.context.new_page()
    page.goto(f"{service.url}/desk/records")
    # All that Playwright asks a page counts as a press of the person; what is asked here does not.
    quietly = page.context.new_cdp_session(page)

    def asked(expression: str) -> object:
        sent = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        return quietly.send("Runtime.evaluate", sent)["result"].get("value")

    wake = "document.dispatchEvent(new Event('visibilitychange'))"
    _sent(records)
    with page.expect_response("**/records/rows*"):
        asked(wake)
    told = asked(
        "new Promise(done => { const place = document.querySelector('#chime'), look = () =>"
        " place.querySelector('.badge').hidden || place.querySelector('.silent').hidden"
        " ? setTimeout(look, 50) : done([place.dataset.chimed ?? '0', place.innerText]); look(); })"
    )
    assert isinstance(told, list)
    assert told[0] == "0"
    assert "Uusia luettelossa: 1" in told[1]
    assert "Selain sallii äänen" in told[1]
    page.screenshot(path=_picture("silent"))
    page.get_by_role("heading", level=1).click()
    expect(page.locator("#chime")).to_have_attribute("data-chimed", "1")
    expect(page.get_by_text("Selain sallii äänen")).to_be_hidden()
    assert Axe().run(page, options=WCAG).violations_count == 0
    page.get_by_role("checkbox", name="Ääni").uncheck()
    _sent(records)
    with page.expect_response("**/records/rows*"):
        asked(wake)
    expect(page.locator("#chime .badge")).to_have_text("Uusia luettelossa: 1")
    expect(page.locator("#chime")).to_have_attribute("data-chimed", "1")
