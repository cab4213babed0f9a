"""When is a text too old to be told? Never from stale text silently."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from pathlib import Path

from bot.content.contacts import Contact
from bot.content.topics import Topic
from bot.files import read_yaml


class Freshness(enum.Enum):
    """How an answer may be told: as it is, with a warning, or not at all."""

    CURRENT = "current"
    DUE = "due"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class Policy:
    """Ages in days, from data/policy.yml."""

    review_after: dict[str, int]
    grace: dict[str, int]
    contact_max_age: dict[str, int]
    always_spoken: frozenset[str]

    def review_due(self, topic: Topic) -> dt.date:
        """The day on which the topic should be read against its sources again."""
        return topic.reviewed + dt.timedelta(days=self.review_after[topic.volatility])

    def freshness(self, topic: Topic, today: dt.date) -> Freshness:
        """Whether the topic's text may be told today."""
        due = self.review_due(topic)
        if today <= due:
            return Freshness.CURRENT
        last = due + dt.timedelta(days=self.grace[topic.volatility])
        return Freshness.DUE if today <= last else Freshness.WITHHELD

    def may_speak(self, contact: Contact, today: dt.date) -> bool:
        """Whether the contact was checked recently enough to be told."""
        if contact.id in self.always_spoken:
            return True
        if contact.confidence not in self.contact_max_age:
            return False
        age = (today - contact.checked_on).days
        return age <= self.contact_max_age[contact.confidence]


def load_policy(path: Path) -> Policy:
    """Read data/policy.yml. Raises ``DataError``."""
    data = read_yaml(path, "policy")
    return Policy(
        data["review_after"],
        data["grace"],
        data["contact_max_age"],
        frozenset(data["always_spoken"]),
    )
