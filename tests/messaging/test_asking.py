"""Asking a vendor: where the settings say, and nowhere else."""

from __future__ import annotations

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.messaging.asking import ask


async def test_a_vendor_that_leads_elsewhere_is_not_followed() -> None:
    """Neither token nor words reach a server that only an answer names (SSRF)."""
    reached: list[str] = []

    async def inner(request: web.Request) -> web.Response:
        reached.append(request.path)
        return web.Response()

    async def outer(request: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect("/inner")

    app = web.Application()
    app.add_routes([web.post("/outer", outer), web.post("/inner", inner)])
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        answered = await ask(http, "POST", str(server.make_url("/outer")), json={"text": "x"})
    assert answered.status == 307
    assert not answered.ok
    assert reached == []
