"""A database that is away: a page in her language that says so, and scripts try again."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import wraps

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.channels.web import views
from bot.records.database import DatabaseFailed

log = logging.getLogger(__name__)


def calm(route: web.RouteDef) -> web.RouteDef:
    """The route, which answers 503 where the database does not answer: nothing was kept."""
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]] = route.handler

    @wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except DatabaseFailed as error:
            log.error("web: %s at %s", type(error).__name__, route.path)
            return views.fault(request, "utter_fault")

    guarded: Handler = answer
    return web.RouteDef(route.method, route.path, guarded, route.kwargs)
