"""Meetings at the desk: offer times, take them back, put the agreed one into the calendar."""

from __future__ import annotations

import datetime as dt

from aiohttp import web

from bot.desk.call import HOME, Call
from bot.desk.meeting_form import confirmation, read_offer, warned
from bot.desk.meeting_panel import Form
from bot.desk.record import asked_for, existing, record_page
from bot.i18n.formats import language_name
from bot.meetings.calendar import CONTENT_TYPE, Entry, calendar_file
from bot.records.meeting import AGREED, MeetingChanged, MeetingPassed


def propose(call: Call) -> web.Response:
    """Offer times to the person. Times that look odd are offered when that was confirmed."""
    reference = asked_for(call)
    head = call.desk.records.head(reference, call.who.municipality)
    typed = {key: value.strip() for key, value in call.form.items() if key != "csrf"}
    office = call.desk.office
    offer = read_offer(typed, office.address, dt.datetime.now(dt.timezone.utc))
    if isinstance(offer, str):
        return record_page(call, Form(typed, offer), 422)
    warnings = warned(offer, office.hours, head.delete_by, call.language.code)
    if warnings and typed.get("confirmed") != confirmation(offer):
        typed["confirmed"] = confirmation(offer)
        return record_page(call, Form(typed, warnings=tuple(warnings)), 422)
    try:
        call.desk.meetings.propose(reference, call.who.municipality, call.who.name, offer)
    except MeetingPassed:
        return record_page(call, Form(typed, "time_passed"), 422)
    return _back(call, reference)


def withdraw(call: Call) -> web.Response:
    """Take the offer, or the agreed meeting, back."""
    reference = existing(call)
    meeting = call.desk.meetings.current(reference, call.who.municipality)
    if meeting is None:
        return _back(call, reference, "meeting_changed")
    try:
        call.desk.meetings.withdraw(meeting, call.who.name)
    except MeetingChanged:
        return _back(call, reference, "meeting_changed")
    except MeetingPassed:
        return _back(call, reference, "meeting_passed")
    return _back(call, reference)


def calendar(call: Call) -> web.Response:
    """The agreed meeting as a calendar file, in Finnish: the office's calendars are shared."""
    reference = existing(call)
    meeting = call.desk.meetings.current(reference, call.who.municipality)
    if meeting is None or meeting.state != AGREED or meeting.chosen is None:
        return _back(call, reference, "meeting_changed")
    call.log_reading("record_exported", reference, "ics")
    pages, finnish = call.desk.pages, call.desk.pages.languages["fi"]
    offer, address = meeting.offer, call.desk.settings.public_url.rstrip("/")
    lines = [pages.say(finnish, pages.labels.groups["meeting"]["reference"], reference=reference)]
    if offer.interpreter:
        spoken = language_name(offer.interpreter, finnish)
        label = pages.labels.groups["meeting"]["interpreter"]
        lines.append(pages.say(finnish, label, spoken=spoken))
    entry = Entry(
        title=pages.label(finnish, "meeting", "title"),
        start=meeting.chosen,
        minutes=offer.minutes,
        place=offer.place or pages.label(finnish, "meeting", "by_phone"),
        description="\n".join([*lines, f"{address}{HOME}/records/{reference}"]),
        language="fi",
    )
    body = calendar_file(f"{meeting.id} desk", meeting.changed, entry)
    name = f'attachment; filename="tapaaminen-{reference}.ics"'
    headers = {"Content-Disposition": name}
    return web.Response(body=body, content_type=CONTENT_TYPE, charset="utf-8", headers=headers)


def _back(call: Call, reference: str, problem: str = "") -> web.Response:
    suffix = f"?problem={problem}" if problem else ""
    return call.go(f"{HOME}/records/{reference}{suffix}#h-meeting")
