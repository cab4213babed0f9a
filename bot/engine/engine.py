"""One turn of a conversation: a message in, replies out."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.constants import DEFAULT_INTENTS

from bot.answers.replies import Replies
from bot.composition import configure
from bot.engine import faults, tuning
from bot.engine.inprocess import InProcessActions
from bot.engine.loading import put_model_into
from bot.engine.nlg import LOCALE_SLOT, LocalizedResponses
from bot.engine.output import CollectedReplies
from bot.engine.tracker_store import FoldingTrackerStore
from bot.locks import Locks, Room
from bot.messages import Inbound, Reply, TurnFailed
from bot.pace import Pace
from bot.records.database import open_database
from bot.settings import Settings

# Characters at the end of a long message that are listened to apart: in a long story a cry for
# help that comes last is drowned by what stands before it.
BREATH = 300
log = logging.getLogger(__name__)
# What our own buttons send: an intent of the domain and, if any, a few short named values.
PAYLOAD = re.compile(r'/([a-z_]+)(\{("[a-z]+": "[\w.-]{0,200}"(, )?){1,3}\})?')


class Engine:
    """Answers messages. One message of a person at a time, in the order of arrival."""

    def __init__(
        self,
        agent: Agent,
        store: FoldingTrackerStore,
        settings: Settings,
        languages: Collection[str],
    ) -> None:
        self._languages = languages
        self._agent = agent
        self._store = store
        self._settings = settings
        self._locks = Locks()
        self._pace = Pace()
        self._pool = ThreadPoolExecutor(settings.nlu_threads, thread_name_prefix="nlu")
        self._intents = frozenset(agent.domain.intents) - set(DEFAULT_INTENTS)  # Rasa's own
        # Danger has room of its own: however many wait for an answer, it is judged.
        self._turns, self._judgements = Room(settings.max_waiting), Room(settings.max_waiting)

    async def turn(self, inbound: Inbound) -> list[Reply]:
        """The replies to one message.

        Raises ``TooBusy`` or ``TurnFailed``: then nothing of the turn is kept.
        """
        with self._turns.entered():
            try:
                async with self._locks.hold(inbound.sender):
                    return await self._turn(inbound)
            except Exception as error:  # whatever it was, the person may try again
                self._store.forget_cached(inbound.sender)
                log.error("turn failed: %s", type(error).__name__)
                raise TurnFailed from error

    async def parse(self, text: str, sender: str = "", hint: str | None = None) -> dict[str, Any]:
        """What the message is understood as: intent, ranking, language, danger."""
        output = CollectedReplies("parse")
        tracker = await self._store.retrieve(sender)
        return await self._understand(
            self._message(Inbound(sender, text, "parse", hint), output), tracker
        )

    async def danger(self, inbound: Inbound, language: str) -> Reply | None:
        """What is said to danger in a text, if there is any. Nothing of the text is kept.

        Raises ``TooBusy`` or ``TurnFailed``.
        """
        with self._judgements.entered():
            try:
                data = await self.parse(inbound.text.strip(), inbound.sender, inbound.language_hint)
            except Exception as error:  # as in a turn: the person may try again
                log.error("danger not judged: %s", type(error).__name__)
                raise TurnFailed from error
        danger = data.get("danger") or {}
        if not danger.get("level"):
            return None
        reply: Reply = self._agent.nlg.replies.render(
            "utter_urgent", language, {"kind": danger["kind"]}
        )
        return reply

    def is_button(self, text: str) -> bool:
        """Whether a text is what one of our buttons sends."""
        match = PAYLOAD.fullmatch(text)
        return bool(match) and match.group(1) in self._intents  # type: ignore[union-attr]  # bool(match)

    async def forget(self, sender: str) -> None:
        """Delete what is kept about a conversation."""
        async with self._locks.hold(sender):
            await self._store.delete(sender)

    def close(self) -> None:
        """Stop the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _turn(self, inbound: Inbound) -> list[Reply]:
        output = CollectedReplies(inbound.channel)
        message = self._message(inbound, output)
        async with self._pace.piece():
            tracker = await self._store.retrieve(inbound.sender)
        message.parse_data = await self._understand(message, tracker)
        async with self._pace.piece():
            return await self._answer(inbound, message, tracker, output)

    async def _answer(
        self, inbound: Inbound, message: UserMessage, tracker: Any, output: CollectedReplies
    ) -> list[Reply]:
        danger = message.parse_data.get("danger") or {}
        if len(inbound.text.strip()) > self._settings.max_message and not danger.get("level"):
            return [self._render("utter_too_long", message, tracker, {})]
        if tracker and tracker.active_loop_name and not message.text.startswith("/"):
            _keep_language(message.parse_data)
        self._warn_first(message, tracker, output)
        with faults.raised_by_turn():
            await self._agent.handle_message(message)
        if any(reply.custom.get("kind") == "deleted" for reply in output.replies):
            await self._store.delete(inbound.sender)
        return output.replies

    def _warn_first(self, message: UserMessage, tracker: Any, output: CollectedReplies) -> None:
        """Where danger is possible but not certain, the number comes before the answer."""
        danger = message.parse_data.get("danger") or {}
        if danger.get("level") != "possible":
            return
        kind = {"kind": danger["kind"]}
        output.replies.append(self._render("utter_urgent", message, tracker, kind))

    def _render(
        self, key: str, message: UserMessage, tracker: Any, params: dict[str, Any]
    ) -> Reply:
        """A reply beside Rasa's, in the language in which the conversation goes on."""
        entities = message.parse_data["entities"]
        found = (e["value"] for e in entities if e["entity"] == LOCALE_SLOT)
        locale = next(found, tracker.get_slot(LOCALE_SLOT) if tracker else None)
        reply: Reply = self._agent.nlg.replies.render(key, locale, params)
        return reply

    async def _understand(self, message: UserMessage, tracker: Any) -> dict[str, Any]:
        processor = self._agent.processor
        parse = processor._parse_message_with_graph
        if message.text.startswith("/"):
            async with self._pace.piece():
                data: dict[str, Any] = parse(message, tracker)
            self._take_hint(data, message, tracker)
        else:  # off the event loop: the embedding releases the interpreter's lock
            data = await self._apart(parse, message, tracker)
            if len(message.text) > BREATH and not (data.get("danger") or {}).get("level"):
                last = UserMessage(message.text[-BREATH:].partition(" ")[2])
                heard = (await self._apart(parse, last, tracker)).get("danger") or {}
                data["danger"] = heard | {"level": heard.get("level") and "possible"}
        processor._update_full_retrieval_intent(data)
        return data

    async def _apart(self, parse: Any, message: UserMessage, tracker: Any) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        data: dict[str, Any] = await loop.run_in_executor(self._pool, parse, message, tracker)
        return data

    def _take_hint(self, data: dict[str, Any], message: UserMessage, tracker: Any) -> None:
        """A conversation that begins with a button goes on in the language of the page."""
        hint = message.metadata.get("language")
        undecided = tracker is None or tracker.get_slot(LOCALE_SLOT) is None
        pressed = any(entity["entity"] == LOCALE_SLOT for entity in data["entities"])
        if undecided and not pressed and hint in self._languages:
            data["entities"].append({"entity": LOCALE_SLOT, "value": hint})

    def _message(self, inbound: Inbound, output: CollectedReplies) -> UserMessage:
        text = _both_ends(inbound.text.strip(), self._settings.max_message)
        if text.startswith("/") and not self.is_button(text):
            text = text.lstrip("/ ") or "?"  # typed by hand: words, never a command
        return UserMessage(
            text,
            output,
            inbound.sender,
            input_channel=inbound.channel,
            metadata={"language": inbound.language_hint, "delivery": inbound.delivery},
        )


def _both_ends(text: str, length: int) -> str:
    """What is read of a message that is too long: danger may stand at its end."""
    half = length // 2
    return text if len(text) <= length else f"{text[:half]} {text[-half + 1 :]}"


def load_agent(settings: Settings, replies: Replies, store: FoldingTrackerStore) -> Agent:
    """The agent with the newest trained model. Raises ``ModelError``."""
    actions = InProcessActions("actions")
    agent = Agent(
        generator=LocalizedResponses(replies=replies),
        tracker_store=store,
        action_endpoint=actions,
    )
    put_model_into(agent, settings.models)
    store.domain = agent.domain
    actions.domain = agent.domain.as_dict()
    agent.tracker_store._on_tracker_store_error = _raise
    return agent


@asynccontextmanager
async def running_engine(settings: Settings, replies: Replies) -> AsyncIterator[Engine]:
    """An engine, from loading to closing."""
    tuning.quiet_logs(settings.log_level)
    tuning.compile_action_schema()
    tuning.index_event_types()
    configure(settings)
    database = open_database(settings.database)
    store = FoldingTrackerStore(database, settings.session_turns)
    agent = load_agent(settings, replies, store)
    engine = Engine(agent, store, settings, replies.catalogues.languages)
    try:
        with tuning.frozen_heap():
            yield engine
    finally:
        engine.close()
        database.dispose()


def _keep_language(data: dict[str, Any]) -> None:
    """Inside a form a name, a number or a job's title is no change of language."""
    data["entities"] = [e for e in data["entities"] if e["entity"] != LOCALE_SLOT]


def _raise(error: Exception) -> None:
    # Stock Rasa goes on with a new, empty conversation and files the next answer wrongly.
    raise error


__all__ = ["Engine", "load_agent", "running_engine"]
