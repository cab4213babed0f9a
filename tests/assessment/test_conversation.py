"""The whole conversation: the real model, form and store, as a person meets it."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

import pytest

from bot.answers.replies import Replies
from bot.composition import advance_records
from bot.engine.engine import Engine, running_engine
from bot.messages import Inbound, Reply, TurnFailed
from bot.settings import Settings


class Person:
    """Somebody in the web chat."""

    def __init__(self, engine: Engine, language: str = "en") -> None:
        self.engine, self.language = engine, language
        self.sender = f"web:{secrets.token_hex(8)}"
        self.heard: list[Reply] = []

    async def says(self, text: str, delivery: str = "") -> list[str]:
        """Write or press; returns the kinds of the replies."""
        inbound = Inbound(self.sender, text, "web", self.language, delivery or secrets.token_hex(8))
        self.heard = await self.engine.turn(inbound)
        return [str(reply.custom.get("kind")) for reply in self.heard]

    async def presses(self, title: str) -> list[str]:
        """Press a button of the last replies by its words."""
        buttons = [b for reply in reversed(self.heard) for b in reply.buttons]
        return await self.says(next(b.payload for b in buttons if title in b.title))

    async def answers(self, **given: str) -> None:
        """Answer one question after the other: ``A7="sms_only"``; an empty text skips."""
        for key, value in given.items():
            assert self.asked == key, f"{self.asked} is asked, not {key}"
            command = f'"option": "{value}"' if value else '"do": "skip"'
            await self.says(f'/answer{{"about": "{key}", {command}}}')

    @property
    def asked(self) -> str:
        """The question that is asked now."""
        kinds = (r.custom.get("question") or r.custom["kind"] for r in reversed(self.heard))
        return str(next(kinds, ""))

    @property
    def draft(self):
        return advance_records().draft(self.sender)


@pytest.fixture
async def person(engine: Engine) -> Person:
    return Person(engine)


def bytes_of(folder: Path) -> bytes:
    """Everything that the service has written."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def begun(person: Person, path: str = "start_full") -> None:
    await person.says("/start_assessment")
    await person.says(f'/answer{{"do": "{path}"}}')


async def test_it_begins_by_saying_what_it_is(person: Person) -> None:
    """Who asks, what for, who reads, how long it is kept; nothing is asked before «start»."""
    assert await person.says("/start_assessment") == ["assessment_intro"]
    text = person.heard[0].text
    for told in ("computer program", "no decisions", "30 days", "24 hours", "not the assessment"):
        assert told in text
    assert person.draft is None
    assert await person.presses("Only the most important") == ["assessment_question"]
    assert person.draft is not None


async def test_not_now_leaves_nothing(person: Person) -> None:
    await person.says("/start_assessment")
    assert await person.presses("Not now") == ["assessment_left"]
    assert person.draft is None
    assert (await person.says('/ask{"topic": "first_steps"}')) == ["answer"]


async def test_the_short_path_to_the_end(person: Person) -> None:
    """Answered, read back, sent; the receipt shows the state, and the person takes it back."""
    await begun(person, "start_short")
    await person.answers(N2="self", A1="so", A2="yes", A2_language="so")
    await person.says("Faadumo Nuur")
    await person.says("January 1978")
    await person.says("040 123 4567")
    await person.answers(A7="yes", R1="temporary", E3="no", E5="none")
    await person.answers(K1="letters-health", K2="no")
    assert person.asked == "assessment_review"
    assert "Faadumo Nuur" in str(person.heard[-1].custom["blocks"])
    assert await person.presses("Everything is right") == ["assessment_send"]
    assert await person.presses("Send my answers") == ["assessment_sent"]
    receipt = advance_records().receipt(person.sender)
    assert receipt is not None
    assert receipt.secret in person.heard[0].text
    (listed,) = advance_records().listed("kajaani")
    assert listed.reference == receipt.reference
    assert set(listed.flags) == {"interpreter", "literacy"}
    record = advance_records().opened(receipt.reference, "kajaani")
    assert record.answers["A6"].value == {"phone": "+358401234567"}
    advance_records().withdraw(receipt.reference, receipt.secret)
    assert advance_records().listed("kajaani") == []


async def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(person: Person) -> None:
    await begun(person)
    kinds = await person.says("How do I see a doctor at the health station?")
    assert kinds[-1] == "assessment_question"
    assert kinds[0] in ("answer", "suggest", "urgent")
    assert person.asked == "N2"


@pytest.mark.understanding
@pytest.mark.parametrize(
    "words",
    [
        "if my child gets a fever at night, whom do I call then?",
        "is it warm in Kajaani in July?",
    ],
)
async def test_a_question_that_is_not_certain_is_no_wrong_answer(
    person: Person, words: str
) -> None:
    """She is asked what she meant, or told that it is outside; no hint on how to answer."""
    await begun(person)
    kinds = await person.says(words)
    assert kinds[0] in ("suggest", "answer", "urgent", "out_of_scope")
    assert kinds[-1] == "assessment_question"
    assert person.draft.misses == 0


async def test_another_language_asks_again_in_it(person: Person) -> None:
    await begun(person)
    kinds = await person.says('/change_language{"locale": "fi"}')
    assert kinds == ["language_changed", "assessment_question"]
    assert [reply.language for reply in person.heard] == ["fi", "fi"]
    assert person.draft.language == "fi"


async def test_an_answer_is_no_change_of_language(engine: Engine) -> None:
    """Names, numbers and titles look like any language; a question in one is answered in hers."""
    person = Person(engine, "ar")
    await begun(person)
    await person.answers(N2="self", A1="ar", A2="no")
    for words in ("Mario Rossi", "12/1990", "+39 06 6982", "Ich bin Programmierer von Beruf"):
        await person.says(words)
        assert {reply.language for reply in person.heard} == {"ar"}
    await person.says("How do I see a doctor at the health station?")
    assert person.heard[-1].language == "ar"


async def test_danger_first_then_whether_to_go_on(person: Person) -> None:
    await begun(person)
    kinds = await person.says("help he is going to kill me, he has a knife")
    assert kinds == ["urgent", "assessment_go_on"]
    assert await person.presses("Go on") == ["assessment_question"]
    assert person.asked == "N2"


async def test_an_urgent_answer_brings_the_numbers_at_once(person: Person) -> None:
    await begun(person, "start_short")
    await person.answers(N2="self", A1="en", A2="no", A4="", A5="1990-01", A6="", A7="yes")
    kinds = await person.says('/answer{"about": "R1", "option": "nowhere"}')
    assert kinds == ["urgent", "assessment_go_on"]
    assert "112" in person.heard[0].text
    assert await person.presses("Go on") == ["assessment_question"]
    assert person.asked == "E3"


async def test_not_understood_gets_a_hint_then_buttons_then_skips(person: Person) -> None:
    """Never a loop."""
    await begun(person)
    await person.answers(N2="self", A1="en", A2="no", A4="")
    for kinds in (["assessment_hint"], ["assessment_hint"], []):
        assert await person.says("qwx zzt") == [*kinds, "assessment_question"]
    assert person.draft.answers["A5"].status == "skipped"


async def test_a_minor_is_stopped_and_nothing_is_kept(person: Person) -> None:
    await begun(person)
    await person.answers(N2="self", A1="en", A2="no", A4="")
    assert await person.says("May 2012") == ["assessment_stop_minor"]
    assert person.draft is None
    assert any(block["type"] == "contacts" for block in person.heard[0].custom["blocks"])
    assert await person.says("/menu") == ["menu"]


async def test_back_and_a_change_of_mind(person: Person) -> None:
    await begun(person)
    await person.answers(N2="helped", A1="en")
    await person.presses("Back")
    assert person.asked == "A1"
    await person.presses("Back")
    assert person.asked == "N2"
    await person.answers(N2="self")
    assert person.draft.value("N2") == "self"
    assert person.asked == "A2"
    # an older question's button, still on the page, corrects that answer alone
    await person.says('/answer{"about": "N2", "option": "helped"}')
    assert person.draft.value("N2") == "helped"
    assert person.asked == "A2"


async def test_what_must_not_be_told_is_not_kept(person: Person) -> None:
    await begun(person)
    await person.answers(N2="self", A1="en", A2="no")
    kinds = await person.says("Salma 131052-308T")
    assert kinds[0] == "assessment_blanked_identity_code"
    assert person.draft.value("A4") == "Salma […]"
    assert person.draft.answers["A4"].redacted


async def test_a_pause_and_on_again(person: Person) -> None:
    await begun(person)
    await person.answers(N2="self", A1="en")
    kinds = await person.presses("Take a break")
    assert kinds[0] == "assessment_paused"
    assert (await person.says("/menu")) == ["menu"]
    assert await person.says("/start_assessment") == ["assessment_question"]
    assert person.asked == "A2"


async def test_deleting_asks_once(person: Person) -> None:
    await begun(person)
    await person.answers(N2="self")
    assert await person.says('/answer{"do": "delete"}') == ["assessment_delete"]
    assert await person.presses("No, keep it") == ["assessment_question"]
    await person.says('/answer{"do": "delete"}')
    assert await person.presses("Yes, delete everything") == ["assessment_deleted"]
    assert person.draft is None


async def test_deleting_the_conversation_deletes_the_answers(person: Person) -> None:
    await begun(person)
    await person.answers(N2="self")
    await person.says("/delete_data")
    await person.says("/confirm_delete")
    assert person.draft is None


async def test_a_message_that_comes_twice_counts_once(person: Person) -> None:
    """The process died after the answer was kept: the same words are no answer to the next one."""
    await begun(person)
    await person.answers(N2="self", A1="en", A2="no")
    await person.says("Salma", delivery="d1")
    assert await person.says("Salma", delivery="d1") == ["assessment_question"]
    assert person.asked == "A5"
    assert person.draft.misses == 0


async def test_other_channels_get_the_way_to_the_page(engine: Engine) -> None:
    for channel in ("rest", "telegram"):
        turn = Inbound(f"{channel}:1", "/start_assessment", channel, "en")
        (reply,) = await engine.turn(turn)
        assert reply.custom["kind"] == "assessment_elsewhere"
        assert "http://localhost:8080/go/" in reply.text  # once only: bot/channels/web/go.py
        turn = Inbound(f"{channel}:1", '/answer{"do": "start_full"}', channel, "en")
        (reply,) = await engine.turn(turn)
        assert reply.custom["kind"] == "assessment_elsewhere"


async def test_buttons_of_answers_that_are_gone(person: Person) -> None:
    assert await person.says('/answer{"about": "A7", "option": "yes"}') == ["assessment_expired"]


async def test_a_lost_database_is_a_failed_turn_and_no_value_is_logged(
    person: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is told to try again; what she answered is asked again."""
    await begun(person)
    await person.answers(N2="self", A1="en", A2="no")
    broken = advance_records()
    with monkeypatch.context() as patch:
        patch.setattr(broken, "save_draft", _lost)
        with pytest.raises(TurnFailed):
            await person.says("Planted Name")
    assert "Planted" not in caplog.text
    assert await person.says("Planted Name") == ["assessment_question"]
    assert person.asked == "A5"


def _lost(sender: str, draft: object) -> None:
    raise RuntimeError(f"no database for {draft}")


async def test_what_was_planted_is_in_no_file(
    settings: Settings, replies: Replies, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Neither tracker nor transcript nor log hold an answer: words, ids, or a chosen option."""
    caplog.set_level(logging.DEBUG)
    async with running_engine(settings, replies) as engine:
        person = Person(engine)
        await begun(person)
        await person.answers(N2="helped", A1="ckb", A2="yes", A2_language="ckb")
        await person.says("Zozkurdish")
        await person.answers(A3="stranger")
        await person.says("Planted Name")
        await person.says("May 1977")
        await person.says("planted@example.org")
        await person.answers(A7="only_me")
        await person.presses("Take a break")
    planted = (
        "Planted Name",
        "planted@",
        "Zozkurdish",
        "May 1977",
        "1977-05",
        "stranger",
        "only_me",
        "helped",
    )
    stored = bytes_of(tmp_path)
    for word in planted:
        assert word.encode() not in stored, word
        assert word not in caplog.text, word
