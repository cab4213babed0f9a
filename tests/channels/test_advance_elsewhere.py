"""Advance information over HTTP: what the page keeps, the copy, the receipt, another phone."""

from __future__ import annotations

import re

from aiohttp.test_utils import TestClient

from bot.channels.web.attempts import PERIOD, TRIES, Attempts
from bot.composition import advance_records
from bot.records.references import new_reference, new_secret

FRAGMENT = {"Accept": "text/vnd.silta.messages+html"}


async def send(client: TestClient, live: bool = True, **data: object) -> str:
    headers = FRAGMENT if live else {}
    return await (await client.post("/chat?lang=en", data=data, headers=headers)).text()


def option(question: str, value: str = "") -> str:
    return f'/answer{{"about": "{question}", "option": "{value}"}}'


async def begun(client: TestClient) -> None:
    await send(client, choice="/start_assessment")
    await send(client, choice='/answer{"do": "start_short"}')
    for question, value in (("N2", "self"), ("A1", "so"), ("A2", "no")):
        await send(client, choice=option(question, value))


async def test_the_page_keeps_that_it_was_answered_not_what(client: TestClient) -> None:
    await begun(client)
    await send(client, message="Planted Name")
    page = await (await client.get("/")).text()
    assert "Planted" not in page
    assert "Answered" in page
    assert "Planted" not in await (await client.get("/conversation.txt")).text()
    assert 'data-question="A5"' in page  # the question itself is still there after a reload


async def test_lists_and_boxes_are_put_together(client: TestClient) -> None:
    await begun(client)
    await send(client, choice='/answer{"do": "skip", "about": "A4"}')
    html = await send(client, choice=option("A5"), month="05", year="1990")
    assert 'data-question="A6"' in html
    html = await send(client, choice=option("A5"), month="", year="1990")
    assert 'class="silta assessment_hint"' in html


async def test_the_reading_back_is_shown_once_without_javascript_too(client: TestClient) -> None:
    await begun(client)
    await send(client, message="Planted Name")
    for key in ("A5", "A6", "A7", "R1", "E3", "E5", "K1"):
        await send(client, choice=f'/answer{{"do": "skip", "about": "{key}"}}')
    html = await send(client, live=False, choice='/answer{"do": "skip", "about": "K2"}')
    assert "Planted Name" in html
    page = await (await client.get("/")).text()
    assert "Planted Name" not in page
    assert "Show my answers" in page
    copy = await client.get("/answers.txt?lang=en")
    assert "Planted Name" in await copy.text()
    assert copy.headers["Cache-Control"] == "no-store"


async def test_the_receipt_is_followed_and_cannot_be_guessed(client: TestClient) -> None:
    await begun(client)
    for key in ("A4", "A5", "A6", "A7", "R1", "E3", "E5", "K1", "K2"):
        await send(client, choice=f'/answer{{"do": "skip", "about": "{key}"}}')
    await send(client, choice='/answer{"do": "right"}')
    html = await send(client, choice='/answer{"do": "send"}')
    (listed,) = advance_records().listed("kajaani")
    assert listed.reference in html
    page = await (await client.get("/")).text()
    assert listed.reference in page  # the code is not
    again = await send(client, choice='/answer{"do": "send"}')
    assert listed.reference in again  # sent once, told twice
    assert len(advance_records().listed("kajaani")) == 1
    code = re.findall(r"own code is <bdi[^>]*>([^<]+)</bdi>", again)[0]
    data = {"reference": listed.reference, "code": code, "do": "show"}
    assert "received" in await (await client.post("/receipt?lang=en", data=data)).text()
    for _ in range(TRIES):
        wrong = {"reference": new_reference(), "code": new_secret()}
        assert (await client.post("/receipt?lang=en", data=wrong)).status == 404
    assert (await client.post("/receipt?lang=en", data=data)).status == 429


async def test_a_used_or_wrong_link_leads_to_the_chat(client: TestClient) -> None:
    response = await client.post(f"/resume?lang=en&code={new_secret()}", allow_redirects=False)
    assert response.status == 303
    assert response.headers["Location"] == "/?lang=en"


async def test_no_answers_no_copy(client: TestClient) -> None:
    response = await client.get("/answers.txt?lang=en", allow_redirects=False)
    assert response.status == 303


def test_after_a_while_one_may_try_again() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(TRIES):
        assert not attempts.exhausted("a", "b")
        attempts.wrong("a")
    assert attempts.exhausted("a", "b")
    assert not attempts.exhausted("b")
    now[0] = PERIOD + 1
    assert not attempts.exhausted("a")
