"""The walk through the questions: what is asked next, what no longer counts, how far it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.assessment.answers import GIVEN, SHORT, Answer, Draft
from bot.assessment.conditions import all_hold, any_holds
from bot.assessment.occupations import NONE
from bot.assessment.questionnaire import Questionnaire
from bot.assessment.questions import Question

REVIEW, SEND = "review", "send"  # in place of a question: reading back, and the last decision
MORE = "more"  # the part of a group that asks whether there is another one


@dataclass(frozen=True)
class Step:
    """One thing to ask. ``key`` names its answer: ``A4``, ``C3.2``, ``G3.1.country``.

    ``item`` is what a repeated question is about; ``owner`` is the question of the data file.
    """

    key: str
    question: Question
    owner: Question
    item: Any = None


def steps(questionnaire: Questionnaire, draft: Draft, today: dt.date) -> Iterator[Step]:
    """Everything that is asked of this person, by what she has answered so far."""
    for question in questionnaire.questions.values():
        if draft.path == SHORT and question.id not in questionnaire.short_path:
            continue
        if is_asked(question, draft, today):
            yield from _steps_of(question, draft)


def is_asked(question: Question, draft: Draft, today: dt.date) -> bool:
    """Whether the skip rules let the question be asked."""
    if any_holds(question.unless, draft.answers, today):
        return False
    if question.said_in and not draft.value(question.said_in):
        return False
    return all_hold(question.when, draft.answers, today)


def words_for(step: Step, draft: Draft) -> str:
    """What the person wrote to the question for whose words an occupation is picked."""
    group, _, _ = step.key.rpartition(".")
    name = step.question.said_in
    return str(draft.value(f"{group}.{name}" if group else name) or "") if name else ""


def step_of(questionnaire: Questionnaire, draft: Draft, key: str, today: dt.date) -> Step | None:
    """The step of that key, if it is asked of this person."""
    return next((s for s in steps(questionnaire, draft, today) if s.key == key), None)


def next_key(questionnaire: Questionnaire, draft: Draft, today: dt.date) -> str:
    """The first step that has no answer yet, else the reading back."""
    waiting = (s.key for s in steps(questionnaire, draft, today) if s.key not in draft.answers)
    return next(waiting, REVIEW)


def begin(questionnaire: Questionnaire, draft: Draft, today: dt.date) -> Draft:
    """The draft at its first question."""
    return replace(draft, current=next_key(questionnaire, draft, today))


def take(questionnaire: Questionnaire, draft: Draft, answer: Answer, today: dt.date) -> Draft:
    """The draft with that answer, at the next question. Answers that hang on a changed one go."""
    changed = draft.with_answer(answer)
    before = draft.answers.get(answer.question)
    if before is not None and before.value != answer.value:
        changed = _without_dependents(questionnaire, changed, answer.question)
    changed = _without_unasked(questionnaire, changed, today)
    trail = draft.trail if draft.editing else (*draft.trail, draft.current)
    following = next_key(questionnaire, changed, today)
    return replace(
        changed,
        trail=trail,
        current=following,
        editing=draft.editing and following != REVIEW,
        misses=0,
    )


def back(draft: Draft) -> Draft:
    """The draft at the question before; its answer stays until another one is given."""
    if draft.editing:
        return replace(draft, current=REVIEW, editing=False, misses=0)
    if not draft.trail:
        return replace(draft, misses=0)
    return replace(draft, current=draft.trail[-1], trail=draft.trail[:-1], misses=0)


def edit(draft: Draft, key: str) -> Draft:
    """The draft at a question that was answered before, to be changed from the reading back."""
    return replace(draft, current=key, editing=True, misses=0)


def missed(draft: Draft) -> Draft:
    """The draft after an answer that was not understood."""
    return replace(draft, misses=draft.misses + 1)


def stopped(questionnaire: Questionnaire, draft: Draft, today: dt.date) -> str:
    """Why the questions end here: the reason of the first stop that holds, else nothing."""
    for question in questionnaire.questions.values():
        for stop in question.stop:
            if stop.condition.of in draft.answers and stop.condition.holds(draft.answers, today):
                return stop.reason
    return ""


def progress(questionnaire: Questionnaire, draft: Draft, today: dt.date) -> tuple[int, int, int]:
    """Number of the current question, how many there are about, seconds that are left about."""
    keys = [step.key for step in steps(questionnaire, draft, today)]
    number = keys.index(draft.current) + 1 if draft.current in keys else len(keys)
    left = (len(keys) - number + 1) * questionnaire.seconds_a_question
    return number, len(keys), left


def _steps_of(question: Question, draft: Draft) -> Iterator[Step]:
    if question.kind == "group":
        yield from _group(question, draft)
    elif question.each:
        for number, item in enumerate(draft.value(question.each) or (), 1):
            yield Step(f"{question.id}.{number}", question, question, item)
    else:
        yield Step(question.id, question, question)


def _group(question: Question, draft: Draft) -> Iterator[Step]:
    """The parts, once and again while the person has more to tell. A skipped start ends it."""
    most = question.most or 1
    for number in range(1, most + 1):
        for part in question.parts:
            if part.id == MORE and number == most:
                continue
            if part.in_place_of and _picked(draft, f"{question.id}.{number}.{part.in_place_of}"):
                continue
            yield Step(f"{question.id}.{number}.{part.id}", part, question, number)
            first = draft.answers.get(f"{question.id}.{number}.{question.parts[0].id}")
            if first is not None and first.status != GIVEN:
                return
        if draft.value(f"{question.id}.{number}.{MORE}") != "yes":
            return


def _picked(draft: Draft, key: str) -> bool:
    """Whether an occupation was picked, and not «none of these»."""
    return (draft.value(key) or NONE) != NONE


def _without_dependents(questionnaire: Questionnaire, draft: Draft, changed: str) -> Draft:
    named, _, part = changed.rpartition(".")
    hanging = [q.id for q in questionnaire.questions.values() if q.each == changed]
    hanging += [q.id for q in questionnaire.questions.values() if q.said_in == changed]
    owner = questionnaire.questions.get(named.partition(".")[0])
    said_in = {p.id: p.said_in for p in owner.parts if p.said_in} if owner else {}
    hanging += [f"{named}.{name}" for name, words in said_in.items() if words == part]
    kept = {
        key: answer
        for key, answer in draft.answers.items()
        if not any(key == name or key.startswith(f"{name}.") for name in hanging)
    }
    return replace(draft, answers=kept)


def _without_unasked(questionnaire: Questionnaire, draft: Draft, today: dt.date) -> Draft:
    asked = {step.key for step in steps(questionnaire, draft, today)}
    return replace(draft, answers={k: a for k, a in draft.answers.items() if k in asked})
