"""A talk with a person, on the page: its messages in their places, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from aiohttp import web

from bot.channels.web.pages import Pages
from bot.handoff import talk as talks
from bot.handoff.talk import Talk
from bot.i18n.languages import Language
from bot.keys import OFFICE, REPLIES, SHOWING, TALKS
from bot.records.database import now
from bot.records.talk_attendance import Presence
from bot.records.talks import PERSON
from bot.records.transcripts import Entry

TYPING = 6  # seconds for which a sign of typing counts


def resolved(request: web.Request, sender: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries with what the talk holds in its places; what is deleted there is left out."""
    if not any(entry.talk is not None for entry in entries):
        return list(entries)
    ids = [entry.talk for entry in entries if entry.talk is not None]
    messages = request.app[TALKS].messages.of_sender(sender, ids)
    showing = request.app[SHOWING]
    language = _language(request, sender)
    found: list[Entry] = []
    for entry in entries:
        message = messages.get(entry.talk) if entry.talk is not None else None
        if message is None:
            found += [entry] if entry.talk is None else []
        elif message.author == PERSON:
            found.append(replace(entry, text=showing.own_words(message, language)))
        else:
            reply = showing.reply(message, language)
            found.append(replace(entry, text=reply.text if reply else "", reply=reply))
    return found


def is_open(request: web.Request, sender: str) -> bool:
    """Whether a conversation is in a talk: then the page asks for news."""
    return request.app[TALKS].open_of(sender) is not None


def noticed(request: web.Request, sender: str, entries: Iterable[Entry], typing: bool) -> None:
    """Her page is there, and got those messages."""
    talk = request.app[TALKS].last_of(sender)
    if talk:
        shown = [entry.talk for entry in entries if entry.talk is not None and entry.reply]
        request.app[TALKS].attendance.seen_by_person(talk.id, typing, shown)


def types(presence: Presence) -> bool:
    """Whether the worker is typing just now."""
    return presence.worker_typing > now() - TYPING


def state_line(request: web.Request, pages: Pages, language: Language, sender: str) -> str:
    """How the talk stands, as HTML; empty where there is none."""
    talk = request.app[TALKS].open_of(sender) if sender else None
    state = {"label": "", "number": "", "typing": False, "seen": "", "state": ""}
    if talk:
        state |= _state(request, talk)
    return pages.render(
        "talk.html", language, labels=request.app[REPLIES].library.labels, talk=state
    )


def _state(request: web.Request, talk: Talk) -> dict[str, object]:
    there = request.app[TALKS].attendance
    seen = {None: "", True: "seen_by_person", False: "delivered"}[there.last_seen(talk.id)]
    waiting = talk.state == talks.WAITING
    labels = {talks.WAITING: "you_are_number", talks.LIVE: "talking"}
    return {
        "label": labels.get(talk.state, "waiting_message"),
        "number": request.app[OFFICE].number(talk) if waiting else "",
        "typing": types(there.presence(talk.id)),
        "seen": seen,
        "state": talk.state,
    }


def _language(request: web.Request, sender: str) -> str:
    talk = request.app[TALKS].last_of(sender)
    return talk.language if talk else request.query.get("lang", "")
