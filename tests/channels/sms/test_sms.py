"""SMS: Twilio's signature, words for stopping and starting, numbers for choices."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient
from twilio.request_validator import RequestValidator

from bot.answers.replies import Replies
from bot.settings import Settings
from tests.channels.sms.server import PUBLIC, TOKEN, SmsServer, signed
from tests.channels.vendors import Talk, served


@pytest.fixture
async def talk(settings: Settings, replies: Replies) -> AsyncIterator[Talk]:
    vendor = SmsServer()
    async with served(settings, replies, vendor) as client:
        yield Talk(client, vendor, "+358401234567", "ar")


@pytest.fixture
def client(talk: Talk) -> TestClient:
    return talk.client


def test_our_server_signs_as_the_documentation_does() -> None:
    """The example of https://www.twilio.com/docs/usage/security#validating-requests"""
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    validator = RequestValidator("12345")
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert validator.compute_signature(url, params) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
    call = signed(params)
    signature = call.headers["X-Twilio-Signature"]
    assert RequestValidator(TOKEN).validate(PUBLIC + call.path, params, signature)


@pytest.mark.parametrize("word", ["STOP", "Stop.", "lopeta", "JOOJI", "停止", "إيقاف", "СТОП"])
async def test_a_word_stops_and_any_word_starts_again(talk: Talk, word: str) -> None:
    await talk.says("/greet")
    assert len(await talk.says(word)) == 1
    assert len(await talk.says("start")) == 1


async def test_a_choice_is_typed_in_own_digits(talk: Talk) -> None:
    await talk.says('/change_language{"locale": "ar"}')
    await talk.says("/menu")
    (categories,) = await talk.says("٣")
    assert "ماذا" in categories.text


async def test_an_sms_holds_no_invisible_marks(talk: Talk) -> None:
    await talk.says('/change_language{"locale": "ar"}')
    shown = await talk.says('/ask{"topic": "health_services"}')
    assert not any(mark in part.text for part in shown for mark in "\u2066\u2067\u2068\u2069")
    assert all(len(part.text) <= 1500 for part in shown)


async def test_nothing_is_replied_to_twilio_itself(talk: Talk, client: TestClient) -> None:
    call = talk.vendor.call(talk.person, "text", "/menu")
    async with client.post(call.path, data=call.body, headers=call.headers) as response:
        assert response.content_type == "text/xml"
        assert (await response.text()).endswith("<Response/>")
