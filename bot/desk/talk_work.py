"""What a worker does in a talk: take, say, hand over, end. Each deed is logged first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.desk.call import HOME, Call
from bot.desk.record import colleagues
from bot.desk.talk_pages import asked_for, new_delivery
from bot.handoff import casework
from bot.handoff.phrases import SlotError
from bot.handoff.talk import NotPossible, Talk
from bot.handoff.watch import notice
from bot.records.talks import WORKER, Event, Said

LONGEST = 2000  # characters of one message


def take(call: Call) -> web.Response:
    """It is mine now. Who has it already must be named: so nobody takes it unknowingly."""
    talk, me = asked_for(call), call.who.name
    if talk.taken_by == me:
        return _back(call, talk)
    if talk.taken_by not in ("", call.form.get("from", "")):
        return _back(call, talk, "talk_taken_by_other")
    call.log("talk_taken", talk.id)
    at = call.desk.talking.office.now()
    known = talk.taken_by

    def event(now: Talk) -> Talk:
        if now.taken_by != known:  # a colleague was quicker, or a nervous click
            raise NotPossible
        return casework.take(now, me, at)

    try:
        call.desk.talking.talks.change(talk.id, talk.municipality, event, _greeting(call, talk))
    except NotPossible:
        problem = "" if asked_for(call).taken_by == me else "talk_taken_by_other"
        return _back(call, talk, problem)
    return _back(call, talk)


def say(call: Call) -> web.Response:
    """Own words, unchanged; a machine's translation beside them where there is a service."""
    talk, text = asked_for(call), call.form.get("text", "").strip()
    if not text or len(text) > LONGEST:
        return _back(call, talk, "empty_message" if not text else "long_message")
    body: dict[str, Any] = {"kind": "text", "text": text, "language": "fi"}
    translate = call.desk.talking.translate
    if translate and talk.language != "fi" and call.form.get("translate"):
        translated = translate(text, "fi", talk.language)
        if translated:
            body["translation"] = {"to": talk.language, "text": translated}
    return _said(call, talk, body)


def say_phrase(call: Call) -> web.Response:
    """A phrase of the book, in the person's language."""
    talk, phrases = asked_for(call), call.desk.talking.phrases
    phrase = phrases.book.phrases.get(call.form.get("phrase", ""))
    if phrase is None:
        return _back(call, talk, "no_such_phrase")
    given = {slot: call.form.get(f"slot_{slot}", "") for slot in phrase.slots}
    try:
        slots = phrases.read_slots(phrase, given)
    except SlotError:
        return _back(call, talk, "slot_wrong")
    return _said(call, talk, {"kind": "phrase", "phrase": phrase.id, "slots": slots})


def hand_over(call: Call) -> web.Response:
    """A colleague has it now."""
    talk, colleague = asked_for(call), call.form.get("colleague", "")
    if colleague not in [account.name for account in colleagues(call)]:
        return _back(call, talk, "no_such_colleague")
    call.log("talk_passed_on", talk.id, colleague)
    me = call.who.name
    said = [notice("utter_talk_colleague", talk, call.desk.talking.office)]
    return _done(call, talk, lambda t: casework.hand_over(t, me, colleague), said)


def end(call: Call) -> web.Response:
    """The talk is over; the bot answers again."""
    talk, office = asked_for(call), call.desk.talking.office
    call.log("talk_ended", talk.id)
    me, at = call.who.name, office.now()
    said = [notice("utter_talk_ended", talk, office)]
    return _done(call, talk, lambda t: casework.end(t, me, at), said)


def _greeting(call: Call, talk: Talk) -> list[Said]:
    office = call.desk.talking.office
    if talk.taken_by:
        return [notice("utter_talk_colleague", talk, office)]
    told = [notice("utter_talk_begun", talk, office)]
    if call.desk.talking.translate and talk.language != "fi":
        told.append(notice("utter_talk_machine", talk, office))
    return told


def _said(call: Call, talk: Talk, body: dict[str, Any]) -> web.Response:
    me, delivery = call.who.name, call.form.get("delivery", "")[:60] or new_delivery()
    said = [Said(WORKER, {**body, "by": me}, f"desk {delivery}")]
    return _done(call, talk, lambda t: casework.answered(t, me), said)


def _done(
    call: Call,
    talk: Talk,
    event: Event,
    said: Sequence[Said],
) -> web.Response:
    try:
        call.desk.talking.talks.change(talk.id, talk.municipality, event, said)
    except NotPossible:
        return _back(call, talk, "talk_not_possible")
    return _back(call, talk)


def _back(call: Call, talk: Talk, problem: str = "") -> web.Response:
    suffix = f"?problem={problem}#problem" if problem else "#latest"
    return call.go(f"{HOME}/talks/{talk.id}{suffix}")
