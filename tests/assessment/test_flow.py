"""The walk through the questions: what is skipped, what comes back, where it stops."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assessment import flow
from bot.assessment.answers import SHORT, SKIPPED, Answer, Draft, draft_from_json
from bot.assessment.questionnaire import Questionnaire
from tests.assessment.conftest import TODAY


def walk(questionnaire: Questionnaire, told: dict[str, Any], path: str = "full") -> Draft:
    """Answer what is told and skip the rest."""
    draft = flow.begin(questionnaire, Draft("en", "1", path), TODAY)
    while draft.current != flow.REVIEW:
        status = "given" if draft.current in told else SKIPPED
        answer = Answer(draft.current, status, told.get(draft.current))
        draft = flow.take(questionnaire, draft, answer, TODAY)
    return draft


@pytest.mark.parametrize(
    ("told", "asked", "not_asked"),
    [
        ({"A2": "no"}, ["A4"], ["A2_language", "A3"]),
        ({"A2": "yes"}, ["A2_language", "A2_dialect", "A3"], []),
        ({"B2": "waiting"}, ["B4"], ["B3"]),
        ({"C1": ["partner"]}, ["R1"], ["C2", "C4"]),
        ({"C1": ["children"], "C2": [2015, 2017]}, ["C3.1", "C3.2", "C4"], ["C3.3"]),
        ({"E1": ["fi"]}, ["E6"], ["E5", "E7", "E8"]),
        ({"E5": "none"}, ["E7"], ["E8"]),
        ({"E3": "no"}, [], ["J2", "M1"]),
        ({"F1": 0}, ["G1"], ["F2", "F3_field", "F4", "F5"]),
        ({"G2": "none"}, ["G5"], ["G3.1.name", "G4"]),
        ({"A5": "2004-05", "F2": "primary"}, ["J3"], []),
        ({"A5": "1990-05", "F2": "primary"}, [], ["J3"]),
        ({"A5": "2004-05", "F2": "bachelor"}, [], ["J3"]),
        ({"N2": "other_adult", "N2_present": "yes"}, ["N2_present"], []),
        ({"E2": ["en", "tr"]}, ["E2_levels.1", "E2_levels.2"], ["E2_levels.3"]),
        (
            {"G3.1.name": "tailor", "G3.1.more": "yes", "G3.2.name": "cook"},
            ["G3.1.country", "G3.2.years", "G3.2.more"],
            ["G3.3.name"],
        ),
        ({}, ["G3.1.name"], ["G3.1.group"]),
    ],
)
def test_skip_rules(
    questionnaire: Questionnaire, told: dict, asked: list[str], not_asked: list[str]
) -> None:
    answers = walk(questionnaire, told).answers
    assert set(asked) <= set(answers)
    assert not set(not_asked) & set(answers)


def test_the_short_path_is_short(questionnaire: Questionnaire) -> None:
    draft = walk(questionnaire, {"A2": "yes", "A2_language": ["ar"]}, SHORT)
    assert len(draft.answers) == 13
    assert set(draft.answers) <= questionnaire.short_path


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"A5": "2010-05"}, "minor"),
        ({"A5": "2008-11"}, "minor"),  # 18 this month: treated as under age until it is over
        ({"A5": "2008-10"}, ""),
        ({"N2": "other_adult", "N2_present": "no"}, "absent_adult"),
        ({"A10": "elsewhere"}, "elsewhere"),
        ({"A10": "moving"}, ""),
    ],
)
def test_it_stops(questionnaire: Questionnaire, told: dict, reason: str) -> None:
    answers = {key: Answer(key, value=value) for key, value in told.items()}
    assert flow.stopped(questionnaire, Draft("en", "1", answers=answers), TODAY) == reason


def test_back_leads_to_the_question_before_and_on_again(questionnaire: Questionnaire) -> None:
    draft = flow.begin(questionnaire, Draft("en", "1"), TODAY)
    draft = flow.take(questionnaire, draft, Answer("N2", value="self"), TODAY)
    draft = flow.take(questionnaire, draft, Answer("A1", value=["so"]), TODAY)
    assert draft.current == "A2"
    before = flow.back(draft)
    assert before.current == "A1"
    assert before.value("A1") == ["so"]
    assert flow.take(questionnaire, before, Answer("A1", value=["ar"]), TODAY).current == "A2"
    assert flow.back(flow.back(flow.back(before))).current == "N2"


def test_a_corrected_answer_takes_along_what_hung_on_it(questionnaire: Questionnaire) -> None:
    """Children that turn out not to be there leave no school places behind."""
    told = {"C1": ["children"], "C2": [2015], "C3.1": "no_place"}
    draft = flow.edit(walk(questionnaire, told), "C1")
    draft = flow.take(questionnaire, draft, Answer("C1", value=["nobody"]), TODAY)
    assert not {"C2", "C3.1", "C4"} & set(draft.answers)
    assert draft.current == flow.REVIEW
    assert not draft.editing


def test_a_correction_that_opens_questions_asks_them_and_returns(
    questionnaire: Questionnaire,
) -> None:
    draft = flow.edit(walk(questionnaire, {"C1": ["nobody"]}), "C1")
    draft = flow.take(questionnaire, draft, Answer("C1", value=["children"]), TODAY)
    assert draft.current == "C2"
    draft = flow.take(questionnaire, draft, Answer("C2", value=[2020]), TODAY)
    assert draft.current == "C3.1"
    assert draft.editing


def test_progress_counts_down(questionnaire: Questionnaire) -> None:
    draft = flow.begin(questionnaire, Draft("en", "1", SHORT), TODAY)
    number, total, left = flow.progress(questionnaire, draft, TODAY)
    assert (number, total) == (1, 12)
    assert left == 12 * questionnaire.seconds_a_question
    draft = flow.take(questionnaire, draft, Answer("N2", SKIPPED), TODAY)
    assert flow.progress(questionnaire, draft, TODAY)[0] == 2


def sample(question: Any) -> st.SearchStrategy:
    """Any value that the question may have."""
    ids = [option.id for option in question.options]
    by_kind = {
        "choice": st.sampled_from(ids) if ids else st.none(),
        "several": st.lists(st.sampled_from(ids), min_size=1, unique=True) if ids else st.none(),
        "month": st.sampled_from(["1980-01", "2003-06", "2024-02"]),
        "number": st.integers(question.least or 0, question.most or 5),
        "years": st.lists(st.integers(2008, 2026), min_size=1, max_size=4),
        "languages": st.lists(st.sampled_from(["ar", "fi", "so"]), min_size=1, unique=True),
    }
    return by_kind.get(question.kind, st.just("x"))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_walk_ends_and_survives_storing(
    data: st.DataObject, questionnaire: Questionnaire
) -> None:
    """Whatever is answered, skipped or gone back from."""
    draft = flow.begin(questionnaire, Draft("en", "1"), TODAY)
    for _ in range(200):
        if draft.current == flow.REVIEW:
            break
        step = flow.step_of(questionnaire, draft, draft.current, TODAY)
        assert step is not None
        skip = data.draw(st.booleans())
        value = None if skip else data.draw(sample(step.question))
        answer = Answer(step.key, SKIPPED if skip else "given", value, item=step.item)
        draft = flow.take(questionnaire, draft, answer, TODAY)
        assert draft_from_json(draft.as_json()) == draft
    assert draft.current == flow.REVIEW
    asked = {step.key for step in flow.steps(questionnaire, draft, TODAY)}
    assert asked == set(draft.answers)
