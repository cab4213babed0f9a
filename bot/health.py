"""What a supervisor asks: is the process alive, and could it answer a person now?

Neither tells more than that: anybody may ask.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_app import _cached_build_middleware
from sqlalchemy.engine import Engine

from bot.keys import SETTINGS
from bot.pace import Pace
from bot.records.database import DatabaseFailed, open_database
from bot.records.migrating import is_current

ALIVE, ABLE = "/healthz", "/readyz"
FIRST = frozenset({ALIVE, ABLE})  # answered before everything else
LIMIT = 3.0  # seconds; a supervisor that waits longer learns nothing new
READY, AWAY, OTHER_REVISION = "ready", "database away", "database of another revision"


class Readiness:
    """Asks the database. Whoever asks meanwhile gets the same answer: one thread waits at most."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asking: asyncio.Future[str] | None = None

    async def state(self) -> str:
        """``READY``, or what is missing; a database that is slow counts as away."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(asyncio.to_thread(self._look))
        try:
            return await asyncio.wait_for(asyncio.shield(self._asking), LIMIT)
        except asyncio.TimeoutError:
            return AWAY

    def _look(self) -> str:
        try:
            return READY if is_current(self._engine) else OTHER_REVISION
        except DatabaseFailed:
            return AWAY


READINESS = web.AppKey("readiness", Readiness)


async def forgotten(app: web.Application) -> None:
    """aiohttp keeps every application with middlewares in a cache: let go of those closed."""
    _cached_build_middleware.cache_clear()


def health_first() -> Middleware:
    """The middleware that lets requests begin one after another, and a supervisor's at once."""
    pace = Pace()

    @web.middleware
    async def begin(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in FIRST:
            async with pace.piece():
                pass
        return await handler(request)

    return begin


def routes() -> list[web.RouteDef]:
    """The two addresses."""
    return [web.get(ALIVE, healthy), web.get(ABLE, ready)]


async def watching(app: web.Application) -> AsyncIterator[None]:
    """A connection of its own, so that a busy service does not look like one without database."""
    database = open_database(app[SETTINGS].database)
    app[READINESS] = Readiness(database)
    yield
    database.dispose()


async def healthy(request: web.Request) -> web.Response:
    """The process is alive. Nothing is served before the model is loaded."""
    return web.json_response({"status": "ok"})


async def ready(request: web.Request) -> web.Response:
    """The model is loaded, the database answers and is of this release's revision."""
    state = await request.app[READINESS].state()
    return web.json_response({"status": state}, status=200 if state == READY else 503)
