"""Did it help? Ratings are counted by topic and language, without the person."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.composition import ratings

REASONS = ("other_topic", "hard", "missing", "outdated")


class ValidateFeedbackForm(FormValidationAction):
    """Takes the reason that was pressed; a hint for anything else."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "validate_feedback_form"

    def validate_feedback_reason(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Keep a known reason."""
        if value in REASONS:
            return {"feedback_reason": value}
        dispatcher.utter_message(response="utter_feedback_hint")
        return {"feedback_reason": None}


class ActionFeedback(Action):
    """Counts the rating and thanks."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_feedback"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Count one rating of the last topic."""
        topic = tracker.get_slot("topic")
        if topic:
            verdict = tracker.get_slot("feedback_reason") or "other_topic"
            ratings().count(str(topic), str(tracker.get_slot("locale") or ""), verdict)
        dispatcher.utter_message(response="utter_feedback_thanks")
        return [SlotSet("feedback_reason", None)]


class ActionHelpful(Action):
    """Counts that it helped."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_helpful"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Count one rating of the last topic."""
        topic = tracker.get_slot("topic")
        if topic:
            ratings().count(str(topic), str(tracker.get_slot("locale") or ""), "helpful")
        dispatcher.utter_message(response="utter_helpful_thanks")
        return []
