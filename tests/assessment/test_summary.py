"""Summaries and exports of twelve persons. The Finnish ones are golden files to be read.

Refresh them with SILTA_UPDATE_GOLDEN=1 and read the difference.
"""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assessment.answers import Answer
from bot.assessment.codes import alpha3, country3
from bot.assessment.export import (
    answers_from_json,
    as_csv,
    as_json,
    load_export_plan,
    text_blocks,
)
from bot.assessment.flags import raised
from bot.assessment.questionnaire import Questionnaire
from bot.assessment.summary import Subject, as_text, summarise
from bot.assessment.wording import CASEWORKER_LANGUAGES, caseworker_words, person_words
from bot.composition import assessment, build_replies, languages
from bot.files import ROOT, read_yaml
from tests.assessment.persons import PERSONS, TODAY, subject

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = read_yaml(ROOT / "data" / "schemas" / "advance_information.yml")
PLAN = load_export_plan(ROOT / "data" / "assessment" / "export.yml")


def same_as_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("SILTA_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", list(PERSONS))
def test_the_caseworker_reads(questionnaire: Questionnaire, name: str) -> None:
    """In Finnish, on one page: flags first, then sections, then what is open."""
    person = subject(questionnaire, name)
    summary = summarise(assessment(), person, caseworker_words("fi"), TODAY, officer=True)
    text = as_text(summary)
    assert len(text.splitlines()) <= 110
    same_as_golden(f"{name}.fi.txt", text)


def test_hiwa_reads_his_own_in_sorani(questionnaire: Questionnaire) -> None:
    """The golden file of the person's summary, right to left; read beside the Finnish one."""
    person, translate = subject(questionnaire, "hiwa"), build_replies().catalogues.translator("ckb")
    words = person_words(translate, "Kajaani")
    same_as_golden("hiwa.ckb.txt", as_text(summarise(assessment(), person, words, TODAY, False)))


@pytest.mark.parametrize("language", CASEWORKER_LANGUAGES)
def test_every_person_is_summarised_in_every_office_language(
    questionnaire: Questionnaire, language: str
) -> None:
    words = caseworker_words(language)
    for name in PERSONS:
        text = as_text(summarise(assessment(), subject(questionnaire, name), words, TODAY, True))
        assert "{" not in text


@pytest.mark.parametrize("code", list(languages()))
def test_the_person_reads_the_same_in_her_language(questionnaire: Questionnaire, code: str) -> None:
    """The same answers under the same headings; nothing of the caseworker's words."""
    translate = build_replies().catalogues.translator(code)
    for name in PERSONS:
        person = subject(questionnaire, name)
        own = summarise(assessment(), person, person_words(translate, "Kajaani"), TODAY, False)
        office = summarise(assessment(), person, caseworker_words("fi"), TODAY, True)
        assert [[x.key for x in b.lines] for b in own.blocks] == [
            [x.key for x in b.lines] for b in office.blocks
        ]
        assert [f.id for f in own.flags] == [f.id for f in office.flags]
        text = as_text(own)
        assert "oma arvio" not in text
        assert "{" not in text


def test_flags_say_which_answer_raised_them(questionnaire: Questionnaire) -> None:
    flags = {
        f.id: f for f in raised(assessment().rules, subject(questionnaire, "salma").answers, TODAY)
    }
    assert flags["housing_urgent"].answers == ("R2_date",)
    assert flags["child_without_school"].answers == ("C3.1",)
    assert flags["interpreter"].answers == ("A2", "E5", "A1")
    assert flags["contact_limited"].level == "amber"
    assert "talk_about_health" not in flags  # skipped is not a yes


@pytest.mark.parametrize(
    ("answers", "flag", "is_raised"),
    [
        ({"R2_date": "2026-12-08"}, "housing_urgent", True),
        ({"R2_date": "2026-12-09"}, "housing_urgent", False),
        ({"B3": "2024-05"}, "limit_near", True),
        ({"B3": "2023-11"}, "limit_near", True),
        ({"B3": "2024-06"}, "limit_near", False),
        ({"B3": "2023-10"}, "limit_near", False),
        ({"A7": "yes"}, "contact_limited", False),
        ({}, "contact_limited", True),  # not answered: nobody calls as if it were safe
        ({"E5": "daily", "A1": ["so"]}, "interpreter", False),
        ({"E5": "words", "A1": ["sv"]}, "interpreter", False),
        ({"A5": "2009-01"}, "minor", True),
        ({"W1": "no"}, "talk_about_health", False),
    ],
)
def test_flag_rules_at_their_limits(answers: dict, flag: str, is_raised: bool) -> None:
    given_answers = {key: Answer(key, value=value) for key, value in answers.items()}
    found = [f.id for f in raised(assessment().rules, given_answers, TODAY)]
    assert (flag in found) is is_raised


@pytest.mark.parametrize(
    ("born", "is_raised"), [(2020, True), (2021, False), (2009, True), (2008, False)]
)
def test_a_child_of_school_age_without_a_place(born: int, is_raised: bool) -> None:
    answers = {"C3.1": Answer("C3.1", value="no_place", item=born)}
    found = [f.id for f in raised(assessment().rules, answers, TODAY)]
    assert ("child_without_school" in found) is is_raised


@pytest.mark.parametrize("name", list(PERSONS))
def test_the_export_follows_its_schema_and_comes_back(
    questionnaire: Questionnaire, name: str
) -> None:
    person = subject(questionnaire, name)
    exported = json.loads(json.dumps(as_json(assessment(), person, "kajaani", TODAY)))
    jsonschema.Draft7Validator(SCHEMA).validate(exported)
    assert answers_from_json(exported) == person.answers


def test_codes_are_those_of_the_standards(questionnaire: Questionnaire) -> None:
    exported = as_json(assessment(), subject(questionnaire, "tomas"), "kajaani", TODAY)
    assert exported["education"] == {
        "years": 17,
        "isced2011": 7,
        "iscedf": "07",
        "country": "COL",
        "finished_year": 2012,
        "papers": "original",
        "accepted": "applied",
    }
    assert [job["isco08"] for job in exported["work"]] == ["2144", "9"]
    assert exported["languages"][0]["iso639_3"] == "spa"
    assert {
        "iso639_3": "fin",
        "first": False,
        "skills": {},
        "self": "daily",
        "cefr_hint": "A2",
    } in (exported["languages"])
    for code in languages():
        assert len(alpha3(code)) == 3, code
    for code in questionnaire.common_countries:
        assert len(country3(code) or "") == 3, code


def test_statistics_name_nobody(questionnaire: Questionnaire) -> None:
    """Neither name, contact, month, child, place nor own words."""
    people = [subject(questionnaire, name) for name in PERSONS]
    text = as_csv(PLAN, people, TODAY)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(PERSONS)
    assert rows[0]["age"] == "35-44"
    for told in (
        "سلمى",
        "Tomás",
        "+358",
        "example.org",
        "1990-05",
        "2017",
        "IQ",
        "تطريز",
        "Cleaner",
    ):
        assert told not in text
    for question in PLAN.statistics:
        assert questionnaire.questions[question].kind in ("choice", "several")


def test_blocks_to_copy_hold_every_answer_once(questionnaire: Questionnaire) -> None:
    cut = [question for block in PLAN.blocks for question in block.questions]
    assert sorted(cut) == sorted(questionnaire.questions)
    blocks = text_blocks(
        assessment(), PLAN, subject(questionnaire, "salma"), caseworker_words("fi"), "fi", TODAY
    )
    copied = "\n".join(f"{heading}\n{text}\n" for heading, text in blocks)
    same_as_golden("salma.blocks.fi.txt", copied)


@settings(max_examples=50, deadline=None)
@given(said=st.text(max_size=80), status=st.sampled_from(["given", "skipped", "unknown"]))
def test_any_words_survive_the_export(said: str, status: str) -> None:
    answer = Answer("M1", status, said if status == "given" else None, said, "ti")
    person = Subject({"M1": answer}, "ti")
    exported = json.loads(json.dumps(as_json(assessment(), person, "kajaani", TODAY)))
    jsonschema.Draft7Validator(SCHEMA).validate(exported)
    assert answers_from_json(exported) == person.answers
