"""A caseworker's day, as HTTP sees it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Awaitable, Callable

import pypdf
import pytest

from bot.assessment.answers import Answer, Draft
from bot.composition import languages
from bot.desk.services import Services
from bot.paper import printer
from bot.paper.printer import PaperMissing
from bot.records.advance import NotFound
from bot.records.database import now
from bot.records.periods import DAY
from tests.conftest import missing
from tests.desk.conftest import SAID, Browser

SignedIn = Callable[..., Awaitable[Browser]]
Sent = Callable[..., str]


async def test_see_open_take_note_import(
    signed_in: SignedIn, sent: Sent, services: Services
) -> None:
    reference, browser = sent(), await signed_in()
    page = await browser.get("/desk/records")
    assert reference in page
    assert "Urgent: housing" in page
    assert "Arabic" in page
    assert "Urgent and not taken: 1" in page

    page = await browser.get(f"/desk/records/{reference}")
    assert SAID in page
    assert re.search(r'<td lang="ar" dir="rtl">', page)
    assert services.records.head(reference, "kajaani").state == "opened"

    page = await browser.post(f"/desk/records/{reference}/take")
    assert services.records.head(reference, "kajaani").taken_by == "anna.virtanen"
    page = await browser.post(f"/desk/records/{reference}/note", note="Soitettu, ei vastannut")
    assert "Soitettu, ei vastannut" in page
    page = await browser.post(f"/desk/records/{reference}/contacted")
    page = await browser.post(f"/desk/records/{reference}/imported")
    assert "It is deleted on" in page
    left = services.records.head(reference, "kajaani").delete_by - now()
    assert left == pytest.approx(14 * DAY, abs=60)

    deeds = [e.what for e in services.audit.entries("kajaani", reference)]
    assert deeds == [
        "record_imported",
        "record_contacted",
        "record_noted",
        "record_taken",
        "record_opened",
    ]


async def test_what_was_said_stands_in_no_log(
    signed_in: SignedIn, sent: Sent, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    reference, browser = sent(), await signed_in()
    await browser.get(f"/desk/records/{reference}")
    await browser.post(f"/desk/records/{reference}/note", note="Soitettu, ei vastannut")
    await browser.get(f"/desk/records/{reference}/export.json")
    entries = repr(services.audit.entries("kajaani"))
    assert SAID not in entries + caplog.text
    assert "Soitettu" not in entries + caplog.text
    with pytest.raises(ValueError, match="ids, no text"):
        services.audit.write("kajaani", "anna.virtanen", "record_noted", reference, "She said no")


async def test_notes_are_sealed_and_go_with_the_record(
    signed_in: SignedIn, sent: Sent, services: Services, database_of_desk: object
) -> None:
    import sqlalchemy as sa

    from bot.records.desk_tables import record_notes
    from bot.records.retention import purge_desk

    assert isinstance(database_of_desk, sa.engine.Engine)
    reference, browser = sent(), await signed_in()
    await browser.get(f"/desk/records/{reference}")
    await browser.post(f"/desk/records/{reference}/note", note="Soitettu, ei vastannut")
    with database_of_desk.connect() as connection:
        row = connection.execute(sa.select(record_notes)).one()
    assert "Soitettu" not in repr(tuple(row))
    services.records.delete(reference, "kajaani")  # as the person does, or the clock
    purge_desk(database_of_desk)
    assert services.notes.of(reference, "kajaani") == []


async def test_nothing_of_another_municipality_is_seen(
    signed_in: SignedIn, sent: Sent, services: Services
) -> None:
    """Not in the list, not by its reference, not by any deed, not in the log, not in counts."""
    reference = sent("sotkamo")
    here = await signed_in("anna.virtanen", "lead")
    assert reference not in await here.get("/desk/records")
    assert reference not in await here.get("/desk/records/rows")
    path = f"/desk/records/{reference}"
    for address in (path, f"{path}/export.json", f"{path}/export.txt", f"{path}/export.pdf"):
        page = await here.get(address)
        assert here.status == 404
        assert SAID not in page
    for deed in ("take", "pass-on", "note", "contacted", "imported", "closed", "delete"):
        await here.get("/desk/me")
        await here.post(f"{path}/{deed}", note="x", reason="test", colleague="x")
        assert here.status == 404, deed
    assert services.records.head(reference, "sotkamo").state == "new"
    assert "Arabic" not in await here.get("/desk/counts")

    there = await signed_in("bo.sotkamo", "caseworker", municipality="sotkamo")
    await there.get(path)
    auditor = await signed_in("cecilia.audit", "auditor")
    page = await auditor.get("/desk/log")
    assert reference not in page
    assert "bo.sotkamo" not in page
    assert "anna.virtanen" in page


async def test_accounts_of_another_municipality_are_out_of_reach(
    signed_in: SignedIn, services: Services
) -> None:
    services.accounts.add("bo.sotkamo", "caseworker", "sotkamo")
    browser = await signed_in("adam.admin", "administrator")
    assert "bo.sotkamo" not in await browser.get("/desk/accounts")
    for deed in ("reset", "close", "open"):
        await browser.get("/desk/accounts")
        await browser.post(f"/desk/accounts/bo.sotkamo/{deed}")
        assert browser.status == 404


async def test_two_take_the_same_record(
    signed_in: SignedIn, sent: Sent, services: Services
) -> None:
    """The slower one is told who has it, and can take it over knowingly."""
    reference = sent()
    anna, bo = await signed_in("anna.virtanen"), await signed_in("bo.korhonen")
    for browser in (anna, bo):
        await browser.get(f"/desk/records/{reference}")
    await anna.post(f"/desk/records/{reference}/take")
    page = await bo.post(f"/desk/records/{reference}/take")
    assert "A colleague took this record first" in page
    assert services.records.head(reference, "kajaani").taken_by == "anna.virtanen"
    await bo.post(f"/desk/records/{reference}/take", **{"from": "anna.virtanen"})
    assert services.records.head(reference, "kajaani").taken_by == "bo.korhonen"


async def test_passing_on(signed_in: SignedIn, sent: Sent, services: Services) -> None:
    reference, anna = sent(), await signed_in()
    await signed_in("bo.korhonen", "lead")
    await signed_in("cecilia.audit", "auditor")
    page = await anna.get(f"/desk/records/{reference}")
    assert "<option>bo.korhonen" in page
    assert "cecilia.audit" not in page
    await anna.post(f"/desk/records/{reference}/pass-on", colleague="cecilia.audit")
    assert services.records.head(reference, "kajaani").taken_by is None
    await anna.get(f"/desk/records/{reference}")
    await anna.post(f"/desk/records/{reference}/pass-on", colleague="bo.korhonen")
    assert services.records.head(reference, "kajaani").taken_by == "bo.korhonen"


async def test_deleting_needs_a_reason_from_the_list(
    signed_in: SignedIn, sent: Sent, services: Services
) -> None:
    reference, browser = sent(), await signed_in()
    await browser.get(f"/desk/records/{reference}")
    page = await browser.post(f"/desk/records/{reference}/delete", reason="because")
    assert "Choose a reason" in page
    await browser.post(f"/desk/records/{reference}/delete", reason="person_asked")
    assert browser.at == "/desk/records"
    with pytest.raises(NotFound):
        services.records.head(reference, "kajaani")
    last = services.audit.entries("kajaani", reference)[0]
    assert (last.what, last.detail) == ("record_deleted", "person_asked")


async def test_the_list_is_filtered_and_searched(
    signed_in: SignedIn, sent: Sent, services: Services
) -> None:
    urgent, calm = sent(), sent(flags=("interpreter",))
    browser = await signed_in()
    await browser.get(f"/desk/records/{calm}")
    await browser.post(f"/desk/records/{calm}/take")
    shown = {
        "?state=new": {urgent},
        "?state=taken": {calm},
        "?flag=interpreter": {calm},
        "?mine=1": {calm},
        f"?q={urgent[:9].replace('-', ' ')}": {urgent},
        "": {urgent, calm},
        "?q=000000000000000": set(),
    }
    for query, wanted in shown.items():
        page = await browser.get(f"/desk/records{query}")
        assert {r for r in (urgent, calm) if r in page} == wanted, query
    page = await browser.get("/desk/records")
    assert page.index(urgent) < page.index(calm)


async def test_the_script_gets_rows_once(signed_in: SignedIn, sent: Sent) -> None:
    """What has not changed is not sent again; after the session there is nothing but 401."""
    sent()
    browser = await signed_in()
    await browser.get("/desk/records/rows")
    assert browser.response
    tag = browser.response.headers["ETag"]
    await browser.get("/desk/records/rows", **{"If-None-Match": tag})
    assert browser.status == 304
    reference = sent()
    page = await browser.get("/desk/records/rows", **{"If-None-Match": tag})
    assert reference in page
    await browser.get("/desk/me")
    await browser.post("/desk/sign-out")
    await browser.get("/desk/records/rows")
    assert browser.status == 401


async def test_exports(signed_in: SignedIn, sent: Sent, services: Services) -> None:
    reference, browser = sent(), await signed_in()
    body = json.loads(await browser.get(f"/desk/records/{reference}/export.json"))
    assert browser.response
    assert "attachment" in browser.response.headers["Content-Disposition"]
    assert reference in json.dumps(body)
    assert SAID in json.dumps(body, ensure_ascii=False)
    text = await browser.get(f"/desk/records/{reference}/export.txt?summary=fi")
    assert SAID in text
    details = {e.detail for e in services.audit.entries("kajaani", reference)}
    assert details == {"json", "text"}


async def test_what_a_person_wrote_is_never_html(signed_in: SignedIn, services: Services) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    draft = Draft("ar", "1", answers={"M1": Answer("M1", value=evil, said=evil, language="ar")})
    services.records.save_draft("web:x", draft)
    reference = services.records.send("web:x", "kajaani", flags=("<b>",))
    browser = await signed_in()
    page = await browser.get(f"/desk/records/{reference}") + await browser.get("/desk/records")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>" not in page


async def test_the_administrator_lets_a_colleague_in_and_out(
    signed_in: SignedIn, new_browser: Callable[[], Awaitable[Browser]], services: Services
) -> None:
    admin = await signed_in("adam.admin", "administrator")
    await admin.get("/desk/accounts")
    page = await admin.post("/desk/accounts", name="Bo.Korhonen", role="caseworker")
    code = re.search(r'<p class="code"[^>]*>([^<]+)</p>', page)
    assert code
    assert services.accounts.begin("bo.korhonen", code.group(1), "neljä keltaista") is not None
    page = await admin.post("/desk/accounts", name="bo.korhonen", role="lead")
    assert "already" in page
    await admin.post("/desk/accounts/bo.korhonen/close")
    assert services.accounts.with_password("bo.korhonen", "neljä keltaista") is None
    await admin.get("/desk/accounts")
    await admin.post("/desk/accounts/adam.admin/close")
    assert admin.status == 422
    done = [e.what for e in services.audit.entries("kajaani", who="adam.admin")]
    assert done[:2] == ["account_closed", "account_added"]


async def test_a_lead_counts_and_takes_the_numbers_along(signed_in: SignedIn, sent: Sent) -> None:
    """Seven in Arabic, one flag on five of them and another on two."""
    for number in range(7):
        sent(flags=("interpreter",) if number < 5 else ("no_device",))
    browser = await signed_in("lea.lead", "lead")
    page = await browser.get("/desk/counts")
    assert "Records in all: 7" in page
    assert re.search(r"Needs an interpreter</th><td[^>]*>5<", page)
    assert "No device" not in page
    assert "Others" in page
    text = await browser.get("/desk/counts.csv")
    assert "flag,interpreter,5" in text.splitlines()
    assert "flag,others," in text.splitlines()
    assert "no_device" not in text


async def test_reading_on_is_one_entry_in_the_log(
    signed_in: SignedIn, sent: Sent, services: Services
) -> None:
    reference, browser = sent(), await signed_in()
    for language in ("fi", "sv", "en", "fi"):
        await browser.get(f"/desk/records/{reference}?summary={language}")
    assert [e.what for e in services.audit.entries("kajaani", reference)] == ["record_opened"]
    other = await signed_in("bo.korhonen")
    await other.get(f"/desk/records/{reference}")
    assert len(services.audit.entries("kajaani", reference)) == 2


async def test_the_printed_sheet_is_logged_before_it_is_made(
    signed_in: SignedIn, sent: Sent, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sheet with two sides; on a machine without Pango a clear sentence, and all else works."""
    reference, browser = sent(), await signed_in()
    path = f"/desk/records/{reference}/export.pdf?summary=fi"
    if lacking := services.printer.missing({"ar": languages()["ar"], "fi": languages()["fi"]}):
        missing("pango", lacking)
    answer = await browser.client.get(path)
    assert answer.content_type == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    pdf = pypdf.PdfReader(io.BytesIO(await answer.read()))
    assert len(pdf.pages) == 2
    assert reference in pdf.pages[0].extract_text()
    assert {e.detail for e in services.audit.entries("kajaani", reference)} == {"pdf"}

    def absent() -> None:
        raise PaperMissing("Pango")

    monkeypatch.setattr(printer, "_weasyprint", absent)
    page = await browser.get(path)
    assert browser.status == 503
    assert "cannot make a PDF" in page


@pytest.mark.parametrize(
    ("given", "told"),
    [
        # the chat's language was the school's, not hers
        ({"A1": ["so"], "A2": "yes", "A2_language": ["ar"]}, ["Somali", "Arabic", "English"]),
        ({"A1": ["so"], "A2": "yes"}, ["Somali", "Somali", "English"]),
        ({"A1": ["so"], "A2": "no", "A2_language": ["so"]}, ["Somali", None, "English"]),
        ({"A1": ["en"], "A2": "no"}, ["English", None, None]),
        ({}, ["English", None, None]),
    ],
)
async def test_a_list_tells_in_which_language_she_is_met(
    signed_in: SignedIn, services: Services, given: dict, told: list[str | None]
) -> None:
    """What she speaks, her interpreter, and the chat's language where that was another."""
    answers = {key: Answer(key, value=value, language="en") for key, value in given.items()}
    services.records.save_draft("web:x", Draft("en", "1", answers=answers))
    reference = services.records.send("web:x", "kajaani")
    browser, (spoken, interpreter, chat) = await signed_in(), told
    for path in ("/desk/records", f"/desk/records/{reference}"):
        page = await browser.get(path)
        assert f'<span class="spoken">{spoken}</span>' in page
        assert (f"Interpreter: {interpreter}</span>" in page) is bool(interpreter)
        assert ("Talk in English" in page) is bool(chat)
    if not interpreter:
        assert 'class="interpreter"' not in page
