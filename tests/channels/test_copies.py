"""A person's own copy after sending: page, text, PDF; with her code alone. No model is needed."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pypdf
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.answers.replies import Replies
from bot.assessment.answers import Draft
from bot.channels.web.attempts import TRIES
from bot.channels.web.routes import add_web_chat
from bot.composition import assessment, languages
from bot.keys import ADVANCE, MEETINGS, PRINTER, REPLIES, SETTINGS
from bot.paper import printer
from bot.paper.printer import PaperMissing, Printer, Sheet
from bot.records.advance import AdvanceRecords
from bot.records.database import open_database
from bot.records.meetings import Meetings
from bot.records.references import new_secret
from bot.records.vault import Key, Vault
from bot.settings import Settings
from tests.assessment.persons import subject
from tests.conftest import missing


@pytest.fixture
async def client(settings: Settings, replies: Replies) -> AsyncIterator[TestClient]:
    app = web.Application()
    app[SETTINGS], app[REPLIES], app[PRINTER] = settings, replies, Printer()
    database, vault = open_database(settings.database), Vault([Key.new()])
    app[ADVANCE], app[MEETINGS] = AdvanceRecords(database, vault), Meetings(database, vault)
    add_web_chat(app)
    async with TestClient(TestServer(app)) as running:
        yield running


@pytest.fixture
def receipt(client: TestClient) -> dict[str, str]:
    """What Salma, who answered in Arabic, got after sending."""
    assert client.app is not None
    records, person = client.app[ADVANCE], subject(assessment().questionnaire, "salma")
    records.save_draft("web:salma", Draft("ar", "1", answers=person.answers))
    code = new_secret()
    return {"reference": records.send("web:salma", "kajaani", secret=code), "code": code}


async def test_she_keeps_what_she_sent(client: TestClient, receipt: dict[str, str]) -> None:
    if lacking := Printer().missing(languages()):
        missing("pango", lacking)
    page = await (await client.post("/receipt?lang=ar", data=receipt)).text()
    for path in ("/answers.pdf", "/answers.txt", "/answers"):
        assert f'formaction="{path}?lang=ar"' in page
    answer = await client.post("/answers.pdf?lang=ar", data=receipt)
    assert answer.headers["Cache-Control"] == "no-store"
    pdf = pypdf.PdfReader(io.BytesIO(await answer.read()))
    assert len(pdf.pages) == 1
    assert receipt["reference"] in pdf.pages[0].extract_text()
    assert "سلمى" in pdf.pages[0].extract_text()
    text = await (await client.post("/answers.txt?lang=fi", data=receipt)).text()
    assert "سلمى" in text
    assert receipt["reference"] in text
    page = await (await client.post("/answers?lang=ar", data=receipt)).text()
    assert "سلمى" in page
    assert "data-prints" in page
    assert f'<bdi dir="ltr" class="code">{receipt["reference"]}</bdi>' in page  # whole, in order


async def test_without_pango_she_is_told_and_has_other_ways(
    client: TestClient, receipt: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent() -> None:
        raise PaperMissing("Pango")

    monkeypatch.setattr(printer, "_weasyprint", absent)
    answer = await client.post("/answers.pdf?lang=en", data=receipt)
    page = await answer.text()
    assert answer.status == 503
    assert "A PDF cannot be made now" in page
    assert 'formaction="/answers.txt?lang=en"' in page
    assert "سلمى" in page


async def test_whoever_asks_for_many_pdfs_waits_for_one_at_a_time(
    client: TestClient, receipt: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who wait hold no thread that others need."""
    if lacking := Printer().missing(languages()):
        missing("pango", lacking)
    assert client.app is not None
    real, inside, most = client.app[PRINTER].pdf, 0, 0

    def counted(sheets: Sequence[Sheet]) -> bytes:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        try:
            return real(sheets)
        finally:
            inside -= 1

    monkeypatch.setattr(client.app[PRINTER], "pdf", counted)
    asked = (client.post("/answers.pdf?lang=ar", data=receipt) for _ in range(4))
    answers = await asyncio.gather(*asked)
    assert [answer.status for answer in answers] == [200] * 4
    assert most == 1


@pytest.mark.parametrize("path", ["/answers", "/answers.txt", "/answers.pdf"])
async def test_a_wrong_code_gives_nothing(
    client: TestClient, receipt: dict[str, str], path: str
) -> None:
    wrong = {**receipt, "code": new_secret()}
    for _ in range(TRIES):
        answer = await client.post(f"{path}?lang=en", data=wrong, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/receipt?lang=en")
    guessed = await client.post(f"{path}?lang=en", data=receipt, allow_redirects=False)
    assert guessed.status == 303  # too many tries: even the right one has to wait
    foreign = {"Origin": "https://elsewhere.example"}
    assert (await client.post(path, data=receipt, headers=foreign)).status == 403


async def test_nothing_is_left_on_the_disk(
    client: TestClient,
    receipt: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No answer in a temporary file, neither during nor after."""
    if lacking := Printer().missing(languages()):
        missing("pango", lacking)
    folder = tmp_path / "tmp"
    folder.mkdir()
    folder.chmod(0o500)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setattr("tempfile.NamedTemporaryFile", _no_file)
    monkeypatch.setattr("tempfile.TemporaryFile", _no_file)
    monkeypatch.setattr("tempfile.mkstemp", _no_file)
    assert (await client.post("/answers.pdf?lang=ar", data=receipt)).status == 200


def _no_file(*_: object, **__: object) -> None:
    raise AssertionError("a temporary file")
