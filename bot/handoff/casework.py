"""What a worker does to a talk. Pure, as the events of ``talk.py`` are."""

from __future__ import annotations

from dataclasses import replace

from bot.handoff.talk import (
    BY_WORKER,
    LEFT,
    LIVE,
    WAITING,
    WRITING,
    NotPossible,
    Talk,
    ended,
    only_in,
)


def take(talk: Talk, worker: str, at: float) -> Talk:
    """A worker takes it; from a colleague too, who is named by the desk before."""
    only_in(talk, WRITING, WAITING, LEFT, LIVE)
    if talk.taken_by == worker:
        return talk
    taken_at = talk.taken_at or at
    return replace(talk, state=LIVE, taken_by=worker, taken_at=taken_at, asking="")


def answered(talk: Talk, worker: str) -> Talk:
    """The worker who has it wrote something."""
    only_in(talk, LIVE)
    _held_by(talk, worker)
    return replace(talk, unanswered=0, unanswered_since=0.0)


def hand_over(talk: Talk, worker: str, colleague: str) -> Talk:
    """The worker gives it to a colleague."""
    only_in(talk, LIVE)
    _held_by(talk, worker)
    return replace(talk, taken_by=colleague)


def end(talk: Talk, worker: str, at: float) -> Talk:
    """The worker who has it ends it."""
    only_in(talk, LIVE)
    _held_by(talk, worker)
    return ended(talk, at, BY_WORKER)


def _held_by(talk: Talk, worker: str) -> None:
    if talk.taken_by != worker:
        raise NotPossible
