"""Taking one message of the form: what was heard, what is kept of it, and what is said to it.

A turn writes more than once (the draft, the conversation's state, the transcript). Where it fails
between two of these writes, the person's page sends the message again: what was kept of it then
counts once, and what was not done is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import understanding
from bot.assessment.answers import Draft
from bot.assessment.dialogue import Heard, Said, Turn
from bot.composition import advance_records, resume_link, send_draft

SLOT = "assessment_answer"


def stay() -> list[EventType]:
    """The form goes on."""
    return [SlotSet(SLOT, None)]


def finish() -> list[EventType]:
    """The form is left."""
    return [SlotSet(SLOT, "done")]


def heard_in(tracker: Tracker) -> Heard:
    """The message that came."""
    message = tracker.latest_message or {}
    text = str(message.get("text") or "")
    intent = understanding.intent(tracker)
    topics = understanding.topic_ranking(tracker)
    return Heard(
        language=str(tracker.get_slot("locale") or ""),
        do=understanding.entity(tracker, "do") or "",
        about=understanding.entity(tracker, "about") or "",
        option=understanding.entity(tracker, "option") or "",
        words="" if text.startswith("/") else text,
        intent=intent,
        topic=topics[0] if topics else "",
        danger=(understanding.danger(tracker) or "") if intent == "urgent" else "",
        delivery=str((message.get("metadata") or {}).get("delivery") or ""),
    )


def follow(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    before: Draft | None,
    turn: Turn,
    heard: Heard,
) -> list[EventType]:
    """Do what the turn calls for, keep what it keeps, then say it."""
    said = list(turn.said)
    if any(reply.key == "utter_assessment_paused" for reply in said):
        link = resume_link(tracker.sender_id, heard.language)
        said.append(Said("utter_assessment_link", {"link": link}))
    if turn.draft is None:
        advance_records().forget_draft(tracker.sender_id)
    elif turn.effect == "send":
        receipt = send_draft(tracker.sender_id, turn.draft)
        said.append(Said("utter_assessment_sent", vars(receipt)))
    else:
        keep(tracker, _taken(before, turn.draft, turn.said, heard))
    say(dispatcher, said)
    return finish() if turn.ends else stay()


def keep(tracker: Tracker, draft: Draft) -> None:
    """Store the draft. Raises ``DraftChanged``."""
    advance_records().save_draft(tracker.sender_id, draft)


def say(dispatcher: CollectingDispatcher, said: Sequence[Said]) -> None:
    """Say these replies."""
    for reply in said:
        dispatcher.utter_message(response=reply.key, **reply.params)


def say_again(dispatcher: CollectingDispatcher, draft: Draft) -> None:
    """What was said to the message that was taken last: numbers to call, what was blanked."""
    say(dispatcher, [Said(key, params) for key, params in draft.said])


def _taken(before: Draft | None, after: Draft, said: Sequence[Said], heard: Heard) -> Draft:
    """The draft with the message by which it moved on. One that moved nothing may come again."""
    if before and (before.answers, before.current) == (after.answers, after.current):
        return after
    again = tuple((reply.key, dict(reply.params)) for reply in said)
    return replace(after, delivery=heard.delivery, said=again)
