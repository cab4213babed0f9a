"""Conditions on answers, written as data: skip rules, stops and flags all use them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.assessment.answers import GIVEN, Answer

MONTHS = 12


@dataclass(frozen=True)
class Condition:
    """One test of the answer to ``of``. All tests that are set must hold.

    ``one_of``: the answer is, or has among its choices, one of these ids. ``none_of``: it is not;
    that holds also where there is no answer. ``younger``: years of age. ``within_days``: the day
    is at most so many days ahead. ``months_ago`` and ``born_years_ago``: from, to. ``asked``: the
    question was put; ``given``: and answered.
    """

    of: str
    one_of: tuple[str | int, ...] = ()
    none_of: tuple[str, ...] = ()
    younger: int | None = None
    within_days: int | None = None
    months_ago: tuple[int, int] | None = None
    born_years_ago: tuple[int, int] | None = None
    asked: bool = False
    given: bool = False

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Condition:
        """From a data file that was checked against its schema."""
        pairs = {k: tuple(data[k]) for k in ("months_ago", "born_years_ago") if k in data}
        return cls(
            of=data["of"],
            one_of=tuple(data.get("is", ())),
            none_of=tuple(data.get("not", ())),
            younger=data.get("younger"),
            within_days=data.get("within_days"),
            asked=data.get("asked") is True,
            given=data.get("asked") == GIVEN,
            **pairs,
        )

    def holds(self, answers: Mapping[str, Answer], today: dt.date) -> bool:
        """Whether it holds for these answers. Without an answer only ``none_of`` can hold."""
        answer = answers.get(self.of)
        if self.asked:
            return answer is not None
        value = answer.value if answer and answer.status == GIVEN else None
        if value is None:
            return bool(self.none_of)
        return self.fits(value, today)

    def fits(self, value: Any, today: dt.date) -> bool:
        """Whether it holds for this value, whichever question it answers."""
        chosen = set(value) if isinstance(value, list) else {value}
        tests = (
            not self.one_of or bool(chosen & set(self.one_of)),
            not chosen & set(self.none_of),
            self.younger is None or years_since(str(value), today) < self.younger,
            self.within_days is None or _days_until(str(value), today) <= self.within_days,
            self.months_ago is None or _between(months_since(str(value), today), self.months_ago),
        )
        return all(tests)


def all_hold(
    conditions: Sequence[Condition], answers: Mapping[str, Answer], today: dt.date
) -> bool:
    """Whether every one holds."""
    return all(condition.holds(answers, today) for condition in conditions)


def any_holds(
    conditions: Sequence[Condition], answers: Mapping[str, Answer], today: dt.date
) -> bool:
    """Whether at least one holds."""
    return any(condition.holds(answers, today) for condition in conditions)


def months_since(month: str, today: dt.date) -> int:
    """Whole calendar months from ``YYYY-MM`` (or a day of it) to today."""
    year, number = (int(part) for part in month.split("-")[:2])
    return (today.year - year) * MONTHS + today.month - number


def years_since(month: str, today: dt.date) -> int:
    """Years of age of a person born in ``YYYY-MM``. In the month of birth the birthday counts as
    still to come: a person who may be under age is treated as under age.
    """
    return (months_since(month, today) - 1) // MONTHS


def _days_until(day: str, today: dt.date) -> int:
    return (dt.date.fromisoformat(day) - today).days


def _between(number: int, ends: tuple[int, int]) -> bool:
    return ends[0] <= number <= ends[1]
