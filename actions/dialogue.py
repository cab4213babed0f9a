"""Meeting the person: greeting, subjects, languages, a human, deleting."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import understanding
from bot.composition import advance_records, languages, library
from bot.i18n.language_names import named_language

UNDERSTOOD = SlotSet("misunderstood", 0)


class ActionGreet(Action):
    """Says what this is, whose it is and what it can do."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_greet"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Greet."""
        dispatcher.utter_message(response="utter_greet")
        return [UNDERSTOOD]


class ActionMenu(Action):
    """Subjects to tap, then the topics of one subject."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_menu"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Show the subjects, or the topics of the subject that was chosen."""
        category = understanding.entity(tracker, "category")
        if category in library().categories:
            dispatcher.utter_message(response="utter_category", category=category)
        elif understanding.intent(tracker) == "help":
            dispatcher.utter_message(response="utter_help")
        else:
            dispatcher.utter_message(response="utter_menu")
        return [UNDERSTOOD]


class ActionChangeLanguage(Action):
    """Goes on in the language that was pressed or named."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_change_language"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Change the language, or show those there are."""
        pressed = understanding.entity(tracker, "locale")
        text = str((tracker.latest_message or {}).get("text") or "")
        wanted = pressed if text.startswith("/") else named_language(text, languages())
        if wanted not in languages():
            dispatcher.utter_message(response="utter_choose_language")
            return [UNDERSTOOD]
        dispatcher.utter_message(response="utter_language_changed", locale=wanted)
        return [SlotSet("locale", wanted), SlotSet("locale_chosen", True), UNDERSTOOD]


class ActionHandoff(Action):
    """A person: the office, its hours and how to reach it."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_handoff"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Tell where a person can be reached."""
        dispatcher.utter_message(response="utter_handoff")
        return [UNDERSTOOD]


class ActionDeleteData(Action):
    """Deletes the conversation, after asking once. The engine does it when the turn is over."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_delete_data"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Ask, or confirm."""
        confirmed = understanding.intent(tracker) == "confirm_delete"
        if confirmed:
            advance_records().forget_draft(tracker.sender_id)
        dispatcher.utter_message(response="utter_deleted" if confirmed else "utter_delete_data")
        return [UNDERSTOOD]


class ActionYes(Action):
    """A yes by words: to the last suggestion or offer there was."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_yes"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Thank for «it helped»; ask for the button before deleting, so that no slip deletes."""
        asked_to_delete = _last_reply(tracker) == "utter_delete_data"
        reply = "utter_delete_data" if asked_to_delete else "utter_helpful_thanks"
        dispatcher.utter_message(response=reply)
        return [UNDERSTOOD]


class ActionNo(Action):
    """A no by words."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_no"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """No to deleting keeps; after a suggestion the subjects are shown."""
        asked_to_delete = _last_reply(tracker) == "utter_delete_data"
        dispatcher.utter_message(response="utter_not_deleted" if asked_to_delete else "utter_menu")
        return [UNDERSTOOD]


def _last_reply(tracker: Tracker) -> str:
    """The key of the reply before the last message."""
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            return str((event.get("metadata") or {}).get("utter_action") or "")
    return ""
