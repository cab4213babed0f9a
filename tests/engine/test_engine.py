"""Turns of a conversation, with the real model and the real actions."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.answers.replies import Replies
from bot.engine.engine import Engine, running_engine
from bot.engine.errors import ModelBroken, ModelMissing
from bot.messages import Inbound, Reply, TooBusy, TurnFailed
from bot.records.database import open_database, trackers
from bot.settings import Settings

LETTER = "I study Finnish in the mornings and work a few hours in a restaurant in the evenings. "


async def say(engine: Engine, text: str, sender: str = "test:1", hint: str | None = None) -> Reply:
    replies = await engine.turn(Inbound(sender, text, "test", hint))
    assert replies, text
    return replies[0]


async def test_a_button_asks_for_a_topic_and_its_part(engine: Engine) -> None:
    answer = await say(engine, '/ask{"topic": "health_services"}', hint="fi")
    assert answer.custom["topic"] == "health_services"
    assert answer.custom["language"] == "fi"
    part = next(b for b in answer.buttons if '"part"' in b.payload)
    assert (await say(engine, part.payload)).custom["part"]


async def test_the_language_that_was_picked_stays(engine: Engine) -> None:
    await say(engine, '/change_language{"locale": "ar"}')
    answer = await say(engine, "How do I get a doctor for my child who has a fever?")
    assert answer.language == "ar"


async def test_danger_comes_first_inside_a_form(engine: Engine) -> None:
    """The number is told in the middle of anything, and the form is left."""
    await say(engine, '/ask{"topic": "health_services"}', hint="en")
    assert (await say(engine, "/not_helpful")).custom["kind"] == "ask_feedback_reason"
    urgent = await say(engine, "help he is going to kill me, he has a knife")
    assert urgent.custom["kind"] == "urgent"
    assert urgent.custom["blocks"][0]["type"] == "alert"
    assert "112" in urgent.text.split("\n")[0]
    assert (await say(engine, "/menu")).custom["kind"] == "menu"


async def test_the_feedback_form_hints_once_and_takes_a_reason(engine: Engine) -> None:
    await say(engine, '/ask{"topic": "health_services"}', hint="en")
    await say(engine, "/not_helpful")
    done = await say(engine, '/feedback{"reason": "hard"}')
    assert done.custom["kind"] == "feedback_thanks"


async def test_a_question_inside_the_form_is_answered(engine: Engine) -> None:
    await say(engine, '/ask{"topic": "health_services"}', hint="en")
    await say(engine, "/not_helpful")
    assert (await say(engine, '/ask{"topic": "first_steps"}')).custom["topic"] == "first_steps"


@pytest.mark.parametrize(
    "questions",
    [
        pytest.param(
            ("what is the bitcoin price", "who won the football game", "write me a poem"),
            marks=pytest.mark.understanding,
        ),
        ("xqzv blorp", "asdf jkl", "lorem"),
    ],
)
async def test_not_understood_twice_leads_to_a_person(
    engine: Engine, questions: tuple[str, ...]
) -> None:
    """Never a loop."""
    await say(engine, "/menu", hint="en")
    kinds = [(await say(engine, question)).custom["kind"] for question in questions]
    assert "person_instead" in kinds[1:]


async def test_a_message_that_is_too_long_is_asked_for_shorter(
    engine: Engine, settings: Settings
) -> None:
    story = LETTER * (settings.max_message // 40)
    assert (await say(engine, story, hint="en")).custom["kind"] == "too_long"


@pytest.mark.parametrize(
    "plea",
    [
        pytest.param(
            "My husband is beating me now. He has a knife and wants to kill me. Help! ",
            marks=pytest.mark.understanding,
        ),
        "He is hitting me right now, please help. ",
    ],
)
async def test_danger_at_the_end_of_a_long_message_is_heard(
    engine: Engine, settings: Settings, plea: str
) -> None:
    story = LETTER * (settings.max_message // 40) + plea * 12
    assert (await say(engine, story, hint="en")).custom["kind"] == "urgent"


async def test_a_command_typed_by_hand_is_only_text(engine: Engine) -> None:
    """Only what our buttons send is taken as a button; slots cannot be set by typing."""
    typed = '/change_language{"locale": "so", "topic": "<script>alert(1)</script>"}'
    for text in (typed, "/restart", "/session_start", "/nlu_fallback{}", "/ask{broken", "/"):
        replies = await engine.turn(Inbound("test:typed", text, "test", "fi"))
        assert all(reply.language != "so" for reply in replies)


async def test_deleting_asks_first_and_then_forgets(engine: Engine, settings: Settings) -> None:
    await say(engine, '/ask{"topic": "first_steps"}', hint="fi")
    assert (await say(engine, "/delete_data")).custom["kind"] == "delete_data"
    assert (await say(engine, "/confirm_delete")).custom["kind"] == "deleted"
    with open_database(settings.database).connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(trackers)) == 0


async def test_quick_messages_are_answered_in_order(engine: Engine) -> None:
    """Twenty messages at once of one person: each answered, none lost, in the order sent."""
    topics = ["first_steps", "rental_housing", "kela_coverage", "health_services"] * 5
    turns = [
        engine.turn(Inbound("test:quick", f'/ask{{"topic": "{topic}"}}', "test", "en"))
        for topic in topics
    ]
    answered = [replies[0].custom["topic"] for replies in await asyncio.gather(*turns)]
    assert answered == topics


async def test_a_lost_database_fails_loudly_and_the_conversation_goes_on_afterwards(
    settings: Settings, replies: Replies, tmp_path: Path
) -> None:
    """Nothing of the failed turn is kept; when the database is back, it is where it was."""
    async with running_engine(settings, replies) as engine:
        await say(engine, '/ask{"topic": "health_services"}', hint="en")
        await say(engine, "/not_helpful")
        database = open_database(settings.database)
        with database.begin() as connection:
            connection.execute(sa.text("ALTER TABLE trackers RENAME TO away"))
        with pytest.raises(TurnFailed):
            await engine.turn(Inbound("test:1", "/thank", "test"))
        with database.begin() as connection:
            connection.execute(sa.text("ALTER TABLE away RENAME TO trackers"))
        done = await say(engine, '/feedback{"reason": "hard"}')
        assert done.custom["kind"] == "feedback_thanks"


async def test_a_conversation_survives_a_restart(settings: Settings, replies: Replies) -> None:
    async with running_engine(settings, replies) as engine:
        await say(engine, '/change_language{"locale": "ti"}')
    async with running_engine(settings, replies) as engine:
        assert (await say(engine, "/menu", hint="fi")).language == "ti"


async def test_too_many_at_once_are_sent_away(settings: Settings, replies: Replies) -> None:
    async with running_engine(replace(settings, max_waiting=2), replies) as engine:
        text = "how do I see a doctor at the health station"
        turns = [engine.turn(Inbound(f"test:{n}", f"{text} {n}", "test")) for n in range(8)]
        results = await asyncio.gather(*turns, return_exceptions=True)
    assert any(isinstance(result, TooBusy) for result in results)
    assert any(isinstance(result, list) for result in results)


async def test_danger_in_a_talk_is_heard_while_too_many_wait_and_has_its_bound(
    settings: Settings, replies: Replies
) -> None:
    async with running_engine(replace(settings, max_waiting=2), replies) as engine:
        turns = [engine.turn(Inbound(f"test:{n}", f"where is a bus {n}", "test")) for n in range(2)]
        waiting = [asyncio.create_task(turn) for turn in turns]
        await asyncio.sleep(0)  # both are within
        with pytest.raises(TooBusy):
            await engine.turn(Inbound("test:3", "hello", "test"))
        plea = "help he is going to kill me, he has a knife"
        judging = [engine.danger(Inbound(f"t:{n}", f"{plea} {n}", "web"), "en") for n in range(9)]
        judged = await asyncio.gather(*judging, return_exceptions=True)
        await asyncio.gather(*waiting)
    told = [reply for reply in judged if isinstance(reply, Reply)]
    assert len(told) == 2
    assert all("112" in reply.text for reply in told)
    assert sum(isinstance(refused, TooBusy) for refused in judged) == 7


async def test_no_message_text_reaches_the_log(
    engine: Engine, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "mysecretword my child has a fever"
    with caplog.at_level(logging.DEBUG):
        await say(engine, secret)
    out, err = capfd.readouterr()
    assert "mysecretword" not in caplog.text + out + err


async def test_a_missing_model_is_one_clear_error(
    settings: Settings, replies: Replies, tmp_path: Path
) -> None:
    with pytest.raises(ModelMissing, match="Run: make train"):
        async with running_engine(replace(settings, models=tmp_path / "none"), replies):
            pass


async def test_a_model_written_half_is_one_clear_error(
    settings: Settings, replies: Replies, tmp_path: Path
) -> None:
    (whole,) = settings.models.glob("*.tar.gz")
    (tmp_path / "silta.tar.gz").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(ModelBroken, match=r"silta.tar.gz cannot be read .*make train"):
        async with running_engine(replace(settings, models=tmp_path), replies):
            pass


def test_a_broken_model_is_one_line_at_the_command(tmp_path: Path) -> None:
    (tmp_path / "silta.tar.gz").write_bytes(b"not an archive")
    environment = {**os.environ, "SILTA_MODELS": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-m", "bot", "parse"]
    said = subprocess.run(
        command, check=False, input="hei", text=True, capture_output=True, env=environment
    )
    assert said.returncode == 1
    assert said.stderr.splitlines()[-1].startswith(f"error: {tmp_path}/silta.tar.gz cannot be read")
    assert "Traceback" not in said.stderr
