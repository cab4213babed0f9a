"""What a person does with her answers outside the chat: the receipt, another phone."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping

from aiohttp import web

from bot.answers.replies import Replies
from bot.channels.web import meetings, views
from bot.channels.web.conversation import new_token, remember, sender_of, token_of
from bot.channels.web.copies import ATTEMPTS
from bot.i18n.formats import long_date
from bot.i18n.languages import Language
from bot.keys import ADVANCE, REPLIES, SETTINGS
from bot.records.advance import NotFound, Status

# The six states of a record, in the three steps that matter to the person.
STATES = {"new": "state_new", "imported": "state_imported", "closed": "state_imported"}
OPENED = "state_opened"
START = "/start_assessment"


async def receipt(request: web.Request) -> web.Response:
    """How far a sent record is, and taking it back: with its reference and the person's code."""
    language = views.language_of(request, [])
    if request.method == "GET":
        return _page(request, language)
    views.same_origin(request)
    form = await request.post()
    reference, code = str(form.get("reference", "")), str(form.get("code", ""))
    do = str(form.get("do", ""))
    names = (views.visitor(request), f"reference {reference[:40]}")
    if request.app[ATTEMPTS].exhausted(*names):
        return _page(request, language, "too_many_tries", status=429)
    try:
        found = request.app[ADVANCE].status(reference, code)
        if do == "take_back":
            request.app[ADVANCE].withdraw(reference, code)
            return _page(request, language, "taken_back")
    except NotFound:
        request.app[ATTEMPTS].wrong(*names)
        return _page(request, language, "not_found", status=404)
    return _meeting(request, form, found, code) or _known(request, language, found, code)


async def meeting(request: web.Request) -> web.Response:
    """The same page without asking for the code, where this browser's conversation has it yet."""
    language, token = views.language_of(request, []), token_of(request)
    kept = request.app[ADVANCE].receipt(sender_of(token)) if token else None
    try:
        found = request.app[ADVANCE].status(kept.reference, kept.secret) if kept else None
    except NotFound:
        found = None
    if kept is None or found is None:
        raise web.HTTPSeeOther(f"/receipt?lang={language.code}")
    return _known(request, language, found, kept.secret)


async def resume(request: web.Request) -> web.Response:
    """Going on in this browser with answers begun in another one. Only a press moves them."""
    language = views.language_of(request, [])
    code = request.query.get("code", "")
    if request.method == "GET":
        replies = request.app[REPLIES]
        text = replies.render("utter_assessment_go_on", language.code, {}).text
        html = views.rendered(request, "resume.html", language, code=code, text=text)
        return web.Response(text=html, content_type="text/html", headers=views.NOT_STORED)
    views.same_origin(request)
    name = views.visitor(request)
    token = token_of(request) or new_token()
    if request.app[ATTEMPTS].exhausted(name):
        return _page(request, language, "too_many_tries", status=429)
    try:
        request.app[ADVANCE].resume(code, sender_of(token))
    except NotFound:
        request.app[ATTEMPTS].wrong(name)
        raise web.HTTPSeeOther(f"/?lang={language.code}") from None
    await views.deliver(request, sender_of(token), secrets.token_urlsafe(12), START)
    response = web.Response(status=303, headers={"Location": f"/?lang={language.code}"})
    remember(response, request, token, request.app[SETTINGS].retention_days)
    return response


def _meeting(
    request: web.Request, form: Mapping[str, object], found: Status, code: str
) -> web.Response | None:
    """What a button of the meeting does; None where none was pressed or nothing comes of it."""
    language, do = views.language_of(request, []), str(form.get("do", ""))
    if do == meetings.CALENDAR:
        return meetings.calendar(request, found.reference, language)
    time = str(form.get("time", ""))
    if time:
        do = meetings.PICK
    if do not in meetings.DEEDS:
        return None
    problem = meetings.act(request, found.reference, do, str(form.get("meeting", "")), time)
    return _page(request, language, problem, found, code, 409) if problem else None


def _known(request: web.Request, language: Language, found: Status, code: str) -> web.Response:
    return _page(request, language, STATES.get(found.state, OPENED), found, code)


def _page(
    request: web.Request,
    language: Language,
    label: str = "",
    found: Status | None = None,
    code: str = "",
    status: int = 200,
) -> web.Response:
    replies = request.app[REPLIES]
    message = _label(replies, language, label) if label else ""
    deleted_on = ""
    if found:
        day = dt.datetime.fromtimestamp(found.delete_by, dt.timezone.utc).date()
        deleted_on = _label(replies, language, "deleted_by", date=long_date(day, language))
    html = views.rendered(
        request,
        "receipt.html",
        language,
        label=lambda name: _label(replies, language, name),
        message=message,
        found=found,
        code=code,
        deleted_on=deleted_on,
        meeting=meetings.view(request, found.reference, language) if found else None,
    )
    headers = views.NOT_STORED
    return web.Response(text=html, status=status, content_type="text/html", headers=headers)


def _label(replies: Replies, language: Language, name: str, **params: str) -> str:
    translate = replies.catalogues.translator(language.code)
    return translate.plain(replies.library.labels[name], **params)
