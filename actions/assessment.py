"""Advance information: the form takes each message to the questions and says what follows.

The answers are kept by bot/records, sealed. Rasa's slot stays empty until the form is finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.interruptions import interrupt, suggest
from actions.taking import SLOT, finish, follow, heard_in, keep, say, say_again, stay
from bot.assessment.answers import FULL, SHORT, Draft
from bot.assessment.dialogue import Heard, Said, is_asked
from bot.assessment.flow import REVIEW, SEND
from bot.composition import (
    advance_records,
    assessment_dialogue,
    prepare_suggestions,
    web_link,
)
from bot.records.drafts import DraftChanged

CHANNEL = "web"  # the only one whose way to us is ours alone
START = "/start_assessment"  # the button that the web chat begins with after the link
PATHS = {"start_full": FULL, "start_short": SHORT}


class ValidateAssessmentForm(FormValidationAction):
    """Takes one message: an answer, a button, or something else that is dealt with first."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "validate_assessment_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say what the message calls for. What is asked next is said by ``ActionAskAssessment``."""
        if tracker.get_latest_input_channel() != CHANNEL:
            link = web_link(str(tracker.get_slot("locale") or ""), START)
            dispatcher.utter_message(response="utter_assessment_elsewhere", link=link)
            return finish()
        draft, heard = advance_records().draft(tracker.sender_id), heard_in(tracker)
        if draft is not None and draft.delivery and draft.delivery == heard.delivery:
            say_again(dispatcher, draft)  # it came before: the answer is kept, the reply was lost
            return stay()
        try:
            if draft is None:
                return _before(dispatcher, tracker, domain, heard)
            return _within(dispatcher, tracker, domain, draft, heard)
        except DraftChanged:
            dispatcher.utter_message(response="utter_assessment_changed")
            return stay()


class ActionAskAssessment(Action):
    """Says what is asked now: the introduction, a question, the reading back, the last decision."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_ask_assessment_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Ask, unless something else was asked just now."""
        draft = advance_records().draft(tracker.sender_id)
        if draft is None:
            dispatcher.utter_message(response="utter_assessment_intro")
        elif draft.waiting:
            pass
        elif draft.current == REVIEW:
            dispatcher.utter_message(response="utter_assessment_review", draft=draft.as_json())
        elif draft.current == SEND:
            dispatcher.utter_message(response="utter_assessment_send")
        else:
            await prepare_suggestions(draft)
            dispatcher.utter_message(response="utter_assessment_question", draft=draft.as_json())
        return []


class ActionAssessmentFinished(Action):
    """Makes the form ready for another time."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_assessment_finished"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Empty the slot."""
        return [SlotSet(SLOT, None), SlotSet("misunderstood", 0)]


def _before(
    dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any], heard: Heard
) -> list[EventType]:
    """There is no draft: the introduction, or buttons of answers that are no longer kept."""
    path = PATHS.get(heard.do) or (FULL if heard.intent == "affirm" else None)
    if path:
        turn = assessment_dialogue(heard.language).start(path, heard)
        return follow(dispatcher, tracker, None, turn, heard)
    receipt = advance_records().receipt(tracker.sender_id)
    if receipt and (heard.do or heard.about):
        say(dispatcher, [Said("utter_assessment_sent", vars(receipt))])
        return finish()
    if heard.do == "leave" or heard.intent == "deny":
        say(dispatcher, [Said("utter_assessment_left")])
        return finish()
    if heard.do or heard.about:
        say(dispatcher, [Said("utter_assessment_expired")])
        return finish()
    if heard.danger:
        say(dispatcher, [Said("utter_urgent", {"kind": heard.danger})])
        return finish()
    return [*(interrupt(dispatcher, tracker, domain, heard.intent) or ()), *stay()]


def _within(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    domain: dict[str, Any],
    draft: Draft,
    heard: Heard,
) -> list[EventType]:
    """A draft is there: an answer, a command, or an interruption and the same question again."""
    dialogue = assessment_dialogue(heard.language)
    if heard.do or heard.about:
        return follow(dispatcher, tracker, draft, dialogue.press(draft, heard), heard)
    if heard.intent == "confirm_delete":
        return [*(interrupt(dispatcher, tracker, domain, heard.intent) or ()), *finish()]
    turn = dialogue.words(draft, heard) if heard.words else None
    if turn is None:
        events = interrupt(dispatcher, tracker, domain, heard.intent)
        if events is None and is_asked(heard.words):
            events = suggest(dispatcher, tracker, domain, heard.intent)
        if events is not None or not heard.words:
            language = str(_slot(events or (), "locale") or heard.language)
            keep(tracker, replace(draft, language=language, waiting=""))
            return [*(events or ()), *stay()]
        turn = dialogue.miss(draft, heard)
    return follow(dispatcher, tracker, draft, turn, heard)


def _slot(events: Sequence[EventType], name: str) -> Any:
    return next((e["value"] for e in events if e.get("name") == name), None)
