"""Composes the service. Importing this module does nothing; ``create_app`` builds it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping

from aiohttp import web

from bot import health
from bot.alerts.running import watch_regularly
from bot.alerts_parts import alert_watch, mail_server
from bot.answers.replies import Replies
from bot.channels import rest
from bot.channels.web.routes import add_web_chat
from bot.composition import (
    advance_records,
    assessment,
    configure,
    export_plan,
    languages,
    municipality_name,
    office,
    periods,
    vault,
    web_link,
    web_links,
)
from bot.desk.reading import Reader
from bot.desk.routes import add_desk, desk_pages
from bot.desk.services import DESK, open_services
from bot.engine.engine import running_engine
from bot.handoff_service import BOT, running_talks, speaking_in_apps, talking_of
from bot.headers import security_headers
from bot.keys import (
    ADVANCE,
    MEETINGS,
    PRINTER,
    REPLIES,
    SETTINGS,
    TALKS,
    TRANSCRIPTS,
    TURN,
    WEB_LINKS,
)
from bot.messaging.channel import Channel
from bot.messaging.running import MESSAGING, OFFICE, add_routes, running_office
from bot.messaging_channels import messaging_channels
from bot.paper.printer import Printer
from bot.records.database import open_database
from bot.records.meetings import Meetings
from bot.records.retention import purge_regularly
from bot.records.transcripts import Transcripts
from bot.settings import Settings

log = logging.getLogger(__name__)
MAX_BODY = 64 * 1024  # bytes; a message has a few thousand characters at most


def create_app(
    settings: Settings, replies: Replies, messaging: Mapping[str, Channel] | None = None
) -> web.Application:
    """The application. What needs closing is opened by its ``cleanup_ctx``.

    ``messaging``: the messaging apps; those of the settings if it is left out.
    """
    configure(settings)
    app = web.Application(client_max_size=MAX_BODY, middlewares=[health.health_first()])
    app.on_response_prepare.append(security_headers)
    app[SETTINGS] = settings
    app[REPLIES] = replies
    app[PRINTER] = Printer()
    app.cleanup_ctx.append(_records)
    app.cleanup_ctx.append(_engine)
    app.cleanup_ctx.append(running_talks)
    app.cleanup_ctx.append(_paper)
    app.on_cleanup.append(health.forgotten)
    app.add_routes([*health.routes(), *rest.routes()])
    app.cleanup_ctx.append(health.watching)
    add_web_chat(app)
    app[MESSAGING] = messaging_channels(settings) if messaging is None else messaging
    if app[MESSAGING]:
        add_routes(app, app[MESSAGING], settings.metrics_token)
        app.cleanup_ctx.append(_messaging)
    if settings.desk == "on":
        add_desk(app)
        app.cleanup_ctx.append(_desk)
        if settings.smtp_host:
            app.cleanup_ctx.append(_alerts)
    return app


async def _records(app: web.Application) -> AsyncIterator[None]:
    database = open_database(app[SETTINGS].database)
    app[TRANSCRIPTS] = Transcripts(database)
    app[ADVANCE] = advance_records()
    app[MEETINGS] = Meetings(database, vault())
    app[WEB_LINKS] = web_links()
    purging = asyncio.create_task(purge_regularly(database, periods(app[SETTINGS])))
    yield
    purging.cancel()
    database.dispose()


async def _desk(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    database = open_database(settings.database)
    pages = desk_pages(languages())
    reader = Reader(assessment(), export_plan(), app[REPLIES].catalogues, municipality_name())
    parts = (advance_records(), pages, reader, talking_of(app), office(), app[PRINTER])
    app[DESK] = open_services(settings, database, vault(), *parts)
    yield
    database.dispose()


async def _paper(app: web.Application) -> AsyncIterator[None]:
    """Says soon after the start, not at the first use, what a PDF lacks on this machine."""
    known = app[REPLIES].catalogues.languages
    looking = asyncio.create_task(asyncio.to_thread(app[PRINTER].missing, known))

    def tell(done: asyncio.Task[str]) -> None:
        if not done.cancelled() and done.result():
            log.warning("no PDF can be made until this is installed: %s", done.result())

    looking.add_done_callback(tell)
    yield
    looking.cancel()


async def _alerts(app: web.Application) -> AsyncIterator[None]:
    database = open_database(app[SETTINGS].database)
    watch = alert_watch(app[DESK], database)
    watching = asyncio.create_task(watch_regularly(watch, mail_server(app[SETTINGS])))
    yield
    watching.cancel()
    database.dispose()


async def _engine(app: web.Application) -> AsyncIterator[None]:
    async with running_engine(app[SETTINGS], app[REPLIES]) as engine:
        app[BOT] = engine
        yield


async def _messaging(app: web.Application) -> AsyncIterator[None]:
    database = open_database(app[SETTINGS].database)
    parts = (database, vault(), app[TURN], app[REPLIES], web_link)
    lease = app[SETTINGS].messaging_lease
    talks = (app[TALKS], speaking_in_apps(app))
    async with running_office(app[MESSAGING], *parts, lease, *talks) as office:
        app[OFFICE] = office
        yield
    database.dispose()
