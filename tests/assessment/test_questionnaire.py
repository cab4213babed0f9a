"""The questionnaire is data, and a mistake in it is named by file and field."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.assessment.assessment import load_assessment
from bot.assessment.graph import mermaid
from bot.composition import assessment
from bot.files import ROOT, DataError

# What must not be asked (facts part B3): words of it in any question would be a mistake.
NEVER = ("religion", "clan", "politic", "pregnan", "diagnos", "medicine", "passport", "income")
NEVER += ("debt", "torture", "asylum", "crime", "password", "why did you leave", "motivation")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the questionnaire that a test may spoil."""
    copy = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "assessment", copy / "assessment")
    shutil.copy(ROOT / "data" / "urgent.yml", copy)
    return copy


def question(content: dict, question_id: str) -> dict:
    return next(q for q in content["questions"] if q["id"] == question_id)


def part(content: dict, part_id: str) -> dict:
    return next(p for p in question(content, "G3")["parts"] if p["id"] == part_id)


@pytest.mark.parametrize(
    ("file", "change", "named"),
    [
        ("contact.yml", lambda d: question(d, "A3").pop("source"), "'source' is a required"),
        ("contact.yml", lambda d: question(d, "A3").update(kind="guess"), "kind"),
        ("contact.yml", lambda d: question(d, "A2").update(options=["yes", "maybe"]), "maybe"),
        ("contact.yml", lambda d: question(d, "A3").update(id="A4"), "used twice"),
        ("contact.yml", lambda d: question(d, "A3").pop("why"), "A3"),
        ("stay.yml", lambda d: question(d, "B3").update(when=[{"of": "X9", "is": ["a"]}]), "X9"),
        (
            "stay.yml",
            lambda d: question(d, "B3").update(when=[{"of": "B2", "is": ["visa"]}]),
            "B2 has no option visa",
        ),
        (
            "stay.yml",
            lambda d: question(d, "B2").update(when=[{"of": "B5", "is": ["here"]}]),
            "about an earlier question",
        ),
        (
            "stay.yml",
            lambda d: question(d, "B3").update(when=[{"of": "B2", "is": ["waiting"]}]),
            "B3: is never asked",
        ),
        ("goals.yml", lambda d: question(d, "J2_occupation").update(said_in="J9"), "said_in"),
        ("goals.yml", lambda d: question(d, "J2_occupation").update(said_in="J1"), "kind text"),
        ("goals.yml", lambda d: question(d, "J2_occupation").pop("said_in"), "somebody's words"),
        ("work.yml", lambda d: part(d, "occupation").update(said_in="years"), "G3/occupation"),
        ("work.yml", lambda d: part(d, "group").update(in_place_of="name"), "kind occupation"),
        ("work.yml", lambda d: part(d, "group").update(in_place_of="job"), "in_place_of"),
        ("home.yml", lambda d: question(d, "R1")["options"][4].update(urgent="rain"), "urgent"),
        ("questionnaire.yml", lambda d: d["short_path"].append("Q1"), "no such question: Q1"),
        ("flags.yml", lambda d: d["flags"][0]["any"][0][0].update({"is": ["tent"]}), "tent"),
        ("flags.yml", lambda d: d["flags"][0].update(level="black"), "flags/0/level"),
        ("summary.yml", lambda d: d["summary"]["heading"].pop("caseworker"), "heading"),
    ],
)
def test_a_mistake_is_named(
    data: Path, file: str, change: Callable[[dict], object], named: str
) -> None:
    path = data / "assessment" / file
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DataError) as error:
        load_assessment(data)
    assert file in str(error.value)
    assert named in str(error.value)


def test_every_question_names_its_law_and_what_must_not_be_asked_is_not() -> None:
    for asked in assessment().questionnaire.questions.values():
        assert asked.source
        words = f"{asked.question} {' '.join(o.title for o in asked.options)}".lower()
        assert not [word for word in NEVER if word in words], asked.id


def test_every_short_path_question_is_needed_or_tells_who_answers() -> None:
    questionnaire = assessment().questionnaire
    assert {"A5", "A6", "A7", "R1", "K2"} <= questionnaire.short_path
    assert all(questionnaire.questions[q].required for q in questionnaire.short_path)


def test_the_flow_can_be_drawn() -> None:
    chart = mermaid(assessment().questionnaire)
    assert chart.startswith("flowchart TD")
    for question_id in assessment().questionnaire.questions:
        assert f'{question_id}["' in chart
    assert "stop_minor" in chart
