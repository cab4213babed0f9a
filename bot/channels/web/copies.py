"""A person's own copy of her answers: a page to print, a text, a PDF.

Before sending it is this browser's draft; afterwards it takes the reference and her own code, and
a form, so that neither stands in an address.
"""

from __future__ import annotations

import asyncio
import datetime as dt

from aiohttp import web

from bot.assessment.summary import Subject, Summary
from bot.channels.web import views
from bot.channels.web.attempts import Attempts
from bot.channels.web.conversation import sender_of, token_of
from bot.i18n.languages import Language
from bot.keys import ADVANCE, PRINTER, REPLIES
from bot.paper.printer import PaperMissing, Sheet
from bot.records.advance import NotFound

ATTEMPTS = web.AppKey("attempts", Attempts)
# One PDF at a time for the public, whoever asks how often: those who wait hold no thread, and the
# desk, which prints beside it, waits for one at most.
PRINTING = web.AppKey("printing", asyncio.Semaphore)
NAME = "ennakkotiedot"


async def page(request: web.Request) -> web.Response:
    """The answers on a page that can be printed, with the other ways to keep them."""
    subject = await _subject(request)
    return _page(request, subject)


async def text(request: web.Request) -> web.Response:
    """The answers as a text file."""
    subject = await _subject(request)
    replies, language = request.app[REPLIES], views.language_of(request, [])
    translate = replies.catalogues.translator(language.code)
    headers = {
        "Content-Disposition": f'attachment; filename="{NAME}.txt"',
        **views.NOT_STORED,
    }
    body = replies.assessment.copy_text(subject, translate)
    return web.Response(text=body, content_type="text/plain", charset="utf-8", headers=headers)


async def pdf(request: web.Request) -> web.Response:
    """The answers as PDF; where none can be made, the page says so and offers the other ways."""
    subject = await _subject(request)
    language = views.language_of(request, [])
    said_in = request.app[REPLIES].catalogues.languages.get(subject.language, language)
    sheet = Sheet(_summary(request, subject, language), language, said_in)
    try:
        async with request.app[PRINTING]:
            body = await asyncio.to_thread(request.app[PRINTER].pdf, [sheet])
    except PaperMissing:
        return _page(request, subject, "pdf_missing", status=503)
    headers = {
        "Content-Disposition": f'attachment; filename="{NAME}.pdf"',
        **views.NOT_STORED,
    }
    return web.Response(body=body, content_type="application/pdf", headers=headers)


async def _subject(request: web.Request) -> Subject:
    """Whose answers, of which day. Leads back to the page she came from where there are none."""
    if request.method == "POST":
        return await _sent(request)
    token, language = token_of(request), views.language_of(request, [])
    draft = request.app[ADVANCE].draft(sender_of(token)) if token else None
    if draft is None:
        raise web.HTTPSeeOther(f"/?lang={language.code}")
    return Subject(draft.answers, draft.language, draft.path)


async def _sent(request: web.Request) -> Subject:
    views.same_origin(request)
    form = await request.post()
    reference, code = str(form.get("reference", "")), str(form.get("code", ""))
    names = (views.visitor(request), f"reference {reference[:40]}")
    back = web.HTTPSeeOther(f"/receipt?lang={views.language_of(request, []).code}")
    if request.app[ATTEMPTS].exhausted(*names):
        raise back
    try:
        record = request.app[ADVANCE].sent(reference, code)
    except NotFound:
        request.app[ATTEMPTS].wrong(*names)
        raise back from None
    request["secret"] = (reference, code)
    sent_at = dt.datetime.fromtimestamp(record.sent_at, dt.timezone.utc)
    return Subject(record.answers, record.language, record.path, record.reference, sent_at)


def _summary(request: web.Request, subject: Subject, language: Language) -> Summary:
    replies = request.app[REPLIES]
    return replies.assessment.copy(subject, replies.catalogues.translator(language.code))


def _page(
    request: web.Request, subject: Subject, label: str = "", status: int = 200
) -> web.Response:
    replies, language = request.app[REPLIES], views.language_of(request, [])
    translate = replies.catalogues.translator(language.code)
    labels = replies.library.labels
    html = views.rendered(
        request,
        "answers.html",
        language,
        label=lambda name: translate.plain(labels[name]),
        message=translate.plain(labels[label]) if label else "",
        summary=_summary(request, subject, language),
        secret=request.get("secret"),
    )
    return web.Response(
        text=html, status=status, content_type="text/html", headers=views.NOT_STORED
    )
