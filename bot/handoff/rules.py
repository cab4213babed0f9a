"""What time does to a talk: nobody is forgotten, and nobody waits where nobody is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from bot.handoff import talk as talks
from bot.handoff.talk import NotPossible, Talk
from bot.hours.working import WorkingHours

MINUTE = 60


@dataclass(frozen=True)
class Patience:
    """After how many minutes a person is offered to be contacted, or counts as gone."""

    late_minutes: int = 10
    away_minutes: int = 30


@dataclass(frozen=True)
class Due:
    """What must happen now: the talk as it becomes, and the reply that tells the person."""

    talk: Talk
    reply: str


def due(talk: Talk, hours: WorkingHours, patience: Patience, seen: float, at: float) -> Due | None:
    """What time has brought about, if anything. ``seen``: when her page last asked for news."""
    if talk.state not in (talks.WRITING, talks.WAITING, talks.LIVE):
        return None
    if talk.state == talks.WAITING and not hours.is_open(moment(at)):
        return Due(talks.ready(talk), "utter_talk_closing")
    if _gone(talk, patience, seen, at):
        left = leave(talk, at)
        return Due(left, "utter_talk_left" if left.is_open else "utter_talk_away")
    if talk.state == talks.WAITING and not talk.late_told and is_late(talk, patience, at):
        return Due(tell_late(talk), "utter_talk_late")
    return None


def is_late(talk: Talk, patience: Patience, at: float) -> bool:
    """Whether somebody waits longer for an answer than she should: the lead sees it."""
    limit = patience.late_minutes * MINUTE
    if talk.state == talks.WAITING:
        return at - talk.queued_at >= limit
    waited = at - talk.unanswered_since
    return talk.state == talks.LIVE and talk.unanswered_since > 0 and waited >= limit


def moment(at: float) -> dt.datetime:
    """Seconds since the epoch as an aware time."""
    return dt.datetime.fromtimestamp(at, dt.timezone.utc)


def leave(talk: Talk, at: float) -> Talk:
    """The person is gone. What she wrote, or how to reach her, is not forgotten."""
    talks.only_in(talk, talks.WRITING, talks.WAITING, talks.LIVE)
    if talk.state != talks.LIVE and talk.holds_something:
        return talks.ready(talk)
    return talks.ended(talk, at, talks.AWAY)


def tell_late(talk: Talk) -> Talk:
    """Nobody came in time, and she is told so, once."""
    talks.only_in(talk, talks.WAITING)
    if talk.late_told:
        raise NotPossible
    return replace(talk, late_told=True)


def _gone(talk: Talk, patience: Patience, seen: float, at: float) -> bool:
    # Who left a message was never asked to stay, and an app brings the answer to her: in either
    # case she need not be there. A message that is being written is different: it must reach us.
    if talk.state != talks.WRITING and (talk.from_message or not talk.on_page):
        return False
    last = max(seen, talk.queued_at, talk.taken_at)
    return at - last >= patience.away_minutes * MINUTE
