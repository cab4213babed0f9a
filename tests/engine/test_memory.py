"""What was closed is gone: neither our code nor a library's cache keeps it alive."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from bot.answers.replies import Replies
from bot.app import create_app
from bot.handoff_service import BOT
from bot.settings import Settings


async def _used_and_closed(settings: Settings, replies: Replies) -> dict[str, weakref.ref[Any]]:
    """A service that has answered on pages, at the desk and in the chat, and was then closed."""
    app = create_app(settings, replies, {})
    async with TestClient(TestServer(app)) as client:
        assert (await client.post("/chat?lang=en", data={"choice": "/menu"})).status == 200
        assert (await client.get("/desk/sign-in")).status == 200
        assert (await client.get("/nothing")).status == 404
        engine = app[BOT]
        held = {"application": app, "engine": engine, "agent": engine._agent}
        return {name: weakref.ref(kept) for name, kept in held.items()}


async def test_a_closed_service_is_freed(settings: Settings, replies: Replies) -> None:
    closed = [await _used_and_closed(settings, replies) for _ in range(2)]
    await asyncio.sleep(0.05)  # the loop lets go of the last connection
    gc.collect()
    alive = [name for parts in closed for name, part in parts.items() if part() is not None]
    assert alive == []
