"""``/talk/news``: what came since, for a page that is open. Asked again and again, cheaply."""

from __future__ import annotations

import hashlib

from aiohttp import web

from bot.channels.web import talk, views
from bot.channels.web.conversation import sender_of, token_of
from bot.handoff.talk import Talk
from bot.keys import TALKS, TRANSCRIPTS
from bot.records.talk_attendance import Pulse

STATE = "X-Silta-Talk"
LONGEST = 15  # digits of a message's number; more is no number of ours


async def news(request: web.Request) -> web.Response:
    """What came since the newest message that the page has, and how the talk stands.

    Where nothing is new (the usual case) nothing sealed is opened and nothing is rendered.
    """
    token = token_of(request)
    if token is None:
        return web.Response(status=204)
    sender, after = sender_of(token), _number(request.query.get("after") or "0")
    typing = bool(request.query.get("typing"))
    attendance = request.app[TALKS].attendance
    pulse = attendance.of_conversation(sender)
    tag = _tag(request, pulse)
    if request.headers.get("If-None-Match") == tag:
        attendance.still_there(pulse, typing)
        return web.Response(status=304, headers={"ETag": tag, **views.NOT_STORED})
    since = request.app[TRANSCRIPTS].since(sender, after)
    entries = [e for e in talk.resolved(request, sender, since) if e.role == "silta"]
    language = views.language_of(request, entries)
    talk.noticed(request, sender, entries, typing)
    html = talk.state_line(request, request.app[views.PAGES], language, sender)
    html += request.app[views.PAGES].fragment(language, entries, "embedded" in request.query)
    going_on = request.app[TALKS].open_of(sender)
    headers = {"ETag": tag, STATE: _state(going_on), **views.NOT_STORED}
    return web.Response(text=html, content_type=views.FRAGMENT, charset="utf-8", headers=headers)


def _tag(request: web.Request, pulse: Pulse) -> str:
    """The same as long as the page would show the same. ``after`` is no part of it: what came
    before the last answer is on the page.
    """
    shown = (pulse.mark, talk.types(pulse.presence), request.query.get("lang", ""))
    return f'"{hashlib.sha256(repr(shown).encode()).hexdigest()[:24]}"'


def _state(going_on: Talk | None) -> str:
    return going_on.state if going_on else ""


def _number(text: str) -> int:
    """The number of a message. Raises 400 for what cannot be one."""
    if not text.isdecimal() or len(text) > LONGEST:
        raise web.HTTPBadRequest
    return int(text)
