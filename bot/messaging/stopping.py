"""What is heard from a person however much of hers waits: that she wants no more, or is gone."""

from __future__ import annotations

from bot.messaging.incoming import Incoming, Kind
from bot.messaging.limits import Limits

# Their answers take no turn of the engine, so that they cannot become too much for it.
ALWAYS_HEARD = frozenset({Kind.STOP, Kind.BLOCKED, Kind.GROUP})


def is_stop(kind: Kind, text: str, limits: Limits) -> bool:
    """Whether a message asks for no more messages, by the app's own means or by a word."""
    word = text.strip().strip(".!").casefold()
    return kind is Kind.STOP or (kind is Kind.TEXT and word in limits.stop_words)


def always_heard(item: Incoming, limits: Limits) -> bool:
    """Whether a message is kept even from somebody who sends too much."""
    return item.kind in ALWAYS_HEARD or is_stop(item.kind, item.text, limits)
