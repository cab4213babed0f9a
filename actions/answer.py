"""Answers, suggestions, and what to say when nothing fits."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import understanding
from bot.composition import languages, library

PATIENCE = 2  # messages in a row that are not understood before a person is offered
SUGGESTED = 3


class ActionAnswer(Action):
    """Tells what a topic's checked text says."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer, then offer another language where the person seems to write in it."""
        topic = understanding.asked_topic(tracker)
        if topic not in library().topics:
            return _not_understood(dispatcher, tracker, "utter_ask_again")
        part = understanding.entity(tracker, "part")
        dispatcher.utter_message(response="utter_answer", topic=topic, part=part)
        _offer_language(dispatcher, tracker)
        return [SlotSet("topic", topic), SlotSet("misunderstood", 0)]


class ActionUrgent(Action):
    """Danger: the number first."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_urgent"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Tell whom to call, for the kind of danger that was heard."""
        kinds = library().urgent
        kind = understanding.danger(tracker)
        dispatcher.utter_message(
            response="utter_urgent", kind=kind if kind in kinds else next(iter(kinds))
        )
        return [SlotSet("misunderstood", 0)]


class ActionSuggest(Action):
    """Not sure: asks which of the likely topics was meant."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_suggest"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Show up to three topics as buttons."""
        known = [t for t in understanding.topic_ranking(tracker) if t in library().topics]
        if not known or _misunderstood(tracker) >= PATIENCE:
            return _not_understood(dispatcher, tracker, "utter_ask_again")
        dispatcher.utter_message(response="utter_suggest", topics=known[:SUGGESTED])
        _offer_language(dispatcher, tracker)
        return [SlotSet("misunderstood", _misunderstood(tracker) + 1)]


class ActionOutOfScope(Action):
    """Nothing that Silta knows."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_out_of_scope"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say what it can do; for a language that it does not speak, show those that it does."""
        found = understanding.identified_language(tracker)
        if found.get("sure") and found.get("code") not in languages():
            dispatcher.utter_message(response="utter_language_unknown")
            return []
        return _not_understood(dispatcher, tracker, "utter_out_of_scope")


def _misunderstood(tracker: Tracker) -> int:
    return int(tracker.get_slot("misunderstood") or 0)


def _not_understood(
    dispatcher: CollectingDispatcher, tracker: Tracker, reply: str
) -> list[EventType]:
    """The reply the first time; a person from the second time on, never a loop."""
    times = _misunderstood(tracker) + 1
    dispatcher.utter_message(response="utter_person_instead" if times >= PATIENCE else reply)
    return [SlotSet("misunderstood", times)]


def _offer_language(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Offer the language that the message is in, where the person had picked another."""
    found = understanding.identified_language(tracker)
    code = found.get("code")
    current = understanding.entity(tracker, "locale") or tracker.get_slot("locale")
    if found.get("sure") and code in languages() and code != current:
        dispatcher.utter_message(response="utter_offer_language", locale=code)
