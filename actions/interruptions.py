"""What people say in the middle of a form: it is dealt with, and the form goes on."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import ActionAnswer, ActionOutOfScope, ActionSuggest
from actions.dialogue import (
    ActionChangeLanguage,
    ActionDeleteData,
    ActionHandoff,
    ActionMenu,
)
from actions.feedback import ActionHelpful

ACTIONS: dict[str, type[Action]] = {
    "ask": ActionAnswer,
    "change_language": ActionChangeLanguage,
    "confirm_delete": ActionDeleteData,
    "delete_data": ActionDeleteData,
    "handoff": ActionHandoff,
    "help": ActionMenu,
    "helpful": ActionHelpful,
    "menu": ActionMenu,
}
# What is said to a question that is not understood for certain. An answer that is not
# understood gets a hint instead: it is no question.
UNSURE: dict[str, type[Action]] = {"nlu_fallback": ActionSuggest, "out_of_scope": ActionOutOfScope}
REPLIES = {"about_bot": "utter_about_bot", "thank": "utter_thank"}


def interrupt(
    dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any], intent: str
) -> list[EventType] | None:
    """Deal with it as outside a form; None where the intent is nothing that interrupts."""
    if intent in REPLIES:
        dispatcher.utter_message(response=REPLIES[intent])
        return []
    action = ACTIONS.get(intent)
    return list(action().run(dispatcher, tracker, domain)) if action else None


def suggest(
    dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any], intent: str
) -> list[EventType] | None:
    """Deal with a question as outside a form, where it was not understood for certain."""
    action = UNSURE.get(intent)
    return list(action().run(dispatcher, tracker, domain)) if action else None
