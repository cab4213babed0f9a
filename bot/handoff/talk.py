"""The state of one talk, and what may happen to it. Pure: a talk and an event give a talk.

asked in hours ──▶ waiting ──▶ live ──▶ ended
                      │ the office closes, or she leaves a contact and goes
                      ▼
asked at night ▶ writing ──▶ left ──▶ live ──▶ ended
"""

from __future__ import annotations

from dataclasses import dataclass, replace

WRITING, LEFT, WAITING, LIVE, ENDED = "writing", "left", "waiting", "live", "ended"
STATES = (WRITING, LEFT, WAITING, LIVE, ENDED)
HERE, PHONE, SMS, EMAIL = "here", "phone", "sms", "email"
WAYS = (HERE, PHONE, SMS, EMAIL)
# How a talk can end.
BY_PERSON, BY_WORKER, AWAY = "person", "worker", "away"
RATINGS = ("helped", "not_helped")


class NotPossible(Exception):
    """The talk is not in a state in which this can happen."""


@dataclass(frozen=True)
class Talk:
    """A talk. Times are seconds since the epoch; ``asking`` is a way whose contact is awaited."""

    id: str
    sender: str
    municipality: str
    channel: str
    language: str
    state: str
    asked_at: float
    taken_by: str = ""
    taken_at: float = 0.0
    ended_at: float = 0.0
    ended_how: str = ""
    shown: bool = False
    way: str = ""
    contact: str = ""
    asking: str = ""
    urgent: bool = False
    late_told: bool = False
    from_message: bool = False
    said: int = 0
    unanswered_since: float = 0.0
    rating: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.state != ENDED

    @property
    def listens(self) -> bool:
        """Whether the person's words belong to it, and the bot keeps silent."""
        return self.state in (WRITING, WAITING, LIVE) or (self.is_open and bool(self.asking))

    @property
    def wants_worker(self) -> bool:
        """Whether nobody has it yet."""
        return self.state in (WAITING, LEFT)


def begin(
    talk_id: str,
    sender: str,
    municipality: str,
    channel: str,
    language: str,
    at: float,
    open_: bool,
) -> Talk:
    """A person asks for a person; ``open_``: in working hours."""
    state = WAITING if open_ else WRITING
    return Talk(talk_id, sender, municipality, channel, language, state, at, from_message=not open_)


def said(talk: Talk, at: float, urgent: bool = False) -> Talk:
    """The person wrote something."""
    _in(talk, WRITING, LEFT, WAITING, LIVE)
    since = talk.unanswered_since or at
    return replace(talk, said=talk.said + 1, urgent=talk.urgent or urgent, unanswered_since=since)


def answered(talk: Talk, worker: str) -> Talk:
    """The worker who has it wrote something."""
    _in(talk, LIVE)
    _held_by(talk, worker)
    return replace(talk, unanswered_since=0.0)


def show(talk: Talk, shown: bool) -> Talk:
    """The person allows, or no longer allows, to see what she and the bot wrote before."""
    _in(talk, WRITING, LEFT, WAITING, LIVE)
    return replace(talk, shown=shown)


def ask_contact(talk: Talk, way: str) -> Talk:
    """The person chose how she may be reached; but for «here» her contact is awaited."""
    _in(talk, WRITING, LEFT, WAITING)
    if way not in WAYS:
        raise NotPossible
    if way == HERE:
        return replace(talk, way=HERE, contact="", asking="")
    return replace(talk, asking=way)


def choose_again(talk: Talk) -> Talk:
    """The person wants to choose another way."""
    _in(talk, WRITING, LEFT, WAITING)
    return replace(talk, asking="")


def give_contact(talk: Talk, contact: str) -> Talk:
    """The person gave the contact that was awaited."""
    if not talk.is_open or not talk.asking:
        raise NotPossible
    return replace(talk, way=talk.asking, contact=contact, asking="")


def ready(talk: Talk) -> Talk:
    """The message is written; until somebody answers, the bot speaks again."""
    _in(talk, WRITING, WAITING)
    return replace(talk, state=LEFT, way=talk.way or HERE, asking="", from_message=True)


def close_office(talk: Talk) -> Talk:
    """Nobody works any more: who waits is answered when the office is open again."""
    _in(talk, WAITING)
    return replace(talk, state=LEFT, way=talk.way or HERE, asking="", from_message=True)


def go_back(talk: Talk, at: float) -> Talk:
    """The person goes back to the bot. Whoever told how to reach her stays on the list."""
    _in(talk, WRITING, WAITING, LIVE)
    if talk.state == WRITING and (talk.said or talk.way):
        return ready(talk)
    if talk.state == WAITING and talk.way:
        return ready(talk)
    return _end(talk, at, BY_PERSON)


def take(talk: Talk, worker: str, at: float) -> Talk:
    """A worker takes it; from a colleague too, who is named by the desk before."""
    _in(talk, WAITING, LEFT, LIVE)
    if talk.taken_by == worker:
        return talk
    taken_at = talk.taken_at or at
    return replace(talk, state=LIVE, taken_by=worker, taken_at=taken_at, asking="")


def hand_over(talk: Talk, worker: str, colleague: str) -> Talk:
    """The worker gives it to a colleague."""
    _in(talk, LIVE)
    _held_by(talk, worker)
    return replace(talk, taken_by=colleague)


def end(talk: Talk, worker: str, at: float) -> Talk:
    """The worker who has it ends it."""
    _in(talk, LIVE)
    _held_by(talk, worker)
    return _end(talk, at, BY_WORKER)


def leave(talk: Talk, at: float) -> Talk:
    """The person is gone. What she wrote, or how to reach her, is not forgotten."""
    _in(talk, WAITING, LIVE)
    if talk.state == WAITING and (talk.said or talk.way):
        return ready(talk)
    return _end(talk, at, AWAY)


def tell_late(talk: Talk) -> Talk:
    """Nobody came in time, and she is told so, once."""
    _in(talk, WAITING)
    if talk.late_told:
        raise NotPossible
    return replace(talk, late_told=True)


def rate(talk: Talk, rating: str) -> Talk:
    """The person says whether it helped."""
    _in(talk, ENDED)
    if rating not in RATINGS or not talk.taken_by:
        raise NotPossible
    return replace(talk, rating=rating)


def speak(talk: Talk, language: str) -> Talk:
    """The person changed her language."""
    _in(talk, WRITING, LEFT, WAITING, LIVE)
    return replace(talk, language=language)


def _end(talk: Talk, at: float, how: str) -> Talk:
    return replace(talk, state=ENDED, ended_at=at, ended_how=how, asking="")


def _in(talk: Talk, *states: str) -> None:
    if talk.state not in states:
        raise NotPossible


def _held_by(talk: Talk, worker: str) -> None:
    if talk.taken_by != worker:
        raise NotPossible
