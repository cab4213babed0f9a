"""The waiting line, and one talk as the worker reads it."""

from __future__ import annotations

import secrets
from typing import Any

from aiohttp import web

from bot.desk.call import Call
from bot.desk.record import colleagues
from bot.desk.talking import lines
from bot.handoff import talk as talks
from bot.handoff.office import waiting_line
from bot.handoff.phrases import SlotError
from bot.handoff.rules import MINUTE, is_late
from bot.handoff.talk import Talk
from bot.records.advance import NotFound
from bot.records.database import now
from bot.records.talk_attendance import NOBODY, Presence

HISTORY = 200  # messages that were written before
# Seconds since the person's page last asked for news. One that is looked at asks every 2.5, and
# that is written down every 5: so two lost requests do not make her absent. A page in the
# background asks every 20 and counts as not open (bot/channels/web/static/chat.js).
PRESENT = 15
TYPING = 6  # seconds for which a sign of typing counts
MOST_PHRASES = 30  # shown at once; more typing finds the rest


def list_page(call: Call) -> web.Response:
    """The waiting line and the talks that go on."""
    return call.page("talks.html", **_listed(call))


def rows_fragment(call: Call) -> web.Response:
    """The line alone, for the script. Ages are shown in minutes, so it changes with each."""
    talking, minute = call.desk.talking, int(now() // MINUTE)
    mark = talking.talks.attendance.of_line(call.who.municipality)
    shown = (mark, minute, talking.office.is_open(), call.language.code)
    return call.fragment_of(shown, lambda: call.page("talk_rows.html", **_listed(call)))


def talk_page(call: Call) -> web.Response:
    """One talk. Whoever opens it stands in the log first."""
    talk = asked_for(call)
    call.log_reading("talk_opened", talk.id)
    history = _history(call, talk)
    labels = call.desk.pages.labels.groups
    problem = call.query("problem")
    return call.page(
        "talk.html",
        problem=problem if problem in labels["problems"] else "",
        colleagues=colleagues(call),
        history=history,
        categories=call.desk.talking.phrases.book.categories,
        **_shown(call, talk),
        **_phrases(call, talk),
    )


def messages_fragment(call: Call) -> web.Response:
    """The messages alone, for the script; it says whether the worker is typing."""
    attendance = call.desk.talking.talks.attendance
    pulse = attendance.of_talk(call.part("reference"), call.who.municipality)
    if pulse is None:
        raise NotFound
    there, typing = _there(pulse.presence), bool(call.query("typing"))
    shown = (pulse.mark, there, call.language.code, call.who.name)
    if typing and call.has(shown):  # whose page shows this already has the talk
        attendance.seen_by_worker(pulse, typing)
    return call.fragment_of(shown, lambda: _messages(call, typing))


def _messages(call: Call, typing: bool) -> web.Response:
    talk = asked_for(call)
    if talk.taken_by != call.who.name:
        call.log_reading("talk_opened", talk.id)
    return call.page("talk_messages.html", **_shown(call, talk, typing))


def phrases_fragment(call: Call) -> web.Response:
    """The phrases that were found, or one with what was filled in."""
    talk = asked_for(call)
    return call.page("talk_phrases.html", talk=talk, **_phrases(call, talk))


def asked_for(call: Call) -> Talk:
    """The talk in the address, of this municipality. Raises ``NotFound``."""
    return call.desk.talking.talks.get(call.part("reference"), call.who.municipality)


def new_delivery() -> str:
    """The id of a message that is about to be written: sent twice, it is one message."""
    return secrets.token_urlsafe(12)


def _listed(call: Call) -> dict[str, Any]:
    talking = call.desk.talking
    found = waiting_line(talking.talks.listed(call.who.municipality))
    moment, patience = now(), talking.patience
    groups = {
        state: [(t, is_late(t, patience, moment)) for t in found if _belongs(t, state)]
        for state in (talks.WAITING, talks.LIVE, talks.LEFT, talks.WRITING)
    }
    late = sum(late for rows in groups.values() for _, late in rows)
    return {"groups": groups, "late": late, "is_open": talking.office.is_open()}


def _shown(call: Call, talk: Talk, typing: bool = False) -> dict[str, Any]:
    talking = call.desk.talking
    mine = talk.taken_by == call.who.name
    pulse = talking.talks.attendance.of_talk(talk.id, talk.municipality)
    if mine and talk.is_open and pulse:
        talking.talks.attendance.seen_by_worker(pulse, typing)
    present, types = _there(pulse.presence if pulse else NOBODY)
    return {
        "talk": talk,
        "mine": mine,
        "lines": lines(talking.talks.messages.of(talk.id), talk, talking.phrases, call.language),
        "present": present,
        "person_types": types,
        "delivery": new_delivery(),
    }


def _belongs(talk: Talk, state: str) -> bool:
    """Whether a talk stands in that part of the list. An empty message stands in none yet."""
    return talk.state == state and (state != talks.WRITING or talk.holds_something)


def _there(presence: Presence) -> tuple[bool, bool]:
    """Whether the person's page is open, and whether she is writing."""
    moment = now()
    return presence.person_seen > moment - PRESENT, presence.person_typing > moment - TYPING


def _history(call: Call, talk: Talk) -> list[Any]:
    """What she and the bot wrote before: only if she agreed."""
    if not talk.shown or not call.query("history"):
        return []
    call.log_reading("talk_history_opened", talk.id)
    return call.desk.talking.transcripts.until(talk.sender, talk.asked_at, HISTORY)


def _phrases(call: Call, talk: Talk) -> dict[str, Any]:
    """What was searched for, or the phrase that is being filled in."""
    phrases, mine = call.desk.talking.phrases, call.language.code
    words, category = call.query("q"), call.query("category")
    chosen = phrases.found(call.query("phrase"), mine, talk.language)
    found = []
    if not chosen and (words or category):
        found = phrases.search(words, category, mine, talk.language)
    given = {slot: call.query(f"slot_{slot}") for slot in (chosen.phrase.slots if chosen else ())}
    preview, wrong = None, ""
    if chosen and any(given.values()):
        try:
            slots = phrases.read_slots(chosen.phrase, given)
            preview = (
                phrases.say(chosen.phrase.id, slots, mine),
                phrases.say(chosen.phrase.id, slots, talk.language),
            )
        except SlotError as error:
            wrong = error.slot
    return {
        "q": words,
        "category": category,
        "searched": bool(words or category),
        "found": found[:MOST_PHRASES],
        "more": len(found) > MOST_PHRASES,
        "chosen": chosen,
        "given": given,
        "preview": preview,
        "wrong": wrong,
        "documents": phrases.documents(mine),
        "phrase_delivery": new_delivery(),
    }
