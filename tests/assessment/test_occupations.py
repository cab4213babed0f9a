"""An occupation in any language, and the groups of ISCO-08 that are offered for it."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot import composition
from bot.answers.inputs import Inputs
from bot.assessment import flow
from bot.assessment.answers import Answer, Draft
from bot.assessment.occupations import load_occupations
from bot.assessment.questionnaire import Questionnaire
from bot.assessment.wording import person_words
from bot.composition import (
    assessment,
    assessment_dialogue,
    build_replies,
    languages,
    library,
    suggester,
)
from bot.files import ROOT, DataError, read_yaml
from bot.nlu.embeddings import Vectors
from bot.nlu.occupations import Suggester

TODAY = dt.date(2026, 11, 24)
EVALUATION = read_yaml(ROOT / "tests" / "assessment" / "occupations.yml")


def test_the_list_is_whole() -> None:
    """436 unit groups, in ten major groups that the questionnaire has, too."""
    occupations = assessment().occupations
    assert len(occupations) == 436
    assert {o.major for o in occupations.values()} == set(assessment().major_groups)
    for occupation in occupations.values():
        assert set(occupation.words) <= set(languages())
        assert occupation.titled("fi") != occupation.title


def test_a_caseworker_reads_the_title_of_her_own_classification() -> None:
    """In Finnish that of Statistics Finland; in Swedish, for want of one, the English."""
    driver = assessment().occupations["8332"]
    assert driver.titled("fi") == "Kuorma-auton ja erikoisajoneuvojen kuljettajat"
    assert driver.titled("sv") == driver.title
    rare = assessment().occupations["8113"]  # nobody has written what people call it
    assert rare.named("fi") == "Iskuporaajat ja syväkairaajat"
    assert rare.named("so") == ""


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda text: text.replace("8113\t", "8999\t"), "8113, 8999"),
        (lambda text: text.replace("Vartijat\ttk10", "\ttk10"), "5414/fi"),
        (lambda text: text.replace("Vartijat\ttk10", "Vartijat\tsomebody"), "tk10 or ours"),
    ],
)
def test_a_title_that_is_not_in_order_is_named(
    tmp_path: Path, change: Callable[[str], str], named: str
) -> None:
    folder = tmp_path / "occupations"
    shutil.copytree(ROOT / "data" / "occupations", folder)
    titles = folder / "titles.tsv"
    titles.write_text(change(titles.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DataError, match=named):
        load_occupations(folder)


@pytest.mark.parametrize("language", list(languages()))
def test_common_occupations_are_offered(language: str) -> None:
    """By their looks alone: so at once after the start, before the meanings are loaded."""
    for name, words in EVALUATION["words"][language].items():
        found = suggester().suggest(words)
        assert len(found) == 5
        assert set(found) & set(EVALUATION["groups"][name]), (name, words)


def test_what_is_offered_bears_a_name_that_she_can_read(questionnaire: Questionnaire) -> None:
    """In her language where the list has it; else in English, with the group in hers."""
    draft = at_occupation(questionnaire, "شۆفێر", "ckb")
    words = person_words(build_replies().catalogues.translator("ckb"))
    step = flow.step_of(questionnaire, draft, "G3.1.occupation", TODAY)
    assert step is not None

    def suggest(said: str) -> list[str]:
        return ["8322", "8350"] if said == "شۆفێر" else []

    shown = Inputs(assessment(), library().labels, lambda: TODAY, suggest)
    titles = [button.title for button in shown.buttons(draft, step, words)]
    assert titles[0] == "شۆفێری تاکسی"
    assert "deck crews" in titles[1]
    assert words.option(assessment().major_groups["8"]) in titles[1]
    assert len(titles) == 3  # and none of these


def test_a_pick_spares_the_question_for_the_group(questionnaire: Questionnaire) -> None:
    draft = at_occupation(questionnaire, "aşçı", "tr")
    picked = flow.take(questionnaire, draft, Answer("G3.1.occupation", value="5120"), TODAY)
    assert picked.current == "G3.1.country"
    none = flow.take(questionnaire, draft, Answer("G3.1.occupation", value="none"), TODAY)
    assert none.current == "G3.1.group"
    skipped = Answer("G3.1.occupation", status="skipped")
    assert flow.take(questionnaire, draft, skipped, TODAY).current == "G3.1.group"


def test_other_words_ask_again(questionnaire: Questionnaire) -> None:
    """Her own words are kept; a pick for other words is not."""
    draft = at_occupation(questionnaire, "aşçı", "tr")
    draft = flow.take(questionnaire, draft, Answer("G3.1.occupation", value="5120"), TODAY)
    assert draft.value("G3.1.name") == "aşçı"
    changed = flow.take(
        questionnaire,
        flow.edit(draft, "G3.1.name"),
        Answer("G3.1.name", value="berber", item=1),
        TODAY,
    )
    assert "G3.1.occupation" not in changed.answers
    assert changed.current == "G3.1.occupation"


def test_the_work_she_wants_later(questionnaire: Questionnaire) -> None:
    """Asked only where she wrote one, and gone when she writes another."""
    draft = replace(Draft("en", "1"), answers={"J2": Answer("J2", value="cook")}, current="J3")
    keys = {step.key for step in flow.steps(questionnaire, draft, TODAY)}
    assert "J2_occupation" in keys
    skipped = replace(draft, answers={"J2": Answer("J2", status="skipped")})
    assert "J2_occupation" not in {s.key for s in flow.steps(questionnaire, skipped, TODAY)}
    draft = draft.with_answer(Answer("J2_occupation", value="5120"))
    draft = flow.take(questionnaire, draft, Answer("J2", value="pilot"), TODAY)
    assert "J2_occupation" not in draft.answers


class Watched:
    """An encoder that remembers what was encoded in which thread."""

    name = "watched"

    def __init__(self) -> None:
        self.seen: list[tuple[str, threading.Thread]] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen += [(text, threading.current_thread()) for text in texts]
        return np.array([[len(t), ord(t[-1]), 1] for t in texts], dtype=np.float32)


async def test_meaning_is_computed_beside_the_turns_of_others(
    questionnaire: Questionnaire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a thread before the question is worded; then, and for the same words again, not at all."""
    encoder = Watched()
    finding = Suggester({"5120": ["cook"], "8322": ["driver", "taxi"]}, encoder)
    finding.load(tmp_path)
    monkeypatch.setattr(composition, "suggester", lambda: finding)
    encoder.seen.clear()
    await composition.prepare_suggestions(at_occupation(questionnaire, "aşçı", "tr"))
    ((text, thread),) = encoder.seen
    assert "aşçı" in text
    assert thread is not threading.main_thread()
    assert set(finding.suggest("aşçı")) == {"5120", "8322"}
    await composition.prepare_suggestions(at_occupation(questionnaire, "aşçı", "tr"))
    assert len(encoder.seen) == 1
    nothing_to_find = flow.begin(questionnaire, Draft("tr", "1"), TODAY)
    await composition.prepare_suggestions(nothing_to_find)
    assert len(encoder.seen) == 1


@pytest.mark.parametrize("sent", ["9999", "513", "", "none-5120", "<b>"])
def test_what_is_not_on_the_list_is_not_taken(questionnaire: Questionnaire, sent: str) -> None:
    part = next(p for p in questionnaire.questions["G3"].parts if p.id == "occupation")
    reader = assessment_dialogue("en").reader
    assert reader.buttons(sent, part) is None
    assert reader.buttons("5120", part) == "5120"
    assert reader.buttons("none", part) == "none"


def at_occupation(questionnaire: Questionnaire, said: str, language: str) -> Draft:
    """A draft that is about to pick; all before the jobs is skipped."""
    draft = flow.begin(questionnaire, Draft(language, questionnaire.version), TODAY)
    while draft.current != "G3.1.name":
        answer = Answer(draft.current, status="skipped")
        draft = flow.take(questionnaire, draft, answer, TODAY)
    return flow.take(questionnaire, draft, Answer("G3.1.name", value=said, item=1), TODAY)
