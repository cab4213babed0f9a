"""What a caseworker typed to offer a meeting: read, and looked at for what may be a mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot.assessment.reading.names import is_language
from bot.clock import FINLAND
from bot.desk.meeting_panel import ELSEWHERE, LENGTHS, OFFICE, PHONE, Warned
from bot.hours.holidays import holiday_name
from bot.hours.working import WorkingHours
from bot.records.meeting import LONGEST_PLACE, MOST_TIMES, Offer

FURTHEST = dt.timedelta(days=120)


def read_offer(typed: Mapping[str, str], address: str, now: dt.datetime) -> Offer | str:
    """The offer of a form, or the id of what is wrong with it. ``address``: the office's."""
    times = read_times(typed)
    if not times:
        return "no_time"
    if any(not now < time < now + FURTHEST for time in times):
        return "time_passed"
    kind, written = typed.get("where", ""), typed.get("place", "")
    places = {PHONE: "", OFFICE: address, ELSEWHERE: written[:LONGEST_PLACE]}
    if kind not in places or (kind != PHONE and not places[kind]):
        return "no_place"
    minutes, interpreter = typed.get("minutes", ""), typed.get("interpreter", "")
    if minutes not in map(str, LENGTHS) or (interpreter and not is_language(interpreter)):
        return "no_time"
    return Offer(times, int(minutes), places[kind], interpreter)


def read_times(typed: Mapping[str, str]) -> tuple[dt.datetime, ...] | None:
    """The typed times in order, each once; None where one cannot be read or is on no clock."""
    found = set()
    for number in range(1, MOST_TIMES + 1):
        day, clock = typed.get(f"day{number}", ""), typed.get(f"clock{number}", "")
        if not day and not clock:
            continue
        try:
            local = dt.datetime.combine(dt.date.fromisoformat(day), dt.time.fromisoformat(clock))
        except ValueError:
            return None
        at = local.replace(tzinfo=FINLAND).astimezone(dt.timezone.utc)
        if at.astimezone(FINLAND).replace(tzinfo=None) != local.replace(tzinfo=None):
            return None  # the hour that is left out when the clocks go forward
        found.add(at)
    return tuple(sorted(found))


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


def confirmation(offer: Offer) -> str:
    """What the confirming form sends: these times and no others."""
    return " ".join(time.isoformat() for time in offer.times) + f" {offer.minutes}"
