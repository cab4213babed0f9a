"""The web chat's handlers: they parse, call and answer."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot import clock
from bot.addresses import address
from bot.assets import Asset, asset_response
from bot.channels.web import meetings, private, talk
from bot.channels.web.conversation import new_token, remember, sender_of, token_of
from bot.channels.web.fields import filled
from bot.channels.web.pages import Pages
from bot.i18n.formats import long_date
from bot.i18n.languages import Language
from bot.i18n.negotiate import from_accept_language
from bot.keys import REPLIES, SETTINGS, TALKS, TRANSCRIPTS, TURN
from bot.locks import Locks
from bot.messages import Inbound, TooBusy, TurnFailed
from bot.records.transcripts import Entry

PAGES = web.AppKey("pages", Pages)
ASSETS: web.AppKey[dict[str, Asset]] = web.AppKey("assets", dict)
DELIVERIES = web.AppKey("deliveries", Locks)
RETRY_AFTER = "2"  # seconds
SHOWN = 60  # messages of a long conversation on the page; all of them are in the saved file
SAVED = 10_000
DELIVERY_LENGTH = 60
NOT_STORED = {"Cache-Control": "no-store"}
FRAGMENT = "text/vnd.silta.messages+html"
OWN_PAGES = ("same-origin", "none")  # none: the person herself, not a page


async def page(request: web.Request) -> web.Response:
    """The chat, with the conversation of this browser."""
    entries = _entries(request, SHOWN)
    html = _page(request, entries)
    return web.Response(text=html, content_type="text/html", headers=NOT_STORED)


def _page(request: web.Request, entries: list[Entry]) -> str:
    token = token_of(request)
    sender = sender_of(token) if token else ""
    language = language_of(request, entries)
    if sender:
        talk.noticed(request, sender, entries, typing=False)
    state = talk.state_line(request, request.app[PAGES], language, sender)
    shown = entries or [_greeting(request, language)]
    invitation = meetings.invitation(request, sender) if sender else ""
    embedded = "embedded" in request.query
    return request.app[PAGES].page(language, shown, embedded, state, invitation)


async def chat(request: web.Request) -> web.Response:
    """One message or one button. A page gets a redirect, a script gets the new messages."""
    same_origin(request)
    form = await request.post()
    text = filled(str(form.get("choice") or form.get("message") or "").strip(), form)
    delivery = str(form.get("delivery") or secrets.token_urlsafe(12))[:DELIVERY_LENGTH]
    token = token_of(request) or new_token()
    try:
        entries = await deliver(request, sender_of(token), delivery, text) if text else []
    except (TooBusy, TurnFailed) as failed:
        return fault(request, "utter_busy" if isinstance(failed, TooBusy) else "utter_fault")
    response = _answer(request, entries, sender_of(token))
    if _deleted(entries):
        response.del_cookie("silta", path="/")
    else:
        remember(response, request, token, request.app[SETTINGS].retention_days)
    return response


async def saved(request: web.Request) -> web.Response:
    """The whole conversation as a text file."""
    entries = _entries(request, SAVED)
    language = language_of(request, entries)
    text = request.app[PAGES].render(
        "transcript.txt", language, messages=entries, today=long_date(clock.today(), language)
    )
    headers = {
        "Content-Disposition": 'attachment; filename="silta.txt"',
        "Cache-Control": "no-store",
    }
    return web.Response(text=text, content_type="text/plain", charset="utf-8", headers=headers)


async def static(request: web.Request) -> web.Response:
    """A file of the page."""
    asset = request.app[ASSETS].get(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    return asset_response(asset, request)


async def widget(request: web.Request) -> web.Response:
    """The script for other sites."""
    headers = {
        "Cache-Control": "public, max-age=3600",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    script = request.app[PAGES].widget()
    response = web.Response(text=script, content_type="text/javascript", headers=headers)
    response.enable_compression()
    return response


def rendered(request: web.Request, template: str, language: Language, **context: Any) -> str:
    """A page of its own, beside the chat."""
    return request.app[PAGES].render(template, language, **context)


async def deliver(request: web.Request, sender: str, delivery: str, text: str) -> list[Entry]:
    """Answer a delivery; one that came before is not answered again but shown again."""
    transcripts = request.app[TRANSCRIPTS]
    async with request.app[DELIVERIES].hold(sender):
        entries = transcripts.delivered(sender, delivery)
        if entries:
            return talk.resolved(request, sender, entries)
        hint = request.query.get("lang")
        replies = await request.app[TURN](Inbound(sender, text, "web", hint, delivery))
        words = request.app[REPLIES]
        shown = private.kept_message(_shown(request, sender, text), replies, words)
        kept = [private.kept_reply(reply, words) for reply in replies]
        in_talk = request.app[TALKS].messages.delivered(sender, delivery)
        number = in_talk.id if in_talk else None
        entries = transcripts.append(sender, delivery, shown, kept, number)
        entries = talk.resolved(request, sender, private.live(entries, replies))
        if _deleted(entries):
            transcripts.delete(sender)
        return entries


def _shown(request: web.Request, sender: str, text: str) -> str:
    """What the page shows as the person's message: for a button its words."""
    if not text.startswith("/"):
        return text
    latest = request.app[TRANSCRIPTS].latest(sender, SHOWN)
    for entry in reversed(talk.resolved(request, sender, latest)):
        for button in entry.reply.buttons if entry.reply else ():
            if button.payload == text:
                return button.title
    return request.app[PAGES].tool_title(text, language_of(request, []))


def _answer(request: web.Request, entries: list[Entry], sender: str) -> web.Response:
    language = language_of(request, entries)
    embedded = "embedded" in request.query
    if FRAGMENT in request.headers.get("Accept", ""):
        shown = [entry for entry in entries if entry.role == "silta"]
        html = request.app[PAGES].fragment(language, shown, embedded)
        headers = {"Content-Language": language.code, **NOT_STORED}
        headers |= {"X-Silta-Deleted": "1"} if _deleted(entries) else {}
        headers |= {"X-Silta-Talk": "1"} if talk.is_open(request, sender) else {}
        return web.Response(text=html, content_type=FRAGMENT, charset="utf-8", headers=headers)
    if any(private.is_private(entry.reply) for entry in entries):  # it is shown now or never
        before = [e for e in _entries(request, SHOWN) if e.id not in {new.id for new in entries}]
        html = _page(request, [*before, *entries])
        return web.Response(text=html, content_type="text/html", headers=NOT_STORED)
    suffix = "&embedded=1" if embedded else ""
    anchor = f"#m-{entries[0].id}" if entries and not _deleted(entries) else ""
    return web.Response(status=303, headers={"Location": f"/?lang={language.code}{suffix}{anchor}"})


def fault(request: web.Request, key: str) -> web.Response:
    """Not answered, not lost: a script tries again by itself, a person is asked to."""
    reply = request.app[REPLIES].render(key, language_of(request, []).code, {})
    language = language_of(request, [])
    html = request.app[PAGES].render("error.html", language, message=reply.text)
    headers = {"Retry-After": RETRY_AFTER}
    return web.Response(status=503, text=html, content_type="text/html", headers=headers)


def _entries(request: web.Request, limit: int) -> list[Entry]:
    token = token_of(request)
    if token is None:
        return []
    sender = sender_of(token)
    return talk.resolved(request, sender, request.app[TRANSCRIPTS].latest(sender, limit))


def _greeting(request: web.Request, language: Language) -> Entry:
    reply = request.app[REPLIES].render("utter_greet", language.code, {})
    return Entry("greeting", "silta", reply.text, reply)


def language_of(request: web.Request, entries: list[Entry]) -> Language:
    """The conversation's language, else the address's, else the browser's, else the first one."""
    languages = request.app[REPLIES].catalogues.languages
    spoken = (entry.reply.language for entry in reversed(entries) if entry.reply)
    wished = (*spoken, request.query.get("lang", ""))
    accepted = from_accept_language(request.headers.get("Accept-Language", ""), languages)
    code = next((code for code in (*wished, accepted) if code in languages), None)
    return languages[code or next(iter(languages))]


def _deleted(entries: list[Entry]) -> bool:
    return any(entry.reply and entry.reply.custom.get("kind") == "deleted" for entry in entries)


def visitor(request: web.Request) -> str:
    """The name by which a visitor's wrong tries are counted."""
    return f"address {address(request, request.app[SETTINGS].proxies)}"


def same_origin(request: web.Request) -> None:
    """Refuse a form that another site sends (CSRF).

    Our own pages send no Referrer, and with it the Origin «null», which any page can send. So
    browsers are asked, too, where the form stood: a site beside ours is another site.
    """
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in OWN_PAGES:
        raise web.HTTPForbidden
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden
