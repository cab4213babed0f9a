"""The unit groups of ISCO-08: the list from which a person picks her occupation."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.files import DataError

FILE, TITLES, WORDS = "isco08.tsv", "titles.tsv", "words.tsv"
TITLED = ("fi",)  # languages of the titles beside English
WRITTEN_BY = ("tk10", "ours")  # who worded a title: see data/occupations/README.md
NONE = "none"  # what is stored where no suggestion was right


@dataclass(frozen=True)
class Occupation:
    """A unit group.

    ``title`` is that of ISCO, in English; ``titles`` are those of other languages. ``words`` are
    what people call it, by language; the first one is shown to them.
    """

    code: str
    title: str
    titles: Mapping[str, str]
    examples: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]

    @property
    def major(self) -> str:
        """The major group: the first digit."""
        return self.code[0]

    def titled(self, language: str) -> str:
        """Its title for a caseworker; in English where the list has none in the language."""
        return self.titles.get(language, self.title)

    def named(self, language: str) -> str:
        """Its name for a person who reads that language; empty where the list has none."""
        if language == "en":
            return self.title
        return next(iter(self.words.get(language, ())), self.titles.get(language, ""))

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called, in all languages."""
        words = itertools.chain.from_iterable(self.words.values())
        return (self.title, *self.titles.values(), *words)


Occupations = Mapping[str, Occupation]


def load_occupations(folder: Path) -> Occupations:
    """Read ``data/occupations``, by code. Raises ``DataError``."""
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in _rows(folder / WORDS):
        code = row.pop("code")
        words[code] = {language: tuple(text.split("|")) for language, text in row.items() if text}
    titles = {row["code"]: row for row in _rows(folder / TITLES)}
    found = {
        row["code"]: Occupation(
            row["code"],
            row["title"],
            {language: titles.get(row["code"], {}).get(language, "") for language in TITLED},
            tuple(row["examples"].split("|")),
            words.pop(row["code"], {}),
        )
        for row in _rows(folder / FILE)
    }
    _check_titles(folder / TITLES, titles, set(found))
    if words:
        raise DataError(folder / WORDS, "code", f"no such group: {', '.join(sorted(words))}")
    return found


def _check_titles(path: Path, titles: Mapping[str, Mapping[str, str]], groups: set[str]) -> None:
    if odd := sorted(groups ^ set(titles)):
        raise DataError(path, "code", f"must be those of {FILE}: {', '.join(odd)}")
    for code, row in titles.items():
        for language in TITLED:
            if not row[language] or row[f"{language}_by"] not in WRITTEN_BY:
                wanted = " or ".join(WRITTEN_BY)
                raise DataError(path, f"{code}/{language}", f"a title, by {wanted}")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise DataError(path, f"line {number}", "as many fields as the first line has")
    return rows
