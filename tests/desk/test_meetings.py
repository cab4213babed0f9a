"""A caseworker offers times, a newcomer picks one in her language: two browsers, one database."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable

import icalendar
import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.answers.replies import Replies
from bot.assessment.answers import Answer, Draft
from bot.channels.web.routes import add_web_chat
from bot.clock import FINLAND
from bot.composition import configure, working_hours
from bot.desk.meeting_form import read_times, warned
from bot.desk.services import Services
from bot.keys import ADVANCE, MEETINGS, REPLIES, SETTINGS, TALKS, TRANSCRIPTS
from bot.records.audit import Audit
from bot.records.database import now, open_database
from bot.records.meeting import MeetingChanged, MeetingPassed, Offer
from bot.records.meeting_tables import meetings as table
from bot.records.meetings import Meetings
from bot.records.periods import DAY
from bot.records.resealing import reseal
from bot.records.retention import purge_desk
from bot.records.talks import Talks
from bot.records.transcripts import Transcripts
from bot.records.vault import Key, Vault
from bot.settings import Settings
from tests.desk.conftest import Browser

PLACE = "Lönnrotinkatu 2, 87100 Kajaani"
SIGNS_IN = Callable[..., Awaitable[Browser]]


def next_days(count: int, clock: str = "10:00") -> list[tuple[str, str]]:
    """Working days to come, each with a time at which the office is open."""
    day, found = dt.datetime.now(FINLAND).date(), []
    while len(found) < count:
        day += dt.timedelta(days=1)
        if working_hours().is_working_day(day):
            found.append((day.isoformat(), clock))
    return found


def form(times: list[tuple[str, str]], **more: str) -> dict[str, str]:
    """The form as it is sent."""
    filled = {"minutes": "60", "where": "elsewhere", "place": PLACE, "interpreter": "ar"}
    for number, (day, clock) in enumerate(times, 1):
        filled |= {f"day{number}": day, f"clock{number}": clock}
    return {**filled, **more}


class Person:
    """The newcomer at her receipt page, with a reference and her own code."""

    def __init__(self, client: TestClient, reference: str, code: str) -> None:
        self.client, self.reference, self.code, self.page = client, reference, code, ""
        self.status = 0

    async def press(self, **button: str) -> str:
        found = re.search(r'name="meeting" value="([^"]+)"', self.page)
        fields = {"reference": self.reference, "code": self.code, **button}
        if found:
            fields["meeting"] = found.group(1)
        response = await self.client.post("/receipt?lang=ar", data=fields)
        self.status, self.page = response.status, html.unescape(await response.text())
        return self.page

    def times(self) -> list[str]:
        return re.findall(r'name="time" value="([^"]+)"', self.page)


@pytest.fixture
async def chat(
    services: Services, settings: Settings, replies: Replies
) -> AsyncIterator[TestClient]:
    """The web chat's pages on the desk's database."""
    configure(settings)
    app = web.Application()
    database = open_database(settings.database)
    app[SETTINGS], app[REPLIES] = settings, replies
    app[ADVANCE], app[MEETINGS] = services.records, services.meetings
    app[TRANSCRIPTS], app[TALKS] = Transcripts(database), Talks(database, services.vault)
    add_web_chat(app)
    client = TestClient(TestServer(app))
    await client.start_server()
    yield client
    await client.close()
    database.dispose()


@pytest.fixture
def person(services: Services, chat: TestClient) -> Person:
    """Somebody who sent her advance information in Arabic and wants an interpreter."""
    given = {"A1": {"value": ("ar",)}, "A2": {"value": "yes"}, "A2_language": {"value": ("ar",)}}
    answers = {key: Answer(key, language="ar", **more) for key, more in given.items()}
    services.records.save_draft("web:x", Draft("ar", "1", answers=answers))
    reference = services.records.send("web:x", "kajaani", secret="7KQ2-PM4X-7KQ2-PM4X")
    return Person(chat, reference, "7KQ2-PM4X-7KQ2-PM4X")


async def test_she_picks_a_time_and_both_have_it_in_their_calendars(
    signed_in: SIGNS_IN, person: Person, services: Services
) -> None:
    browser = await signed_in()
    path = f"/desk/records/{person.reference}"
    assert '<option value="ar" selected>Arabic' in await browser.get(path)
    offered = next_days(3)
    await browser.post(f"{path}/meeting", **form(offered))
    assert "has not answered yet" in browser.page
    assert person.reference in browser.page.split("copy-invitation")[2]  # the message to send

    page = await person.press(do="show")
    assert '<html lang="ar" dir="rtl"' in page
    assert PLACE in page
    assert len(person.times()) == len(offered)
    wished = person.times()[1]
    page = await person.press(time=wished)
    assert person.status == 200
    assert person.times() == []

    response = await person.client.post(
        "/receipt?lang=ar",
        data={"reference": person.reference, "code": person.code, "do": "calendar"},
    )
    assert response.content_type == "text/calendar"
    hers = _event(await response.read())
    await browser.get(path)
    assert "The time is agreed" in browser.page
    await browser.get(f"{path}/meeting.ics")
    theirs = _event(browser.page.encode())
    for event in (hers, theirs):
        assert event["dtstart"].dt == dt.datetime.fromisoformat(wished)
        assert event["dtstart"].dt.astimezone(FINLAND).isoformat()[:16] == "T".join(offered[1])
        assert event["duration"].dt == dt.timedelta(minutes=60)
        assert event["location"] == PLACE
    assert theirs["summary"] == "Tapaaminen"
    assert person.reference in theirs["description"]
    assert person.reference not in hers["description"] + hers["summary"]
    assert "/receipt?lang=ar" in hers["description"]
    what = [e.what for e in services.audit.entries("kajaani", person.reference)]
    assert what[:4] == ["record_exported", "meeting_pick", "meeting_proposed", "record_opened"]


def _event(body: bytes) -> icalendar.Event:
    calendar = icalendar.Calendar.from_ical(body)
    (event,) = calendar.walk("VEVENT")
    assert event["status"] == "CONFIRMED"
    return event


async def test_no_time_suits_she_cancels_the_office_takes_back(
    signed_in: SIGNS_IN, person: Person
) -> None:
    browser = await signed_in()
    path = f"/desk/records/{person.reference}"

    async def offer() -> None:
        await browser.get(path)
        await browser.post(f"{path}/meeting", **form(next_days(2)))
        await person.press(do="show")

    await offer()
    await person.press(do="none_suits")
    assert "No time suits the person" in await browser.get(path)
    assert "No time suits the person" in await browser.get("/desk/records")

    await offer()
    await person.press(time=person.times()[0])
    await person.press(do="cancel_meeting")
    assert "The person has cancelled" in await browser.get(path)

    await offer()
    times = person.times()
    await browser.get(path)
    await browser.post(f"{path}/meeting/withdraw")
    assert "Cancelled by the office" in browser.page
    await person.press(time=times[0])
    assert person.status == 409
    assert person.times() == []


def has_begun(services: Services, reference: str, minutes: int) -> None:
    """Let the agreed meeting have begun so many minutes ago."""
    meeting = services.meetings.current(reference)
    assert meeting
    past = dt.datetime.now(dt.timezone.utc) - dt.timedelta(minutes=minutes)
    offer = Offer((past,), 60, PLACE)
    body = services.meetings._seal(meeting.id, offer, past)
    with services.meetings._engine.begin() as connection:
        connection.execute(sa.update(table).where(table.c.id == meeting.id).values(body=body))


async def test_what_has_taken_place_cannot_be_cancelled_any_more(
    signed_in: SIGNS_IN, person: Person, services: Services
) -> None:
    """Neither by her, nor by the office, nor by offering another one."""
    browser = await signed_in()
    path = f"/desk/records/{person.reference}"
    start = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=1)
    services.meetings.propose(person.reference, "kajaani", "anna.virtanen", Offer((start,), 60))
    await person.press(do="show")
    await person.press(time=start.isoformat())
    before = await browser.get(path)
    assert "Cancel the meeting</button>" in before

    has_begun(services, person.reference, minutes=5)
    await person.press(do="show")
    assert PLACE in person.page  # who is late still finds the way
    assert 'value="cancel_meeting"' not in person.page
    has_begun(services, person.reference, minutes=61)
    await person.press(do="cancel_meeting")
    assert person.status == 409
    assert "مضى وقت هذا اللقاء" in person.page
    await browser.post(f"{path}/meeting/withdraw")
    assert "It cannot be cancelled any more" in browser.page
    assert "Cancel the meeting</button>" not in browser.page
    await browser.post(f"{path}/meeting", **form(next_days(1)))
    assert [m.state for m in services.meetings.of(person.reference)] == ["agreed", "proposed"]
    what = [e.what for e in services.audit.entries("kajaani", person.reference)]
    assert "meeting_cancel_meeting" not in what
    assert "meeting_withdrawn" not in what


@pytest.mark.parametrize(
    ("code", "english", "finnish"), [("rom", "Romany", "romani"), ("din", "Dinka", "dinka")]
)
async def test_any_language_that_the_questions_know_can_be_interpreted(
    signed_in: SIGNS_IN,
    person: Person,
    services: Services,
    code: str,
    english: str,
    finnish: str,
) -> None:
    """Also one that Silta does not speak: asked for in the answers, or heard on the phone."""
    browser = await signed_in()
    path = f"/desk/records/{person.reference}"
    assert f'<option value="{code}">{english}</option>' in await browser.get(path)
    await browser.post(f"{path}/meeting", **form(next_days(1), interpreter=code))
    assert f"Interpreter: {english}" in browser.page
    fields = {"reference": person.reference, "code": person.code, "do": "show"}
    response = await person.client.post("/receipt?lang=fi", data=fields)
    assert finnish in html.unescape(await response.text())


async def test_the_language_that_she_asked_for_is_chosen_already(
    signed_in: SIGNS_IN, services: Services
) -> None:
    given = {
        "A1": {"value": ["rom", "ar"]},
        "A2": {"value": "yes"},
        "A2_language": {"value": ["rom"]},
    }
    answers = {key: Answer(key, language="ar", **more) for key, more in given.items()}
    services.records.save_draft("web:x", Draft("ar", "1", answers=answers))
    reference = services.records.send("web:x", "kajaani")
    browser = await signed_in()
    assert '<option value="rom" selected>Romany' in await browser.get(f"/desk/records/{reference}")


def test_clocks_go_forward_and_back_and_ten_stays_ten() -> None:
    """The hour that a clock leaves out is no time; around it ten is ten in Finland."""

    def read(*times: str) -> list[str] | None:
        typed = {}
        for number, time in enumerate(times, 1):
            typed[f"day{number}"], typed[f"clock{number}"] = time.split("T")
        found = read_times(typed)
        return None if found is None else [at.isoformat()[:16] for at in found]

    assert read("2027-03-26T10:00", "2027-03-29T10:00") == ["2027-03-26T08:00", "2027-03-29T07:00"]
    assert read("2026-10-23T10:00", "2026-10-26T10:00") == ["2026-10-23T07:00", "2026-10-26T08:00"]
    assert read("2027-03-28T03:30") is None
    assert read("2027-03-28T04:00") == ["2027-03-28T01:00"]


async def test_what_she_can_see_of_it_by_law(person: Person, services: Services) -> None:
    """With an interpreter: that it is free, and what may follow. Without: how to ask for one."""
    start = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=2)
    told = {}
    for language in ("ar", ""):
        offer = Offer((start,), 30, "", language)
        services.meetings.propose(person.reference, "kajaani", "anna.virtanen", offer)
        fields = {"reference": person.reference, "code": person.code, "do": "show"}
        response = await person.client.post("/receipt?lang=en", data=fields)
        told[language] = html.unescape(await response.text())
    for page in told.values():
        assert "by phone" in page
        assert "free for you" in page
        assert "Please cancel" in page
    assert "a part of the interpreter's cost" in told["ar"]
    assert "never asks this from a person under 18" in told["ar"]
    assert "interpreter's cost" not in told[""]


async def test_her_conversation_knows_the_way_while_it_has_the_receipt(
    person: Person, services: Services
) -> None:
    """In the browser from which she sent: a link, and no code to type. In another: nothing."""
    from bot.channels.web.conversation import COOKIE, new_token, sender_of

    token = new_token()
    services.records.save_draft(sender_of(token), Draft("ar", "1", answers={}))
    reference = services.records.send(sender_of(token), "kajaani")
    start = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=2)
    offer = Offer((start,), 30)
    services.meetings.propose(reference, "kajaani", "anna.virtanen", offer)
    assert 'href="/meeting' not in await (await person.client.get("/?lang=ar")).text()
    response = await person.client.get("/meeting?lang=ar")
    assert response.url.path == "/receipt"
    cookies = {"Cookie": f"{COOKIE}={token}"}
    page = await (await person.client.get("/?lang=ar", headers=cookies)).text()
    assert 'href="/meeting?lang=ar"' in page
    page = await (await person.client.get("/meeting?lang=ar", headers=cookies)).text()
    assert f'name="time" value="{start.isoformat()}"' in html.unescape(page)


async def test_a_wrong_code_neither_shows_nor_moves_anything(
    signed_in: SIGNS_IN, person: Person, services: Services
) -> None:
    start = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=2)
    services.meetings.propose(person.reference, "kajaani", "x.y", Offer((start,), 30))
    person.code = "2222-2222-2222-2222"
    for button in ({"do": "show"}, {"time": start.isoformat()}, {"do": "none_suits"}):
        page = await person.press(**button)
        assert person.status == 404
        assert "/receipt" in page and "T" in start.isoformat() and start.isoformat() not in page
    assert services.meetings.states("kajaani") == {person.reference: "proposed"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day1": ""}, "at least one time"),
        ({"clock1": "25:00"}, "at least one time"),
        ({"day1": "2020-01-02"}, "in the future"),
        ({"place": ""}, "Write the place"),
        ({"where": "moon"}, "Write the place"),
        ({"interpreter": "<b>"}, "at least one time"),
        ({"minutes": "999"}, "at least one time"),
    ],
)
async def test_a_mistake_is_told_and_what_was_typed_stays(
    signed_in: SIGNS_IN, person: Person, services: Services, typed: dict[str, str], said: str
) -> None:
    browser = await signed_in()
    path = f"/desk/records/{person.reference}"
    await browser.get(path)
    await browser.post(f"{path}/meeting", **form(next_days(2), **typed))
    assert browser.status == 422
    assert said in browser.page
    assert next_days(2)[1][0] in browser.page
    assert services.meetings.current(person.reference) is None


async def test_a_time_at_which_nobody_works_is_asked_about_once(
    signed_in: SIGNS_IN, person: Person, services: Services
) -> None:
    browser = await signed_in()
    path = f"/desk/records/{person.reference}"
    await browser.get(path)
    late = form(next_days(1, "14:30"))
    await browser.post(f"{path}/meeting", **late)
    assert browser.status == 422
    assert "not open for all of this time" in browser.page
    found = re.search(r'name="confirmed" value="([^"]+)"', browser.page)
    assert found
    other = form(next_days(2, "14:30"))  # confirmed was one time, not two
    await browser.post(f"{path}/meeting", **other, confirmed=html.unescape(found.group(1)))
    assert browser.status == 422
    await browser.post(f"{path}/meeting", **late, confirmed=html.unescape(found.group(1)))
    assert browser.status == 200
    assert services.meetings.states("kajaani") == {person.reference: "proposed"}


def test_what_is_warned_about() -> None:
    """Holidays by name, evenings, and the day on which the record is gone."""

    def at(text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(text).replace(tzinfo=FINLAND)

    times = ("2026-12-07T10:00", "2026-12-24T10:00", "2026-12-07T14:30", "2026-12-12T10:00")
    offer = Offer(tuple(at(time) for time in times), 60)
    gone = at("2026-12-20T00:00").timestamp()
    found = [(w.at, w.problem, w.holiday) for w in warned(offer, working_hours(), gone, "fi")]
    assert found == [
        (at("2026-12-24T10:00"), "on_holiday", "Jouluaatto"),
        (at("2026-12-24T10:00"), "after_deletion", ""),
        (at("2026-12-07T14:30"), "out_of_hours", ""),
        (at("2026-12-12T10:00"), "out_of_hours", ""),
    ]


async def test_another_municipality_can_do_nothing(
    signed_in: SIGNS_IN, person: Person, services: Services
) -> None:
    start = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=2)
    services.meetings.propose(person.reference, "kajaani", "x.y", Offer((start,), 30))
    browser = await signed_in("eero.other", municipality="sotkamo")
    path = f"/desk/records/{person.reference}/meeting"
    for action in (path, f"{path}/withdraw"):
        await browser.get("/desk/me")
        await browser.post(action, **form(next_days(1)))
        assert browser.status == 404
    await browser.get(f"{path}.ics")
    assert browser.status == 404
    assert services.meetings.states("kajaani") == {person.reference: "proposed"}
    assert services.meetings.states("sotkamo") == {}


# --- the store, on both databases

OFFER = Offer((dt.datetime(2030, 1, 2, 8, tzinfo=dt.timezone.utc),), 45, PLACE, "ar")


def test_a_meeting_is_sealed_resealed_and_gone_with_its_record(database: sa.engine.Engine) -> None:
    old, new = Key.new(), Key.new()
    meetings = Meetings(database, Vault([old]))
    meetings.propose("1-2", "kajaani", "anna", OFFER)
    with database.connect() as connection:
        stored = str(connection.execute(sa.select(table)).all())
    assert PLACE not in stored and "2030" not in stored
    assert reseal(database, Vault([new, old])) == 1
    found = Meetings(database, Vault([new])).current("1-2", "kajaani")
    assert found is not None and found.offer == OFFER
    purge_desk(database, now() + DAY)  # there is no record of that reference
    assert meetings.of("1-2") == []


def test_two_who_answer_at_once_do_not_both_succeed(database: sa.engine.Engine) -> None:
    meetings = Meetings(database, Vault([Key.new()]))
    meetings.propose("1-2", "kajaani", "anna", OFFER)
    seen = meetings.current("1-2")
    assert seen is not None
    meetings.pick(seen, OFFER.times[0])
    assert _logged(database) == ["meeting_pick", "meeting_proposed"]
    for answer in (lambda: meetings.pick(seen, OFFER.times[0]), lambda: meetings.refuse(seen)):
        with pytest.raises(MeetingChanged):
            answer()
    with pytest.raises(MeetingChanged):
        meetings.pick(seen, OFFER.times[0] + dt.timedelta(hours=1))
    assert _logged(database) == ["meeting_pick", "meeting_proposed"]  # what did not happen is not
    meetings.propose("1-2", "kajaani", "anna", OFFER)
    assert [m.state for m in meetings.of("1-2")] == ["withdrawn", "proposed"]
    with pytest.raises(ValueError, match="one to 4"):
        meetings.propose("1-2", "kajaani", "anna", Offer(OFFER.times * 5, 45))
    with pytest.raises(MeetingPassed):
        meetings.propose("1-2", "kajaani", "anna", Offer((dt.datetime.now(dt.timezone.utc),), 45))


def _logged(database: sa.engine.Engine) -> list[str]:
    return [entry.what for entry in Audit(database).entries("kajaani", "1-2")]


def test_what_the_log_does_not_take_does_not_happen(database: sa.engine.Engine) -> None:
    meetings = Meetings(database, Vault([Key.new()]))
    with pytest.raises(ValueError, match="ids"):
        meetings.propose("1-2", "kajaani", "Anna from the office", OFFER)
    assert meetings.of("1-2") == []
    meetings.propose("1-2", "kajaani", "anna", OFFER)
    seen = meetings.current("1-2")
    assert seen
    with pytest.raises(ValueError, match="ids"):
        meetings.withdraw(seen, "Anna from the office")
    assert [m.state for m in meetings.of("1-2")] == ["proposed"]
