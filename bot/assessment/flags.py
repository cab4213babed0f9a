"""Flags: what a caseworker must see first, raised by rules on answers. Nobody is scored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.assessment.answers import GIVEN, Answer
from bot.assessment.conditions import Condition
from bot.files import read_yaml


@dataclass(frozen=True)
class FlagRule:
    """A flag and the cases that raise it: any of them, each with all of its conditions."""

    id: str
    level: str
    sign: str
    any: tuple[tuple[Condition, ...], ...]
    caseworker: Mapping[str, str]


@dataclass(frozen=True)
class Flag:
    """A flag that was raised. ``answers`` are the keys of the answers that raised it."""

    id: str
    level: str
    sign: str
    answers: tuple[str, ...]


def load_flags(path: Path) -> tuple[FlagRule, ...]:
    """Read the rules. Raises ``DataError``."""
    return tuple(_rule(data) for data in read_yaml(path, "flags")["flags"])


def raised(rules: Sequence[FlagRule], answers: Mapping[str, Answer], today: dt.date) -> list[Flag]:
    """The flags of these answers, in the order of the rules: red, amber, info."""
    found = []
    for rule in rules:
        keys = [key for case in rule.any for key in _raising(case, answers, today)]
        if keys:
            found.append(Flag(rule.id, rule.level, rule.sign, tuple(dict.fromkeys(keys))))
    return found


def _raising(case: Sequence[Condition], answers: Mapping[str, Answer], today: dt.date) -> list[str]:
    """The answers that fulfil the whole case; empty if one condition fails."""
    keys: list[str] = []
    for condition in case:
        found = _fulfilling(condition, answers, today)
        if not found:
            return []
        keys += found
    return keys


def _fulfilling(condition: Condition, answers: Mapping[str, Answer], today: dt.date) -> list[str]:
    repeated = [key for key in answers if key.startswith(f"{condition.of}.")]
    if not repeated:
        return [condition.of] if condition.holds(answers, today) else []
    return [key for key in repeated if _holds_for_item(condition, answers, key, today)]


def _holds_for_item(
    condition: Condition, answers: Mapping[str, Answer], key: str, today: dt.date
) -> bool:
    """One answer of a question that is asked for each child: with the child's birth year."""
    answer = answers[key]
    if answer.status != GIVEN or not condition.fits(answer.value, today):
        return False
    if condition.born_years_ago is None:
        return True
    low, high = condition.born_years_ago
    return answer.item is not None and low <= today.year - int(answer.item) <= high


def _rule(data: Mapping[str, Any]) -> FlagRule:
    cases = tuple(tuple(Condition.read(item) for item in case) for case in data["any"])
    return FlagRule(data["id"], data["level"], data["sign"], cases, data["caseworker"])
