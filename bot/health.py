"""Whether the service is well: answered before everything else."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.pace import Pace

HEALTH = "/healthz"


async def healthy(request: web.Request) -> web.Response:
    """The process is alive and its model is loaded."""
    return web.json_response({"status": "ok"})


def health_first() -> Middleware:
    """The middleware that lets requests begin one after another, and health at once."""
    pace = Pace()

    @web.middleware
    async def begin(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path != HEALTH:
            async with pace.piece():
                pass
        return await handler(request)

    return begin
