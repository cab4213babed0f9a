"""The same twelve conversations over every app, in four languages, as the person sees them.

``SILTA_UPDATE_GOLDEN=1`` writes the transcripts anew. Of a text they hold its length, beginning
and end, so that a changed translation changes few lines; choices stand there whole.
"""

from __future__ import annotations

import asyncio
import copy
import datetime as dt
import os
import re
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from bot.answers.replies import Replies
from bot.app import create_app
from bot.keys import OFFICE
from bot.settings import Settings
from tests.channels.test_messaging import VENDORS
from tests.channels.vendors import Shown, Talk, Vendor
from tests.handoff.conftest import NIGHT

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("ar", "fi", "so", "zh")
DAY = dt.date(2026, 11, 24)  # the day on which the age of texts and contacts is judged
TAP = "tap"
CONVERSATIONS: dict[str, list[tuple[str, str]]] = {
    "a first meeting": [("start", "")],
    "all subjects": [("start", ""), (TAP, "1")],
    "from a subject to an answer": [("start", ""), (TAP, "1"), (TAP, "1"), (TAP, "1")],
    "a part of an answer": [("button", "/ask?topic=health_services"), (TAP, "2")],
    "another language": [("start", ""), (TAP, "3"), (TAP, "3")],
    "a person": [("start", ""), (TAP, "2")],
    "a voice note": [("voice", "")],
    "a place": [("location", "")],
    "a sticker and something unknown": [("sticker", ""), ("unknown", "")],
    "advance information": [("text", "/start_assessment")],
    "deleting": [("start", ""), ("text", "/delete_data"), (TAP, "1"), ("start", "")],
    "a correction": [("text", "/menu"), ("edited", "/help")],
}


async def test_transcripts(settings: Settings, replies: Replies) -> None:
    fixed = copy.copy(replies)
    fixed._today = lambda: DAY
    vendors: dict[str, Vendor] = {name: make() for name, make in VENDORS.items()}
    async with AsyncExitStack() as stack:
        for vendor in vendors.values():
            await stack.enter_async_context(vendor.running())
        channels = {name: vendor.channel() for name, vendor in vendors.items()}
        app = create_app(replace(settings, public_url="https://silta.example"), fixed, channels)
        client = await stack.enter_async_context(TestClient(TestServer(app)))
        app[OFFICE].clock = lambda: NIGHT  # whoever asks for a person leaves a message
        pairs = [(vendor, code) for vendor in vendors.values() for code in LANGUAGES]
        texts = await asyncio.gather(*(_transcript(client, *pair) for pair in pairs))
    wrong = [
        name for pair, text in zip(pairs, texts, strict=True) if (name := _differs(*pair, text))
    ]
    assert not wrong, f"{wrong}: if that is meant, run with SILTA_UPDATE_GOLDEN=1"


def _differs(vendor: Vendor, code: str, text: str) -> str:
    path = GOLDEN / f"{vendor.name}.{code}.txt"
    if os.environ.get("SILTA_UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return "" if path.read_text(encoding="utf-8") == text else path.name


async def _transcript(client: TestClient, vendor: Vendor, code: str) -> str:
    lines: list[str] = []
    for number, (name, steps) in enumerate(CONVERSATIONS.items()):
        person = f"3584{LANGUAGES.index(code)}{number:04d}"
        talk = Talk(client, vendor, person, code)
        lines.append(f"== {name}")
        if not vendor.language_hints:  # the app does not tell: a poster's code or the person does
            await talk.does("button", f'/change_language{{"locale": "{code}"}}')
        for kind, text in steps:
            lines.append(f"> {kind} {text}".rstrip())
            shown = await (talk.taps(int(text)) if kind == TAP else talk.does(kind, text))
            lines += [line for part in shown for line in _lines(part)]
    return "\n".join(lines) + "\n"


def _lines(part: Shown) -> list[str]:
    text = re.sub(r"/go/[\w-]{43}", "/go/…", part.text).replace("\n", " ⏎ ")
    short = text if len(text) <= 160 else f"{text[:80]} … {text[-60:]}"
    choices = [f"  [{part.form}] {title}" for title, _ in part.choices]
    return [f"< {len(text)}: {short}", *choices]
