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
from bot.handoff.rules import is_late
from bot.handoff.talk import Talk
from bot.records.database import now

HISTORY = 200  # messages that were written before
PRESENT = 15  # seconds since the person's page last asked for news
TYPING = 6  # seconds for which a sign of typing counts
MOST_PHRASES = 30  # shown at once; more typing finds the rest


def list_page(call: Call) -> web.Response:
    """The waiting line and the talks that go on."""
    return call.page("talks.html", **_listed(call))


def rows_fragment(call: Call) -> web.Response:
    """The line alone, for the script."""
    return call.fragment("talk_rows.html", **_listed(call))


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
    talk = asked_for(call)
    return call.fragment("talk_messages.html", **_shown(call, talk, bool(call.query("typing"))))


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
        state: [(t, is_late(t, patience, moment)) for t in found if t.state == state]
        for state in (talks.WAITING, talks.LIVE, talks.LEFT)
    }
    late = sum(late for rows in groups.values() for _, late in rows)
    return {"groups": groups, "late": late, "is_open": talking.office.is_open()}


def _shown(call: Call, talk: Talk, typing: bool = False) -> dict[str, Any]:
    talking = call.desk.talking
    mine = talk.taken_by == call.who.name
    if mine and talk.is_open:
        talking.talks.seen_by_worker(talk, typing)
    presence, moment = talking.talks.presence(talk.id), now()
    return {
        "talk": talk,
        "mine": mine,
        "lines": lines(talking.talks.messages(talk.id), talk, talking.phrases, call.language),
        "present": presence.person_seen > moment - PRESENT,
        "person_seen": presence.person_seen,
        "person_types": presence.person_typing > moment - TYPING,
        "delivery": new_delivery(),
    }


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
