"""Meetings at the desk: offer times, take them back, put the agreed one into the calendar."""

from __future__ import annotations

import datetime as dt

from aiohttp import web

from bot.clock import FINLAND
from bot.desk.call import HOME, Call
from bot.desk.meeting_panel import ELSEWHERE, LENGTHS, OFFICE, PHONE, Form, Warned
from bot.desk.record import asked_for, record_page
from bot.hours.holidays import holiday_name
from bot.hours.working import WorkingHours
from bot.i18n.formats import language_name
from bot.i18n.languages import Language
from bot.meetings.calendar import CONTENT_TYPE, Entry, calendar_file
from bot.records.meetings import (
    AGREED,
    LONGEST_PLACE,
    MOST_TIMES,
    Meeting,
    MeetingChanged,
    Offer,
)

FURTHEST = dt.timedelta(days=120)


def propose(call: Call) -> web.Response:
    """Offer times to the person. Times that look odd are offered when that was confirmed."""
    reference = asked_for(call)
    head = call.desk.records.head(reference, call.who.municipality)
    typed = {key: value.strip() for key, value in call.form.items() if key != "csrf"}
    offer = _offer(call, typed)
    if isinstance(offer, str):
        return record_page(call, Form(typed, offer), 422)
    warnings = warned(offer, call.desk.office.hours, head.delete_by, call.language.code)
    if warnings and typed.get("confirmed") != _confirmation(offer):
        typed["confirmed"] = _confirmation(offer)
        return record_page(call, Form(typed, warnings=tuple(warnings)), 422)
    call.log("meeting_proposed", reference)
    call.desk.meetings.propose(reference, call.who.municipality, call.who.name, offer)
    return call.go(f"{HOME}/records/{reference}#h-meeting")


def withdraw(call: Call) -> web.Response:
    """Take the offer, or the agreed meeting, back."""
    reference = asked_for(call)
    meeting = _current(call, reference)
    if meeting is not None:
        call.log("meeting_withdrawn", reference)
        try:
            call.desk.meetings.withdraw(meeting)
        except MeetingChanged:
            meeting = None
    suffix = "" if meeting else "?problem=meeting_changed"
    return call.go(f"{HOME}/records/{reference}{suffix}#h-meeting")


def calendar(call: Call) -> web.Response:
    """The agreed meeting as a calendar file, in Finnish: the office's calendars are shared."""
    reference = asked_for(call)
    meeting = _current(call, reference)
    if meeting is None or meeting.state != AGREED or meeting.chosen is None:
        return call.go(f"{HOME}/records/{reference}?problem=meeting_changed#h-meeting")
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


def warned(offer: Offer, hours: WorkingHours, delete_by: float, language: str) -> list[Warned]:
    """The times at which nobody works, or at which the record is gone."""
    found = []
    for at in offer.times:
        ends = at + dt.timedelta(minutes=offer.minutes)
        day = at.astimezone(FINLAND).date()
        if holiday := holiday_name(day, language):
            found.append(Warned(at, "on_holiday", holiday))
        elif hours.working_time_between(at, ends) < ends - at:
            found.append(Warned(at, "out_of_hours"))
        if ends.timestamp() > delete_by:
            found.append(Warned(at, "after_deletion"))
    return found


def _current(call: Call, reference: str) -> Meeting | None:
    call.desk.records.head(reference, call.who.municipality)
    return call.desk.meetings.current(reference, call.who.municipality)


def _offer(call: Call, typed: dict[str, str]) -> Offer | str:
    """The offer of a form, or what is wrong with it."""
    times = _times(typed)
    now = dt.datetime.now(dt.timezone.utc)
    if times is None or not times:
        return "no_time"
    if any(not now < time < now + FURTHEST for time in times):
        return "time_passed"
    kind, written = typed.get("where", ""), typed.get("place", "")
    places = {PHONE: "", OFFICE: call.desk.office.address, ELSEWHERE: written[:LONGEST_PLACE]}
    if kind not in places or (kind != PHONE and not places[kind]):
        return "no_place"
    minutes, interpreter = typed.get("minutes", ""), typed.get("interpreter", "")
    if minutes not in map(str, LENGTHS) or not _is_language(interpreter, call.language):
        return "no_time"
    return Offer(times, int(minutes), places[kind], interpreter)


def _times(typed: dict[str, str]) -> tuple[dt.datetime, ...] | None:
    """The typed times in order, each once; None where one cannot be read."""
    found = set()
    for number in range(1, MOST_TIMES + 1):
        day, clock = typed.get(f"day{number}", ""), typed.get(f"clock{number}", "")
        if not day and not clock:
            continue
        try:
            local = dt.datetime.combine(dt.date.fromisoformat(day), dt.time.fromisoformat(clock))
        except ValueError:
            return None
        found.add(local.replace(tzinfo=FINLAND).astimezone(dt.timezone.utc))
    return tuple(sorted(found))


def _is_language(code: str, shown_in: Language) -> bool:
    return code == "" or language_name(code, shown_in) != code


def _confirmation(offer: Offer) -> str:
    """What the confirming form sends: these times and no others."""
    return " ".join(time.isoformat() for time in offer.times) + f" {offer.minutes}"
