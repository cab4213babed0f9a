"""A topic: the checked text of one matter, its sources and its age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.files import DataError, read_yaml


@dataclass(frozen=True)
class Source:
    """Where a fact was read. ``seen`` is the day on which the page was looked at."""

    url: str
    publisher: str
    seen: dt.date
    evidence: str


@dataclass(frozen=True)
class Term:
    """An official word in Finnish and Swedish, and what the English text calls it."""

    fi: str
    sv: str | None
    meaning: str


@dataclass(frozen=True)
class Part:
    """An answer to one follow-up question: paragraphs, then steps in order."""

    id: str
    title: str
    text: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """One topic of the basic information, in its English source text."""

    id: str
    category: str
    title: str
    question: str
    answer: tuple[str, ...]
    steps: tuple[str, ...]
    parts: tuple[Part, ...]
    terms: tuple[Term, ...]
    sources: tuple[Source, ...]
    owner: str
    reviewed: dt.date
    volatility: str
    related: tuple[str, ...]
    contacts: tuple[str, ...]
    starts: str = ""  # the intent of what a person can begin from here

    def part(self, part_id: str) -> Part | None:
        """The part of that id, or None."""
        return next((part for part in self.parts if part.id == part_id), None)

    def sentences(self) -> Iterator[str]:
        """Every string that a translator is asked for, in reading order."""
        yield from (self.title, self.question, *self.answer, *self.steps)
        for part in self.parts:
            yield from (part.title, *part.text, *part.steps)
        yield from (term.meaning for term in self.terms)
        yield from (source.publisher for source in self.sources)


def load_topics(folder: Path) -> dict[str, Topic]:
    """Read every topic of a folder. Raises ``DataError`` naming file and field."""
    topics = {path.stem: _load_topic(path) for path in sorted(folder.glob("*.yml"))}
    if not topics:
        raise DataError(folder, "", "no topics here")
    for topic in topics.values():
        unknown = sorted(set(topic.related) - set(topics))
        if unknown:
            raise DataError(folder / f"{topic.id}.yml", "related", f"no such topic: {unknown[0]}")
    return topics


def _load_topic(path: Path) -> Topic:
    data = read_yaml(path, "topic")
    if data["id"] != path.stem:
        raise DataError(path, "id", f"must be the file's name, {path.stem}")
    ids = [part["id"] for part in data.get("parts", [])]
    if len(ids) != len(set(ids)):
        raise DataError(path, "parts", "two parts have the same id")
    return Topic(
        id=data["id"],
        category=data["category"],
        title=data["title"],
        question=data["question"],
        answer=tuple(data["answer"]),
        steps=tuple(data.get("steps", ())),
        parts=tuple(_part(part) for part in data.get("parts", ())),
        terms=tuple(Term(t["fi"], t.get("sv"), t["meaning"]) for t in data["terms"]),
        sources=tuple(_source(source, path) for source in data["sources"]),
        owner=data["owner"],
        reviewed=_date(data["reviewed"], path, "reviewed"),
        volatility=data["volatility"],
        related=tuple(data["related"]),
        contacts=tuple(data["contacts"]),
        starts=data.get("starts", ""),
    )


def _part(data: dict[str, Any]) -> Part:
    text, steps = tuple(data.get("text", ())), tuple(data.get("steps", ()))
    return Part(data["id"], data["title"], text, steps)


def _source(data: dict[str, Any], path: Path) -> Source:
    seen = _date(data["seen"], path, "sources")
    return Source(data["url"], data["publisher"], seen, data["evidence"])


def _date(text: str, path: Path, field: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise DataError(path, field, f"not a date: {text}") from None
