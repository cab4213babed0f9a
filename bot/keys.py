"""Typed keys of what the application holds. bot/app.py fills them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.answers.replies import Replies
from bot.handoff.interpreting import Translate
from bot.handoff.office import Office
from bot.handoff.showing import Showing
from bot.messages import Inbound, Reply
from bot.paper.printer import Printer
from bot.records.advance import AdvanceRecords
from bot.records.meetings import Meetings
from bot.records.talks import Talks
from bot.records.transcripts import Transcripts
from bot.records.web_links import WebLinks
from bot.settings import Settings

Turn = Callable[[Inbound], Awaitable[list[Reply]]]

SETTINGS = web.AppKey("settings", Settings)
REPLIES = web.AppKey("replies", Replies)
TRANSCRIPTS = web.AppKey("transcripts", Transcripts)
TALKS = web.AppKey("talks", Talks)
SHOWING = web.AppKey("showing", Showing)
OFFICE = web.AppKey("talk_office", Office)
ADVANCE = web.AppKey("advance", AdvanceRecords)
MEETINGS = web.AppKey("meetings", Meetings)
PRINTER = web.AppKey("printer", Printer)
WEB_LINKS = web.AppKey("web_links", WebLinks)
TRANSLATE: web.AppKey[Translate | None] = web.AppKey("translate", Callable)  # type: ignore[arg-type]  # as below
TURN: web.AppKey[Turn] = web.AppKey("turn", Callable)  # type: ignore[arg-type]  # a generic alias is no class
FORGET: web.AppKey[Callable[[str], Awaitable[None]]] = web.AppKey("forget", Callable)  # type: ignore[arg-type]  # as above
