"""One turn at a time, without Rasa: what the language model may get wrong does no harm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.assessment.answers import Draft
from bot.assessment.dialogue import Dialogue, Heard
from bot.composition import assessment_dialogue

HELP = "utter_urgent"


@pytest.fixture
def dialogue() -> Dialogue:
    return assessment_dialogue("en")


def at(dialogue: Dialogue, question: str) -> Draft:
    started = dialogue.start("full", Heard("en")).draft
    assert started is not None
    return replace(started, current=question)


def keys(said) -> list[str]:
    return [reply.key for reply in said]


def test_a_name_is_no_cry_for_help(dialogue: Dialogue) -> None:
    heard = Heard("en", words="Helpa Murder", intent="urgent", danger="violence")
    turn = dialogue.words(at(dialogue, "A4"), heard)
    assert turn is not None
    assert turn.draft is not None
    assert turn.draft.value("A4") == "Helpa Murder"


def test_a_job_that_sounds_like_danger_is_taken_the_second_time(dialogue: Dialogue) -> None:
    """The numbers first; nobody is caught at a question that cannot be answered."""
    heard = Heard("en", words="fire fighter", intent="urgent", danger="fire")
    draft = replace(at(dialogue, "A2_dialect"), current="A4")
    draft = dialogue.press(draft, Heard("en", do="skip", about="A4")).draft
    assert draft is not None
    draft = replace(draft, current="J2")
    first = dialogue.words(draft, heard)
    assert first is not None
    assert keys(first.said)[0] == HELP
    assert first.draft is not None
    assert "J2" not in first.draft.answers
    second = dialogue.words(first.draft, heard)
    assert second is not None
    assert second.draft is not None
    assert second.draft.value("J2") == "fire fighter"


def test_a_story_of_danger_is_never_kept_in_own_words(dialogue: Dialogue) -> None:
    heard = Heard("en", words="he beats me every day", intent="urgent", danger="violence")
    draft = at(dialogue, "M1")
    for _ in range(3):
        turn = dialogue.words(draft, heard)
        assert turn is not None
        assert keys(turn.said)[0] == HELP
        assert turn.draft is not None
        assert "M1" not in turn.draft.answers
        draft = turn.draft


def test_what_must_not_be_told_is_blanked_by_topic(dialogue: Dialogue) -> None:
    heard = Heard("en", words="I fled because of the war", intent="ask", topic="asylum_refugee")
    turn = dialogue.words(at(dialogue, "M1"), heard)
    assert turn is not None
    assert keys(turn.said) == ["utter_assessment_blanked_topic"]
    assert turn.draft is not None
    assert turn.draft.value("M1") == "[…]"
    assert turn.draft.answers["M1"].redacted


def test_words_for_commands_are_understood(dialogue: Dialogue) -> None:
    turn = dialogue.words(at(dialogue, "A8"), Heard("en", words="Skip!"))
    assert turn is not None
    assert turn.draft is not None
    assert turn.draft.answers["A8"].status == "skipped"


def test_a_question_mark_makes_it_a_question(dialogue: Dialogue) -> None:
    for words in ("What is Finnish?", "ما هي اللغة؟", "什么是芬兰语？"):
        assert dialogue.words(at(dialogue, "E1"), Heard("en", words=words, intent="ask")) is None


def test_a_person_helps_and_it_is_noted(dialogue: Dialogue) -> None:
    draft = dialogue.press(at(dialogue, "N2"), Heard("en", about="N2", option="helped")).draft
    assert draft is not None
    draft = dialogue.press(draft, Heard("en", about="A1", option="so")).draft
    assert draft is not None
    assert draft.answers["A1"].source == "helper"
