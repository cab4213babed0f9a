"""One thing that a person did in a messaging app, whatever the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.redaction import redact


class Kind(str, Enum):
    """What was done. The values are stored."""

    TEXT = "text"
    BUTTON = "button"  # ``text`` is the button's payload
    EDITED = "edited"  # ``text`` is the new text
    START = "start"  # opened the chat; ``text`` is what a link or code brought along
    STOP = "stop"  # wants no more messages
    LOCATION = "location"
    CONTACT = "contact"
    VOICE = "voice"
    PICTURE = "picture"
    STICKER = "sticker"
    FILE = "file"
    UNKNOWN = "unknown"
    GROUP = "group"  # wrote where others read along
    MANY = "many"  # more at once than can be answered in time
    BLOCKED = "blocked"  # shut the door: nothing can be sent


OWN_WORDS = (Kind.TEXT, Kind.EDITED)


@dataclass(frozen=True)
class Incoming:
    """``delivery`` is the vendor's id, the same when it is delivered again; ``address`` is where
    a reply goes; ``position`` orders the messages of one person; ``language`` is the app's hint.
    """

    delivery: str
    address: str
    kind: Kind
    text: str = ""
    language: str = ""
    position: float = 0.0

    def __post_init__(self) -> None:
        """Broken characters become question marks, so that the text can be kept."""
        for name in ("delivery", "address", "text", "language"):
            whole = getattr(self, name).encode("utf-8", "replace").decode("utf-8")
            object.__setattr__(self, name, whole)

    def body(self) -> dict[str, Any]:
        """What is kept of it until it is answered: own words without codes and numbers."""
        text = redact(self.text)[0] if self.kind in OWN_WORDS else self.text
        return {"kind": self.kind.value, "text": text, "language": self.language}


@dataclass(frozen=True)
class Confirmation:
    """The vendor tells that it has a part (see ``Outbox.confirmed``)."""

    key: str


class Malformed(ValueError):
    """The vendor's request is not of the documented form. The message holds no content of it."""


LARGEST = 2**53  # beyond it a number in JSON is not exact


def number(data: Any, *path: str | int) -> int:
    """The whole number at a path in JSON data. Raises ``Malformed``."""
    value = member(data, *path, kind=int)
    if abs(value) > LARGEST:
        raise Malformed(f"{path}: too large")
    return int(value)


def member(data: Any, *path: str | int, kind: type = dict) -> Any:
    """What stands at a path in JSON data. Raises ``Malformed`` if it is not there or not so."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(data, list) or len(data) <= step:
                raise Malformed(f"{path}: no list")
        elif not isinstance(data, Mapping) or step not in data:
            raise Malformed(f"{path}: missing")
        data = data[step]
    if not isinstance(data, kind) or (isinstance(data, bool) and kind is not bool):
        raise Malformed(f"{path}: not a {kind.__name__}")
    return data
