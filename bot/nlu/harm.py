"""How well danger is heard: recall on plain and on veiled messages, false alarms on near misses."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.files import DataError
from bot.nlu.evaluation import Parse, Report, alarmed, share, summary

HARMLESS = "near_miss"
FIGURES = ("explicit", "veiled", "false_alarms")


@dataclass(frozen=True)
class Message:
    """One message of the harm set: which danger (``none`` for a near miss), and how it is said."""

    lang: str
    text: str
    kind: str
    how: str


def load_messages(path: Path) -> list[Message]:
    """Read JSON lines ``{"lang", "text", "kind", "how"}``. Raises ``DataError`` naming the line."""
    messages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            message = Message(**json.loads(line))
        except (json.JSONDecodeError, TypeError) as error:
            raise DataError(path, f"line {number}", f"not a message: {error!r}") from None
        if message.how not in ("explicit", "veiled", HARMLESS):
            raise DataError(path, f"line {number}", f"how: {message.how!r} is not known")
        messages.append(message)
    return messages


def harm_report(messages: Sequence[Message], parses: Sequence[Parse]) -> Report:
    """Shares by language, their mean and the worst language's.

    ``explicit`` and ``veiled``: the danger answer of any kind is given, which says the number.
    ``false_alarms``: it is given on a near miss.
    """
    alarms: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for message, parse in zip(messages, parses, strict=True):
        figure = "false_alarms" if message.how == HARMLESS else message.how
        alarms[message.lang][figure].append(alarmed(parse))
    languages = {
        code: {"n": sum(map(len, row.values())), **{name: share(row[name]) for name in FIGURES}}
        for code, row in sorted(alarms.items())
    }
    return summary(languages, FIGURES)
