"""Does the questionnaire hold together? Unknown ids, wrong order, questions never asked."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bot import clock
from bot.assessment.answers import Answer, Draft
from bot.assessment.conditions import Condition
from bot.assessment.flags import FlagRule
from bot.assessment.flow import is_asked
from bot.assessment.questionnaire import Questionnaire
from bot.assessment.questions import Question
from bot.files import DataError

AGES = (16, 20, 40)  # years; on both sides of every age that a rule speaks of
ELSE = "zxx"  # a language that no condition names


def check_questionnaire(
    questionnaire: Questionnaire, rules: Iterable[FlagRule], dangers: Iterable[str], folder: Path
) -> None:
    """Raise ``DataError`` for the first fault, with file and field."""
    known = set(dangers)
    for question in questionnaire.questions.values():
        path = folder / f"{question.section}.yml"
        _check_conditions(questionnaire, question, path)
        for option in question.options:
            if option.urgent and option.urgent not in known:
                raise DataError(path, f"{question.id}/{option.id}/urgent", "no such danger")
        if not reachable(questionnaire, question):
            raise DataError(path, question.id, "is never asked: its conditions exclude each other")
    for rule in rules:
        for condition in itertools.chain.from_iterable(rule.any):
            _check_values(questionnaire, condition, folder / "flags.yml", rule.id)


def reachable(questionnaire: Questionnaire, question: Question) -> bool:
    """Whether some answers lead to the question: all that matter are tried."""
    today = clock.today()
    asked_of = _ancestors(questionnaire, question)
    samples = [list(_samples(questionnaire.questions[name], today)) for name in asked_of]
    for values in itertools.product(*samples):
        answers: dict[str, Answer] = {}
        for name, value in zip(asked_of, values, strict=True):
            if is_asked(questionnaire.questions[name], _answered(answers), today):
                answers[name] = Answer(name, value=value)
        if is_asked(question, _answered(answers), today):
            return True
    return False


def _answered(answers: dict[str, Answer]) -> Draft:
    return Draft("", "", answers=answers)


def _ancestors(questionnaire: Questionnaire, question: Question) -> list[str]:
    found: set[str] = set()
    waiting = question.depends_on
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += questionnaire.questions[name].depends_on
    return [name for name in questionnaire.questions if name in found]


def _samples(question: Question, today: dt.date) -> Iterator[Any]:
    if question.kind == "choice":
        yield from (option.id for option in question.options)
    elif question.kind == "several":
        yield from ([option.id] for option in question.options)
    elif question.kind == "month":
        yield from (f"{today.year - age}-{today.month:02}" for age in AGES)
    elif question.kind == "number":
        yield from (question.least or 0, question.most or 1)
    elif question.kind == "languages":
        yield from (["fi"], ["sv"], [ELSE])
    else:
        yield "x"


def _check_conditions(questionnaire: Questionnaire, question: Question, path: Path) -> None:
    order = list(questionnaire.questions)
    for condition in (*question.conditions, *question.spoken_only):
        where = f"{question.id}/{condition.of}"
        _check_values(questionnaire, condition, path, where)
        if order.index(condition.of) >= order.index(question.id):
            raise DataError(path, where, "a condition must be about an earlier question")
    for stop in question.stop:
        _check_values(questionnaire, stop.condition, path, f"{question.id}/stop")
    if question.each and question.each not in questionnaire.questions:
        raise DataError(path, f"{question.id}/each", f"no such question: {question.each}")
    _check_picks(list(questionnaire.questions.values()), question, path, question.id)
    for part in question.parts:
        _check_picks(list(question.parts), part, path, f"{question.id}/{part.id}")


def _check_picks(asked: Sequence[Question], question: Question, path: Path, where: str) -> None:
    """An occupation is picked for words, and another question in its place, that came before."""
    before = {q.id: q.kind for q in itertools.takewhile(lambda q: q.id != question.id, asked)}
    for field, name, kind in (
        ("said_in", question.said_in, "text"),
        ("in_place_of", question.in_place_of, "occupation"),
    ):
        if name and before.get(name) != kind:
            raise DataError(path, f"{where}/{field}", f"no earlier question {name} of kind {kind}")
    if question.kind == "occupation" and not question.said_in:
        raise DataError(path, f"{where}/said_in", "an occupation is picked for somebody's words")


def _check_values(
    questionnaire: Questionnaire, condition: Condition, path: Path, where: str
) -> None:
    asked = questionnaire.questions.get(condition.of)
    if asked is None:
        raise DataError(path, where, f"no such question: {condition.of}")
    ids = {option.id for option in asked.options}
    for value in (*condition.one_of, *condition.none_of):
        if asked.options and value not in ids:
            raise DataError(path, where, f"{condition.of} has no option {value}")
