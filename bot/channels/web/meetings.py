"""A meeting as the person sees it: the times that were offered, her answer, her calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.answers.replies import Replies
from bot.i18n.bidi import FSI, PDI, isolate
from bot.i18n.formats import language_name, minutes, moment_in_finland
from bot.i18n.languages import Language
from bot.keys import ADVANCE, MEETINGS, REPLIES, SETTINGS
from bot.meetings.calendar import CONTENT_TYPE, Entry, calendar_file
from bot.records.meeting import (
    AGREED,
    CANCELLED,
    NONE_SUITS,
    PROPOSED,
    WITHDRAWN,
    Meeting,
    MeetingChanged,
    MeetingPassed,
)

PICK, NONE, CANCEL, CALENDAR = "pick", "none_suits", "cancel_meeting", "calendar"
DEEDS = (PICK, NONE, CANCEL)
SHOWN_AFTER = dt.timedelta(days=1)  # a meeting of yesterday is not shown any more
MESSAGES = {
    AGREED: "meeting_agreed",
    NONE_SUITS: "meeting_none_noted",
    CANCELLED: "meeting_cancelled",
    WITHDRAWN: "meeting_withdrawn",
}


@dataclass(frozen=True)
class Time:
    """A time in words; ``value`` is what the form sends."""

    value: str
    day: str
    clock: str


@dataclass(frozen=True)
class View:
    """What the page shows of a meeting: ``chosen`` where one is agreed, ``coming`` before it."""

    id: str
    message: str
    choices: tuple[Time, ...] = ()
    chosen: Time | None = None
    facts: tuple[str, ...] = ()
    coming: bool = False


def view(request: web.Request, reference: str, language: Language) -> View | None:
    """The meeting of a record, in the person's words; None where there is nothing to show."""
    meeting = request.app[MEETINGS].current(reference)
    if meeting is None:
        return None
    words, at = _words(request.app[REPLIES], language), dt.datetime.now(dt.timezone.utc)
    if meeting.state == PROPOSED:
        choices = tuple(_time(time, language) for time in meeting.open_times(at))
        if not choices:
            return View(meeting.id, words("meeting_passed"))
        return View(meeting.id, words("meeting_offered"), choices, None, _facts(meeting, words))
    message = words("meeting_over" if meeting.is_over(at) else MESSAGES[meeting.state])
    if meeting.state != AGREED or meeting.chosen is None:
        return View(meeting.id, message)
    if meeting.chosen + SHOWN_AFTER < at:
        return None
    when, facts = _time(meeting.chosen, language), _facts(meeting, words)
    return View(meeting.id, message, (), when, facts, not meeting.has_begun(at))


def act(request: web.Request, reference: str, do: str, meeting_id: str, time: str) -> str:
    """Do what the person pressed; returns the label of what hindered it, or nothing."""
    meetings = request.app[MEETINGS]
    meeting = meetings.current(reference)
    if meeting is None or meeting.id != meeting_id:
        return "meeting_changed"
    try:
        if do == PICK:
            meetings.pick(meeting, dt.datetime.fromisoformat(time))
        elif do == NONE:
            meetings.refuse(meeting)
        else:
            meetings.cancel(meeting)
    except (MeetingChanged, ValueError):
        return "meeting_changed"
    except MeetingPassed:
        return "meeting_over"
    return ""


def calendar(request: web.Request, reference: str, language: Language) -> web.Response | None:
    """The agreed meeting as a calendar file in the person's language."""
    meeting = request.app[MEETINGS].current(reference)
    if meeting is None or meeting.state != AGREED or meeting.chosen is None:
        return None
    words = _words(request.app[REPLIES], language)
    link = f"{request.app[SETTINGS].public_url.rstrip('/')}/receipt?lang={language.code}"
    lines = (*_facts(meeting, words), words("meeting_cancel_here", link=link))
    entry = Entry(
        title=words("meeting"),
        start=meeting.chosen,
        minutes=meeting.offer.minutes,
        place=meeting.offer.place,
        description="\n".join(lines),
        language=language.code,
    )
    body = calendar_file(meeting.id, meeting.changed, entry)
    headers = {
        "Content-Disposition": 'attachment; filename="meeting.ics"',
        "Cache-Control": "no-store",
    }
    return web.Response(body=body, content_type=CONTENT_TYPE, charset="utf-8", headers=headers)


def invitation(request: web.Request, sender: str) -> str:
    """The label of the link that a conversation shows while there is a meeting; or nothing."""
    receipt = request.app[ADVANCE].receipt(sender)
    meeting = request.app[MEETINGS].current(receipt.reference) if receipt else None
    at = dt.datetime.now(dt.timezone.utc)
    if meeting is None:
        return ""
    if meeting.state == PROPOSED and meeting.open_times(at):
        return "meeting_choose_time"
    coming = meeting.chosen is not None and meeting.chosen > at
    return "meeting_show" if meeting.state == AGREED and coming else ""


def _facts(meeting: Meeting, words: Callable[..., str]) -> tuple[str, ...]:
    """What the person must know before she comes. The duties are told when the time is offered."""
    offer = meeting.offer
    place = ("meeting_place", {"place": offer.place}) if offer.place else ("meeting_by_phone", {})
    facts: list[tuple[str, dict[str, str | int]]] = [
        ("meeting_clock", {}),
        ("meeting_length", {"time": offer.minutes}),
        place,  # type: ignore[list-item]  # str is a str | int
    ]
    names: tuple[str, ...] = ("ask_interpreter", "please_cancel")
    if offer.interpreter:
        facts.append(("meeting_interpreter", {"language": offer.interpreter}))
        names = ("interpreter_free", "please_cancel", "no_show", "no_show_limits")
    facts += [(f"meeting_{name}", {}) for name in names]
    return tuple(words(label, **params) for label, params in facts)


def _words(replies: Replies, language: Language) -> Callable[..., str]:
    translate = replies.catalogues.translator(language.code)

    def words(label: str, **params: str | int) -> str:
        if "time" in params:
            params["time"] = minutes(int(params["time"]), language)
        if "language" in params:
            params["language"] = language_name(str(params["language"]), language)
        if language.direction == "ltr":
            return translate.plain(replies.library.labels[label], **params)
        # An address is one run: its own parts must not change places.
        kept = {name: f"{FSI}{value}{PDI}" for name, value in params.items()}
        return isolate(translate.plain(replies.library.labels[label], **kept))

    return words


def _time(at: dt.datetime, language: Language) -> Time:
    return Time(at.isoformat(), *moment_in_finland(at, language))
