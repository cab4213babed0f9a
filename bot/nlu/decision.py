"""From shares to a decision: answer, ask back, or say that it is outside."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

TOPIC = "ask"
URGENT = "urgent"
OUTSIDE = "out_of_scope"
UNSURE = "nlu_fallback"


class Outcome(enum.Enum):
    """What is done with a message."""

    URGENT = "urgent"
    ANSWER = "answer"
    DIALOGUE = "dialogue"
    SUGGEST = "suggest"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Thresholds:
    """Learned on held-out training messages; see bot/nlu/training.py."""

    danger: float
    possible_danger: float
    outside: float
    answer: float
    dialogue: float


@dataclass(frozen=True)
class Scores:
    """Shares from 0 to 1. ``labels`` are ranked, best first: ask/<topic> or a dialogue intent."""

    labels: Sequence[tuple[str, float]]
    danger: float
    danger_kind: str
    outside: float


def danger_level(scores: Scores, thresholds: Thresholds) -> str | None:
    """``certain``: only the danger is answered. ``possible``: first the number, then the rest."""
    if scores.danger >= thresholds.danger:
        return "certain"
    return "possible" if scores.danger >= thresholds.possible_danger else None


def decide(scores: Scores, thresholds: Thresholds) -> Outcome:
    """Danger first; then what is outside; then the best label if it is sure enough."""
    if scores.danger >= thresholds.danger:
        return Outcome.URGENT
    label, share = scores.labels[0]
    is_topic = label.startswith(f"{TOPIC}/")
    if scores.outside >= thresholds.outside:
        return Outcome.OUTSIDE
    if is_topic:
        return Outcome.ANSWER if share >= thresholds.answer else Outcome.SUGGEST
    return Outcome.DIALOGUE if share >= thresholds.dialogue else Outcome.SUGGEST
