"""Typed keys of what the application holds. bot/app.py fills them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.answers.replies import Replies
from bot.messages import Inbound, Reply
from bot.paper.printer import Printer
from bot.records.advance import AdvanceRecords
from bot.records.transcripts import Transcripts
from bot.records.web_links import WebLinks
from bot.settings import Settings

Turn = Callable[[Inbound], Awaitable[list[Reply]]]

SETTINGS = web.AppKey("settings", Settings)
REPLIES = web.AppKey("replies", Replies)
TRANSCRIPTS = web.AppKey("transcripts", Transcripts)
ADVANCE = web.AppKey("advance", AdvanceRecords)
PRINTER = web.AppKey("printer", Printer)
WEB_LINKS = web.AppKey("web_links", WebLinks)
TURN: web.AppKey[Turn] = web.AppKey("turn", Callable)  # type: ignore[arg-type]  # a generic alias is no class
FORGET: web.AppKey[Callable[[str], Awaitable[None]]] = web.AppKey("forget", Callable)  # type: ignore[arg-type]  # as above
