"""Reading and writing Rasa's messages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

NGRAMS = "silta_ngrams"  # a Row; internal, never in the output
IDENTIFIED = "identified_language"  # in the output
COMMAND = "/"


@dataclass(frozen=True)
class Row:
    """One message's n-grams: a sparse row of one line.

    Rasa asks every value of a message for its fingerprint. Without this method it prints the
    matrix to a string, which cost more than a minute over 37,000 messages.
    """

    matrix: Any

    def fingerprint(self) -> str:
        """What Rasa compares to know whether the training data changed."""
        parts = (self.matrix.indices.tobytes(), self.matrix.data.tobytes())
        return hashlib.blake2b(b"".join(parts), digest_size=16).hexdigest()


def text_of(message: Message) -> str:
    """The text, or nothing for a button press (those need no understanding)."""
    text = str(message.get(TEXT) or "")
    return "" if text.startswith(COMMAND) else text


def language_of(message: Message) -> str:
    """The language that a training message is written in, from its group's metadata."""
    metadata: dict[str, Any] = message.get(METADATA) or {}
    return str((metadata.get("intent") or {}).get("language") or "")


def examples(training_data: TrainingData) -> list[Message]:
    """The training messages that have a text and an intent."""
    return [m for m in training_data.intent_examples if m.get(TEXT)]


def label_of(message: Message) -> str:
    """The full intent, e.g. ask/health_services."""
    return str(message.get_full_intent())
