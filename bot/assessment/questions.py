"""Questions and options, as the data files give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.assessment.conditions import Condition

CHOICES = ("choice", "several")


@dataclass(frozen=True)
class Option:
    """A choice. ``id`` is kept for ever; ``codes`` are of ISCED, ISCO or CEFR (a hint).

    ``urgent`` names a kind of danger whose numbers are shown at once; ``notice`` is said after
    the choice. A ``weekday`` (0 is Monday) is named by CLDR and has no title.
    """

    id: str
    title: str
    caseworker: Mapping[str, str]
    picture: str = ""
    weekday: int | None = None
    notice: str = ""
    urgent: str = ""
    codes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stop:
    """Where a condition ends the questions: the answers are deleted, a person is offered."""

    condition: Condition
    reason: str


@dataclass(frozen=True)
class Question:
    """One question. ``source`` names the law or decree that lets the city have the answer.

    A ``group`` has ``parts``, asked up to ``most`` times. A question with ``each`` is asked once
    for every item of the answer to that question. An ``occupation`` is picked for the words that
    were written to ``said_in``; one ``in_place_of`` another is asked where that one was not picked.
    """

    id: str
    section: str
    kind: str
    caseworker: Mapping[str, str]
    question: str = ""
    why: str = ""
    options: tuple[Option, ...] = ()
    required: bool = False
    skippable: bool = True
    sensitivity: str = "ordinary"
    source: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    stop: tuple[Stop, ...] = ()
    least: int | None = None
    most: int | None = None
    past: bool = False
    each: str = ""
    said_in: str = ""
    in_place_of: str = ""
    parts: tuple[Question, ...] = ()
    free: bool = False
    keep: str = ""
    none: bool = False
    spoken_only: tuple[Condition, ...] = ()

    def option(self, option_id: str) -> Option | None:
        """The option of that id."""
        return next((option for option in self.options if option.id == option_id), None)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All that decide whether it is asked."""
        return self.when + self.unless

    @property
    def depends_on(self) -> list[str]:
        """The questions whose answers decide whether it is asked."""
        return [c.of for c in self.conditions] + ([self.said_in] if self.said_in else [])


def read_question(data: Mapping[str, Any], section: str, shared: Mapping[str, Option]) -> Question:
    """A question from checked data. Raises ``KeyError`` for a shared option that is not there."""
    plain = ("id", "kind", "caseworker", "question", "why", "required", "skippable", "sensitivity")
    more = ("least", "most", "past", "each", "free", "keep", "none", "said_in", "in_place_of")
    return Question(
        section=section,
        options=tuple(_option(option, shared) for option in data.get("options", ())),
        source=tuple(data.get("source", ())),
        when=_conditions(data.get("when", ())),
        unless=_conditions(data.get("unless", ())),
        stop=tuple(Stop(Condition.read(stop), stop["reason"]) for stop in data.get("stop", ())),
        parts=tuple(read_question(part, section, shared) for part in data.get("parts", ())),
        spoken_only=_conditions(data.get("spoken_only", ())),
        **{name: data[name] for name in (*plain, *more) if name in data},
    )


def read_option(data: Mapping[str, Any]) -> Option:
    """An option from checked data."""
    names = ("id", "caseworker", "picture", "weekday", "notice", "urgent")
    codes = {name: data[name] for name in ("isced", "iscedf", "isco", "cefr") if name in data}
    given = {name: data[name] for name in names if name in data}
    return Option(title=data.get("title", ""), codes=codes, **given)


def _option(data: Any, shared: Mapping[str, Option]) -> Option:
    return shared[data] if isinstance(data, str) else read_option(data)


def _conditions(data: Any) -> tuple[Condition, ...]:
    return tuple(Condition.read(item) for item in data)
