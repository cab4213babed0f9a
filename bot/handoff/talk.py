"""The state of one talk, and what may happen to it. Pure: a talk and an event give a talk.

asked in hours ──▶ waiting ──▶ live ──▶ ended
                    ▲  │ the office closes, or she leaves a contact and goes
 she asks again in  │  ▼
 hours              └─ left ──▶ live ──▶ ended
                       ▲
asked at night ▶ writing ──▶ live (a worker need not wait until the message is ready)

What a worker does stands in ``casework.py``, what time brings about in ``rules.py``.
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
WEB = "web"  # the channel in which her own page fetches what is said; all others are apps


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
    joined_at: float = 0.0  # when she joined the queue after having left a message
    said: int = 0
    unanswered: int = 0  # her messages since a worker wrote last
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
    def queued_at(self) -> float:
        """Since when she waits in the queue: its order, and what counts as late."""
        return self.joined_at or self.asked_at

    @property
    def holds_something(self) -> bool:
        """Whether there is anything to answer: words of hers, or a way to reach her."""
        return bool(self.said or self.way)

    @property
    def on_page(self) -> bool:
        """Whether her own page shows it; else what is said is sent to her app."""
        return self.channel == WEB


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
    only_in(talk, WRITING, LEFT, WAITING, LIVE)
    counted = replace(talk, said=talk.said + 1, unanswered=talk.unanswered + 1)
    since = talk.unanswered_since or at
    return replace(counted, urgent=talk.urgent or urgent, unanswered_since=since)


def alarm(talk: Talk) -> Talk:
    """Danger was heard in words that the talk could not take."""
    only_in(talk, WRITING, LEFT, WAITING, LIVE)
    return replace(talk, urgent=True)


def show(talk: Talk, shown: bool) -> Talk:
    """The person allows, or no longer allows, to see what she and the bot wrote before."""
    only_in(talk, WRITING, LEFT, WAITING, LIVE)
    return replace(talk, shown=shown)


def ask_contact(talk: Talk, way: str) -> Talk:
    """The person chose how she may be reached; but for «here» her contact is awaited."""
    only_in(talk, WRITING, LEFT, WAITING)
    if way not in WAYS:
        raise NotPossible
    if way == HERE:
        return replace(talk, way=HERE, contact="", asking="")
    return replace(talk, asking=way)


def choose_again(talk: Talk) -> Talk:
    """The person wants to choose another way."""
    only_in(talk, WRITING, LEFT, WAITING)
    return replace(talk, asking="")


def give_contact(talk: Talk, contact: str) -> Talk:
    """The person gave the contact that was awaited."""
    if not talk.is_open or not talk.asking:
        raise NotPossible
    return replace(talk, way=talk.asking, contact=contact, asking="")


def ready(talk: Talk) -> Talk:
    """The message is written; until somebody answers, the bot speaks again."""
    only_in(talk, WRITING, WAITING)
    return replace(talk, state=LEFT, way=talk.way or HERE, asking="", from_message=True)


def rejoin(talk: Talk, at: float) -> Talk:
    """Who left a message asks again while the office is open: now she waits like the others."""
    only_in(talk, WRITING, LEFT)
    again = replace(talk, state=WAITING, asking="", joined_at=at)
    return replace(again, from_message=False, late_told=False)


def go_back(talk: Talk, at: float) -> Talk:
    """The person goes back to the bot. Whoever told how to reach her stays on the list."""
    only_in(talk, WRITING, WAITING, LIVE)
    if talk.state == WRITING and talk.holds_something:
        return ready(talk)
    if talk.state == WAITING and talk.way:
        return ready(talk)
    return ended(talk, at, BY_PERSON)


def rate(talk: Talk, rating: str) -> Talk:
    """The person says whether it helped."""
    only_in(talk, ENDED)
    if rating not in RATINGS or not talk.taken_by:
        raise NotPossible
    return replace(talk, rating=rating)


def speak(talk: Talk, language: str) -> Talk:
    """The person changed her language."""
    only_in(talk, WRITING, LEFT, WAITING, LIVE)
    return replace(talk, language=language)


def ended(talk: Talk, at: float, how: str) -> Talk:
    """The talk as it is when it is over."""
    return replace(talk, state=ENDED, ended_at=at, ended_how=how, asking="")


def only_in(talk: Talk, *states: str) -> None:
    """Raises ``NotPossible`` in any other state."""
    if talk.state not in states:
        raise NotPossible
