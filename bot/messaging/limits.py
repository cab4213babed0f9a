"""What an app can show, from ``data/channels/<name>.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.files import ROOT, read_yaml

WORDS = ROOT / "data" / "app_words.yml"  # those of every app, in each language
NUMBERS = "numbers"  # the form of choices that every app has: numbers in the text, typed


@dataclass(frozen=True)
class ChoiceForm:
    """One way to show choices, and how much it holds. Lengths are characters, 0: no limit."""

    name: str
    most: int
    title_length: int = 0
    description_length: int = 0
    payload_length: int = 0
    text_length: int = 0


@dataclass(frozen=True)
class Limits:
    """The limits of an app. ``settle``: seconds in which its deliveries may overtake each other.

    ``window``: hours after a person's message in which she may be answered freely; 0: always.
    """

    name: str
    text_length: int
    counted_in: str
    isolates: bool
    forms: tuple[ChoiceForm, ...]
    settle: float = 0.0
    window: int = 0
    longest_body: int = 65_536
    commands: Mapping[str, str] = field(default_factory=dict)
    stop_words: frozenset[str] = frozenset()
    start_words: frozenset[str] = frozenset()

    def length(self, text: str) -> int:
        """How long the app finds a text."""
        if self.counted_in == "utf-16":
            return len(text.encode("utf-16-le")) // 2
        return len(text.encode()) if self.counted_in == "utf-8" else len(text)


def load_limits(path: Path) -> Limits:
    """Read the limits of an app. Raises ``DataError``."""
    data = read_yaml(path, "channel")
    common, own = read_yaml(WORDS, "app_words"), data.get("words", {})
    return Limits(
        name=path.stem,
        text_length=data["text_length"],
        counted_in=data.get("counted_in", "characters"),
        isolates=data["isolates"],
        forms=tuple(ChoiceForm(**form) for form in data["choices"]),
        settle=data.get("settle", 0.0),
        window=data.get("window", 0),
        longest_body=data.get("longest_body", 65_536),
        commands=data.get("commands", {}),
        stop_words=_words(common["stop"]) | _words(own.get("stop", {})),
        start_words=_words(common["start"]) | _words(own.get("start", {})),
    )


def _words(by_language: Mapping[str, list[str]]) -> frozenset[str]:
    return frozenset(word.casefold() for words in by_language.values() for word in words)
