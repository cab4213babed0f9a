"""How many talks there were, how they went and how long people waited: without persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bot.desk.counts import SMALL, Table, safe, total
from bot.handoff import talk as talks
from bot.handoff.rules import MINUTE
from bot.handoff.talk import Talk

ANSWERED, UNANSWERED, WAITING, GONE = "answered", "unanswered", "waiting", "gone"


@dataclass(frozen=True)
class TalkCounts:
    """Safe to show. None: hidden. ``wait``: the median of minutes in the queue until answered."""

    total: int | None
    wait: int | None
    tables: Sequence[Table]


def talk_counts(kept: Sequence[Talk]) -> TalkCounts:
    """The counts of those talks."""
    return TalkCounts(
        total=total(kept),
        wait=_wait(kept),
        tables=(
            safe("talk_outcome", Counter(_outcome(talk) for talk in kept)),
            safe("talk_language", Counter(talk.language for talk in kept)),
        ),
    )


def _outcome(talk: Talk) -> str:
    if talk.taken_by:
        return ANSWERED
    if talk.state == talks.ENDED:
        return GONE
    return WAITING if talk.state == talks.WAITING else UNANSWERED


def _wait(kept: Sequence[Talk]) -> int | None:
    """Of those who stood in the queue: who left a message at night did not wait for us."""
    waits = [t.taken_at - t.queued_at for t in kept if t.taken_by and not t.from_message]
    return max(1, round(median(waits) / MINUTE)) if len(waits) >= SMALL else None
