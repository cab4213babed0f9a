"""The phrase book: checked sentences with which a caseworker writes in a newcomer's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.files import DataError, read_yaml

SLOTS = ("date", "time", "place", "document", "phone", "name")
_SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Choice:
    """A text under an id: an answer that is tapped, or a document that is asked for."""

    id: str
    text: str


@dataclass(frozen=True)
class Phrase:
    """One sentence in its English source; ``answers`` are what the person may tap."""

    id: str
    category: str
    text: str
    answers: tuple[Choice, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of what the worker fills in, in their order."""
        return tuple(dict.fromkeys(_SLOT.findall(self.text)))

    def answer(self, answer_id: str) -> Choice | None:
        """One of its answers."""
        return next((choice for choice in self.answers if choice.id == answer_id), None)


@dataclass(frozen=True)
class PhraseBook:
    """All phrases by id, in the order of the file, and the documents that a slot can name."""

    phrases: dict[str, Phrase]
    documents: dict[str, Choice]

    @property
    def categories(self) -> tuple[str, ...]:
        """The ids of the categories, in their order."""
        return tuple(dict.fromkeys(phrase.category for phrase in self.phrases.values()))

    def sentences(self) -> Iterator[str]:
        """Each string that a translator is asked for."""
        yield from (document.text for document in self.documents.values())
        for phrase in self.phrases.values():
            yield phrase.text
            yield from (choice.text for choice in phrase.answers)


def load_phrase_book(path: Path) -> PhraseBook:
    """Read and check data/phrases.yml. Raises ``DataError``."""
    data = read_yaml(path, "phrases")
    sets = {name: _choices(found, path, name) for name, found in data["answers"].items()}
    phrases: dict[str, Phrase] = {}
    for category, entries in data["phrases"].items():
        for entry in entries:
            field = f"phrases/{category}/{entry['id']}"
            if entry["id"] in phrases:
                raise DataError(path, field, "this id stands twice")
            answers = entry.get("answers")
            if answers is not None and answers not in sets:
                raise DataError(path, field, f"no such answers: {answers}")
            phrase = Phrase(entry["id"], category, entry["text"], sets.get(answers or "", ()))
            unknown = set(phrase.slots) - set(SLOTS)
            if unknown:
                raise DataError(path, field, f"no such slot: {', '.join(sorted(unknown))}")
            phrases[phrase.id] = phrase
    documents = {choice.id: choice for choice in _choices(data["documents"], path, "documents")}
    return PhraseBook(phrases, documents)


def _choices(entries: list[dict[str, str]], path: Path, field: str) -> tuple[Choice, ...]:
    choices = tuple(Choice(entry["id"], entry["text"]) for entry in entries)
    if len({choice.id for choice in choices}) < len(choices):
        raise DataError(path, field, "an id stands twice")
    return choices
