"""``/go/{token}``: the way from a messaging app to this chat.

Apps look at links before people do, so looking changes nothing: the page has one button, and only
this uses the link up. The button goes on to the chat as if the person had pressed it there.
"""

from __future__ import annotations

from aiohttp import web

from bot.channels.web import views
from bot.keys import REPLIES, WEB_LINKS
from bot.records.web_links import WebLink

NOT_KEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


async def show(request: web.Request) -> web.Response:
    """The button. A link that is used up or too old leads to the chat itself."""
    link = request.app[WEB_LINKS].look(request.match_info["token"])
    if link is None or not link.fresh:
        return _chat(link)
    language = request.app[REPLIES].catalogues.languages[link.language]
    label = request.app[REPLIES].library.labels["open_page"]
    html = request.app[views.PAGES].render("go.html", language, link=link, label=label)
    return web.Response(text=html, content_type="text/html", headers=NOT_KEPT)


async def use(request: web.Request) -> web.Response:
    """Use the link up; the browser repeats its form at the chat (307 keeps method and form)."""
    links, token = request.app[WEB_LINKS], request.match_info["token"]
    link = links.look(token)
    if link is None or not links.use(token):
        return _chat(link)
    headers = {"Location": f"/chat?lang={link.language}", **NOT_KEPT}
    return web.Response(status=307, headers=headers)


def _chat(link: WebLink | None) -> web.Response:
    place = f"/?lang={link.language}" if link else "/"
    return web.Response(status=303, headers={"Location": place, **NOT_KEPT})
