"""Conversation state: the same answers as stock Rasa's store, without texts, and never growing."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.tracker_store import FoldingTrackerStore
from bot.files import ROOT
from bot.records.database import trackers

DOMAIN = Domain.load(str(ROOT / "domain.yml"))
SECRET = "my husband hits me"


def _turn(tracker: DialogueStateTracker, number: int) -> None:
    intent = {"name": "ask", "confidence": 0.9}
    tracker.update(
        UserUttered(f"{SECRET} {number}", intent, [], {"intent": intent, "entities": []})
    )
    tracker.update(SlotSet("topic", f"topic{number}"))
    tracker.update(BotUttered(f"long answer {number}", {"custom": {"blocks": ["x" * 500]}}))
    tracker.update(ActionExecuted("action_listen"))


async def _store(database: sa.engine.Engine, turns: int = 25) -> FoldingTrackerStore:
    return FoldingTrackerStore(database, turns, DOMAIN)


async def test_it_continues_where_stock_rasa_would(database: sa.engine.Engine) -> None:
    """Slots, last action and the sequence of intents are those of Rasa's own store."""
    ours, stock = await _store(database), InMemoryTrackerStore(DOMAIN)
    for number in range(5):
        states = []
        for store in (ours, stock):
            tracker = await store.get_or_create_tracker("a")
            _turn(tracker, number)
            await store.save(tracker)
            again = await store.retrieve("a")
            intents = [e.intent_name for e in again.events if isinstance(e, UserUttered)]
            states.append((again.current_slot_values(), again.latest_action_name, intents))
        assert states[0] == states[1]


async def test_no_text_of_a_message_is_stored(database: sa.engine.Engine) -> None:
    """The state needs intents and slots; the person's words are not there to be stolen."""
    store = await _store(database)
    tracker = await store.get_or_create_tracker("a")
    _turn(tracker, 1)
    await store.save(tracker)
    with database.connect() as connection:
        stored = connection.scalar(sa.select(trackers.c.events))
    assert SECRET not in stored
    assert "long answer" not in stored


async def test_a_conversation_does_not_grow(database: sa.engine.Engine) -> None:
    """After 1,000 turns as much is stored as after 50, and the slots are still there."""
    store = await _store(database, turns=25)
    sizes = {}
    for number in range(1000):
        tracker = await store.get_or_create_tracker("a")
        _turn(tracker, number)
        await store.save(tracker)
        if number in (49, 999):
            with database.connect() as connection:
                sizes[number] = len(json.loads(connection.scalar(sa.select(trackers.c.events))))
    assert sizes[999] == sizes[49]
    assert (await store.retrieve("a")).get_slot("topic") == "topic999"


async def test_it_is_not_folded_inside_a_form(database: sa.engine.Engine) -> None:
    """A form's answers and its place stay until it is finished."""
    from rasa.shared.core.events import ActiveLoop

    store = await _store(database, turns=5)
    tracker = await store.get_or_create_tracker("a")
    tracker.update(ActiveLoop("feedback_form"))
    for number in range(12):
        _turn(tracker, number)
    await store.save(tracker)
    again = await store.retrieve("a")
    assert again.active_loop_name == "feedback_form"
    assert sum(isinstance(event, UserUttered) for event in again.events) == 12


async def test_another_process_is_noticed(database: sa.engine.Engine) -> None:
    """A copy in memory is used only while the row has not changed."""
    ours, theirs = await _store(database), await _store(database)
    tracker = await ours.get_or_create_tracker("a")
    _turn(tracker, 1)
    await ours.save(tracker)
    other = await theirs.retrieve("a")
    _turn(other, 2)
    await theirs.save(other)
    assert (await ours.retrieve("a")).get_slot("topic") == "topic2"


async def test_a_lost_database_is_an_error_not_a_new_conversation(tmp_path) -> None:
    """Stock Rasa would go on with an empty conversation."""
    from bot.records.database import open_database

    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    store = await _store(database)
    await store.get_or_create_tracker("a")
    with database.begin() as connection:
        connection.execute(sa.text("DROP TABLE trackers"))
    with pytest.raises(sa.exc.OperationalError):
        await store.retrieve("a")
