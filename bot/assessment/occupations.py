"""The unit groups of ISCO-08: the list from which a person picks her occupation."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.files import DataError

FILE, WORDS = "isco08.tsv", "words.tsv"
NONE = "none"  # what is stored where no suggestion was right


@dataclass(frozen=True)
class Occupation:
    """A unit group. ``words`` are what people call it, by language; the first one is shown."""

    code: str
    title: str
    examples: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]

    @property
    def major(self) -> str:
        """The major group: the first digit."""
        return self.code[0]

    def named(self, language: str) -> str:
        """Its name in a language; empty where the list has none."""
        if language == "en":
            return self.title
        return next(iter(self.words.get(language, ())), "")


Occupations = Mapping[str, Occupation]


def load_occupations(folder: Path) -> Occupations:
    """Read ``data/occupations``, by code. Raises ``DataError``."""
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in _rows(folder / WORDS):
        code = row.pop("code")
        words[code] = {language: tuple(text.split("|")) for language, text in row.items() if text}
    found = {
        row["code"]: Occupation(
            row["code"],
            row["title"],
            tuple(row["examples"].split("|")),
            words.pop(row["code"], {}),
        )
        for row in _rows(folder / FILE)
    }
    if words:
        raise DataError(folder / WORDS, "code", f"no such group: {', '.join(sorted(words))}")
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise DataError(path, f"line {number}", "as many fields as the first line has")
    return rows
