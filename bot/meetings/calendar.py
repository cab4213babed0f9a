"""A meeting as an .ics file (RFC 5545). Times are in UTC, which every calendar shows as local."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from icalendar import Calendar, Event

PRODUCT = "-//Silta//Meetings//EN"
CONTENT_TYPE = "text/calendar"


@dataclass(frozen=True)
class Entry:
    """What stands in the calendar. The title is seen by others and says nothing but «meeting»."""

    title: str
    start: dt.datetime
    minutes: int
    place: str
    description: str
    language: str


def calendar_file(meeting_id: str, changed: dt.datetime, entry: Entry) -> bytes:
    """The file. The same meeting has the same UID, so a calendar that has it changes it."""
    event = Event()
    # The reference is no secret to the person, but a calendar is shared: only its hash.
    uid = hashlib.sha256(f"meeting {meeting_id}".encode()).hexdigest()[:32]
    event.add("uid", f"{uid}@silta")
    event.add("dtstamp", changed.astimezone(dt.timezone.utc).replace(microsecond=0))
    event.add("dtstart", entry.start.astimezone(dt.timezone.utc))
    event.add("duration", dt.timedelta(minutes=entry.minutes))
    event.add("summary", entry.title, parameters={"LANGUAGE": entry.language})
    event.add("description", entry.description, parameters={"LANGUAGE": entry.language})
    if entry.place:
        event.add("location", entry.place)
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
