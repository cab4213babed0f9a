"""Rasa's REST contract."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.test_utils import TestClient

WEBHOOK = "/webhooks/rest/webhook"


async def test_a_message_is_answered_as_rasa_would(client: TestClient) -> None:
    body = {
        "sender": "someone",
        "message": '/ask{"topic": "health_services"}',
        "metadata": {"language": "ar"},
    }
    response = await client.post(WEBHOOK, json=body)
    (message,) = await response.json()
    assert set(message) == {"recipient_id", "text", "buttons", "custom"}
    assert message["recipient_id"] == "someone"
    assert all(set(button) == {"title", "payload"} for button in message["buttons"])
    custom = message["custom"]
    assert (custom["topic"], custom["language"]) == ("health_services", "ar")
    assert custom["reviewed"] == "2026-11-24"
    assert {"url", "publisher", "seen"} == set(custom["sources"][0])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"message": ""}',
        b'{"message": 5}',
        b'{"sender": "", "message": "hi"}',
        b'{"sender": ["x"], "message": "hi"}',
        b'{"sender": "' + b"x" * 500 + b'", "message": "hi"}',
        b'{"message": "\xff\xfe"}',
        b"[" * 20_000,
    ],
    ids=range(12),
)
async def test_what_is_no_message_is_refused_without_a_trace(
    client: TestClient, body: bytes
) -> None:
    response = await client.post(WEBHOOK, data=body, headers={"Content-Type": "application/json"})
    assert response.status == 400
    text = await response.text()
    assert "Traceback" not in text
    assert len(text) < 400


async def test_a_huge_body_is_refused(client: TestClient) -> None:
    response = await client.post(WEBHOOK, data=b"x" * 1_000_000)
    assert response.status == 413


async def test_a_rest_sender_cannot_reach_a_web_conversation(client: TestClient) -> None:
    """Names of conversations are apart by channel."""
    await client.post(WEBHOOK, json={"sender": "web:abc", "message": "/menu"})
    page = await client.get("/")
    assert "/menu{" not in await page.text()


async def test_health(client: TestClient) -> None:
    assert await (await client.get("/webhooks/rest/")).json() == {"status": "ok"}
    assert (await client.get("/healthz")).status == 200


@pytest.mark.parametrize("page", [False, True], ids=["rest", "page"])
async def test_a_flood_does_not_hold_up_the_question_after_health(
    client: TestClient, page: bool
) -> None:
    """Asked when the first is answered, it waits for a turn or two, not for all that are ready."""
    done: list[str] = []
    begun = asyncio.Event()

    async def say(sender: str) -> None:
        if page:
            sent = client.post("/chat", data={"message": "/menu"}, allow_redirects=False)
        else:
            sent = client.post(WEBHOOK, json={"sender": sender, "message": "/menu"})
        assert (await sent).status in (200, 303)
        done.append(sender)
        begun.set()

    async def ask() -> None:
        await begun.wait()
        assert (await client.get("/healthz")).status == 200
        done.append("health")

    await asyncio.gather(*(say(f"someone {number}") for number in range(60)), ask())
    assert done.index("health") < len(done) / 3
