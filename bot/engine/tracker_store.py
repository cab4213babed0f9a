"""Rasa's conversation state in one short row a conversation, without the texts of messages.

What a person wrote is not needed to continue a conversation (the intent is), so it is not kept
here; she has her own copy in the transcript. After ``session_turns`` turns the past is folded
into the slots, so a turn costs the same however long the conversation grows.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine

from bot.records.database import now, trackers

# Trackers of conversations in progress. Right only with one owner a conversation (bot/engine/
# engine.py gives that); the row's turn counter is compared on every read, so that a second
# process on the same database costs a reload, never a stale state.
CACHED = 1000
ANSWER_INTENT = "answer"  # its entities are answers: those live in bot/records/advance.py, sealed


class FoldingTrackerStore(TrackerStore):
    """Keeps trackers in the product's database. An error is raised, never hidden."""

    def __init__(
        self,
        engine: Engine,
        session_turns: int,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
    ) -> None:
        super().__init__(domain, event_broker)
        self._engine = engine
        self._session_turns = session_turns
        self._cache: OrderedDict[str, tuple[int, DialogueStateTracker]] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of a conversation, or None."""
        columns = (trackers.c.turns, trackers.c.events)
        cached = self._cache.get(sender_id)
        with self._engine.connect() as connection:
            where = trackers.c.sender == sender_id
            if cached:
                turns = connection.scalar(sa.select(trackers.c.turns).where(where))
                if turns == cached[0]:
                    return cached[1]
            row = connection.execute(sa.select(*columns).where(where)).first()
        if row is None:
            self._cache.pop(sender_id, None)
            return None
        tracker = self._tracker(sender_id, [Event.from_parameters(e) for e in json.loads(row[1])])
        self._remember(sender_id, row[0], tracker)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the tracker; fold it first when its session has grown long."""
        sender = tracker.sender_id
        turns = self._cache[sender][0] + 1 if sender in self._cache else await self._next(sender)
        if self._is_long(tracker):
            tracker = self._tracker(sender, list(_folded(tracker)))
        events = json.dumps([_lean(event) for event in tracker.events], ensure_ascii=False)
        values = {"turns": turns, "events": events, "updated": now()}
        with self._engine.begin() as connection:
            update = sa.update(trackers).where(trackers.c.sender == sender).values(**values)
            if connection.execute(update).rowcount == 0:
                connection.execute(sa.insert(trackers).values(sender=sender, **values))
        self._remember(sender, turns, tracker)

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation."""
        self._cache.pop(sender_id, None)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(trackers).where(trackers.c.sender == sender_id))

    async def keys(self) -> list[str]:
        """The conversations there are."""
        with self._engine.connect() as connection:
            return list(connection.scalars(sa.select(trackers.c.sender)))

    def forget_cached(self, sender_id: str) -> None:
        """Drop the copy in memory, after a turn that failed half-way."""
        self._cache.pop(sender_id, None)

    async def _next(self, sender: str) -> int:
        with self._engine.connect() as connection:
            where = trackers.c.sender == sender
            return int(connection.scalar(sa.select(trackers.c.turns).where(where)) or 0) + 1

    def _tracker(self, sender: str, events: list[Event]) -> DialogueStateTracker:
        return DialogueStateTracker.from_events(sender, events, self.domain.slots)

    def _remember(self, sender: str, turns: int, tracker: DialogueStateTracker) -> None:
        self._cache[sender] = (turns, tracker)
        self._cache.move_to_end(sender)
        while len(self._cache) > CACHED:
            self._cache.popitem(last=False)

    def _is_long(self, tracker: DialogueStateTracker) -> bool:
        if tracker.active_loop_name or tracker.latest_action_name != ACTION_LISTEN_NAME:
            return False
        turns = sum(isinstance(event, UserUttered) for event in tracker.events)
        return turns >= self._session_turns


def _folded(tracker: DialogueStateTracker) -> Iterator[Event]:
    yield ActionExecuted(ACTION_SESSION_START_NAME)
    yield SessionStarted()
    for name, value in tracker.current_slot_values().items():
        if value is not None:
            yield SlotSet(name, value)
    yield ActionExecuted(ACTION_LISTEN_NAME)


def _lean(event: Event) -> dict[str, Any]:
    """What is kept of an event: neither texts nor, of a form's button, what was chosen."""
    stored: dict[str, Any] = event.as_dict()
    if isinstance(event, UserUttered):
        kept = {key: stored["parse_data"].get(key) for key in ("intent", "entities")}
        if event.intent_name == ANSWER_INTENT:
            kept["entities"] = []
        stored |= {"text": None, "parse_data": kept | {"text": None}, "metadata": {}}
    if isinstance(event, BotUttered):
        stored |= {"text": None, "data": {}, "metadata": {}}
    return stored
