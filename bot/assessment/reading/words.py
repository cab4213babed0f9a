"""Number words and words for days, in all languages of the service."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.assessment.reading.text import holds, normalise, words
from bot.files import ROOT, read_yaml

FILE = ROOT / "data" / "assessment" / "words.yml"


@cache
def number_words(path: Path = FILE) -> Mapping[str, Mapping[str, int]]:
    """By language: the number that a word means."""
    return {
        language: {
            normalise(variant): number
            for number, entry in enumerate(entries)
            for variant in entry.split("|")
            if variant
        }
        for language, entries in read_yaml(path)["numbers"].items()
    }


@cache
def phrases(name: str, path: Path = FILE) -> tuple[str, ...]:
    """Ways to say ``last_month``, ``today`` and so on, in every language."""
    return tuple(
        normalise(variant)
        for entry in read_yaml(path)[name].values()
        for variant in entry.split("|")
    )


def says(text: str, name: str) -> bool:
    """Whether the text says, for example, ``last_month`` in any language."""
    return any(holds(normalise(text), phrase) for phrase in phrases(name))


def spelled_numbers(text: str, language: str) -> list[int]:
    """The numbers that are written as words: in the language, else where all languages agree."""
    found = words(normalise(text))
    own = number_words().get(language, {})
    in_own = [own[word] for word in found if word in own]
    if in_own:
        return in_own
    meant = {other[word] for word in found for other in number_words().values() if word in other}
    return list(meant) if len(meant) == 1 else []
