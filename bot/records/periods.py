"""How long things are kept."""

from __future__ import annotations

from dataclasses import dataclass

HOUR, DAY = 3_600, 86_400  # seconds
# An open talk that nobody ends. No setting shortens it: somebody may still be waiting there.
OPEN_TALK_DAYS = 30


@dataclass(frozen=True)
class Periods:
    """Conversations by their last message, drafts by their last answer, sent records by sending
    or by a caseworker's import, talks by their end. The defaults are the retention proposal of
    the privacy review.
    """

    conversation_days: int = 7
    draft_hours: int = 24
    sent_days: int = 30
    imported_days: int = 14
    talk_days: int = 14

    @property
    def draft_seconds(self) -> int:
        """The life of a draft after its last answer, in seconds."""
        return self.draft_hours * HOUR
