"""What goes in and out of a conversation, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Button:
    """A choice. ``payload`` comes back when it is pressed; ``picture`` names a pictogram."""

    title: str
    payload: str
    picture: str = ""


@dataclass(frozen=True)
class Inbound:
    """A message of a person. ``sender`` names the conversation, never the person.

    ``delivery`` is the client's id of the message, the same when it is sent again.
    """

    sender: str
    text: str
    channel: str
    language_hint: str | None = None
    delivery: str = ""


@dataclass(frozen=True)
class Reply:
    """One message of Silta: plain text for any client, blocks in ``custom`` for a rich one.

    ``custom`` holds at least ``kind``, ``language`` and ``blocks``; answers also hold ``topic``,
    ``sources`` and ``reviewed`` (see docs/api.md).
    """

    text: str
    buttons: tuple[Button, ...] = ()
    custom: dict[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language code of the reply."""
        return str(self.custom.get("language", ""))

    def as_rasa(self, recipient: str) -> dict[str, Any]:
        """The form of Rasa's REST channel."""
        message: dict[str, Any] = {"recipient_id": recipient, "text": self.text}
        if self.buttons:
            message["buttons"] = [{"title": b.title, "payload": b.payload} for b in self.buttons]
        message["custom"] = self.custom
        return message


class TooBusy(Exception):
    """More people are waiting than the settings allow. Try again soon."""


class TurnFailed(Exception):
    """The turn could not be finished, and nothing of it is kept. Try again."""
