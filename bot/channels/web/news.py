"""``/talk/news``: what came since, for a page that is open. Asked again and again, cheaply."""

from __future__ import annotations

import hashlib

from aiohttp import web

from bot.channels.web import talk, views
from bot.channels.web.conversation import sender_of, token_of
from bot.keys import TALKS, TRANSCRIPTS

STATE = "X-Silta-Talk"


async def news(request: web.Request) -> web.Response:
    """What came since the newest message that the page has, and how the talk stands."""
    token = token_of(request)
    if token is None:
        return web.Response(status=204)
    sender = sender_of(token)
    after = request.query.get("after", "")
    since = request.app[TRANSCRIPTS].since(sender, int(after) if after.isdecimal() else 0)
    entries = [e for e in talk.resolved(request, sender, since) if e.role == "silta"]
    language = views.language_of(request, entries)
    talk.noticed(request, sender, entries, bool(request.query.get("typing")))
    pages = request.app[views.PAGES]
    html = talk.state_line(request, pages, language, sender)
    html += pages.fragment(language, entries, "embedded" in request.query)
    tag = f'"{hashlib.sha256(html.encode()).hexdigest()[:24]}"'
    going_on = request.app[TALKS].open_of(sender)
    headers = {"ETag": tag, STATE: going_on.state if going_on else "", **views.NOT_STORED}
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers=headers)
    kind = views.FRAGMENT
    return web.Response(text=html, content_type=kind, charset="utf-8", headers=headers)
