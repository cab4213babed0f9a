"""Who hears a message: the bot, or the person behind it. Stands before the engine.

The engine never gets what is written in a talk, so neither its tracker nor the transcript holds
it. Danger alone is judged there, and nothing of the text is kept for that.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from contextlib import suppress

from bot.handoff import talk as talks
from bot.handoff.contact import read_contact
from bot.handoff.interpreting import OFFICE_LANGUAGE
from bot.handoff.parts import Parts, private
from bot.handoff.pressing import Pressing, command_in
from bot.handoff.talk import NotPossible, Talk
from bot.messages import Inbound, Reply
from bot.records.advance import NotFound
from bot.records.talks import PERSON, Said

ASK = "/handoff"
MOST_UNANSWERED = 200  # messages of hers since somebody answered last


class Router:
    """Answers a message as the engine does, and lets a person answer instead.

    ``channels``: those through which a worker can answer.
    """

    def __init__(self, parts: Parts, max_message: int, channels: Collection[str]) -> None:
        self._parts = parts
        self._talks = parts.talks
        self._max_message = max_message
        self._channels = frozenset(channels)
        self._pressing = Pressing(parts)

    async def turn(self, inbound: Inbound) -> list[Reply]:
        """The replies to one message. Raises ``TooBusy`` or ``TurnFailed``."""
        if inbound.channel not in self._channels:
            return await self._parts.bot.turn(inbound)
        text = inbound.text.strip()
        command = command_in(text)
        if command is not None:
            return self._pressing.answer(inbound, command)
        talk = self._talks.open_of(inbound.sender)
        if talk and talk.listens and not self._parts.bot.is_button(text):
            return await self._heard(inbound, talk)
        return self._after(inbound, talk, await self._parts.bot.turn(inbound))

    def _after(self, inbound: Inbound, talk: Talk | None, replies: list[Reply]) -> list[Reply]:
        """What the bot said has consequences: a person was asked for, all was deleted."""
        kinds = {reply.custom.get("kind"): reply for reply in replies}
        if "deleted" in kinds:
            self._talks.forget(inbound.sender)
        elif "language_changed" in kinds and talk:
            spoken = kinds["language_changed"].language
            with suppress(NotPossible, NotFound):  # it ended this very moment
                self._talks.change(talk.id, talk.municipality, lambda t: talks.speak(t, spoken))
        elif "handoff" in kinds:
            language = kinds["handoff"].language
            if inbound.text.strip() == ASK:
                return self._ask(inbound, language)
            # A misunderstood word must not silence the bot: asked by words, she taps once.
            offer = self._parts.replies.render("utter_talk_offer", language, {})
            return [offer if r.custom.get("kind") == "handoff" else r for r in replies]
        return replies

    def _ask(self, inbound: Inbound, language: str) -> list[Reply]:
        office = self._parts.office
        talk_id = f"t-{secrets.token_hex(8)}"
        place = (talk_id, inbound.sender, office.municipality, inbound.channel, language)
        new = talks.begin(*place, office.now(), office.is_open())
        talk = self._talks.begin(new)
        if talk.id != new.id:
            return self._asked_again(talk)
        begun = self._parts.say(_beginning(talk), talk)
        if self._parts.interpreter and talk.language != OFFICE_LANGUAGE:
            return [self._parts.say("utter_talk_machine", talk), begun]
        return [begun]

    def _asked_again(self, talk: Talk) -> list[Reply]:
        """Who left a message joins the queue, when somebody is there."""
        office = self._parts.office
        if talk.state in (talks.WRITING, talks.LEFT) and office.is_open():
            at = office.now()
            with suppress(NotPossible, NotFound):  # a worker took it this very moment
                return self._parts.changed(
                    talk, lambda t: talks.rejoin(t, at), "utter_talk_waiting"
                )
            talk = self._talks.open_of(talk.sender) or talk
        known = {talks.LIVE: "utter_talk_here", talks.WAITING: "utter_talk_place"}
        return [self._parts.say(known.get(talk.state, "utter_talk_ways"), talk)]

    async def _heard(self, inbound: Inbound, talk: Talk) -> list[Reply]:
        text = inbound.text.strip()
        danger = await self._parts.bot.danger(inbound, talk.language)
        if danger is None and talk.asking:
            return self._contact(talk, text)
        first = [danger] if danger else []
        too_much = self._too_much(text, talk)
        try:
            if too_much:
                if danger:
                    self._talks.change(talk.id, talk.municipality, talks.alarm)
                return [*first, private(self._parts.say(too_much, talk))]
            after = self._kept(inbound, talk, text, urgent=danger is not None)
        except (NotPossible, NotFound):  # it ended this very moment
            return [*first, private(self._parts.say("utter_talk_over", talk))]
        return [*first, *(self._parts.say(key, after) for key in _acknowledged(after))]

    def _kept(self, inbound: Inbound, talk: Talk, text: str, urgent: bool) -> Talk:
        body = {"kind": "text", "text": text, "language": talk.language}
        said = Said(PERSON, body, inbound.delivery or secrets.token_urlsafe(12))
        at = self._parts.office.now()
        after = self._talks.change(
            talk.id, talk.municipality, lambda t: talks.said(t, at, urgent), [said]
        )
        if self._parts.interpreter:
            self._parts.interpreter.later(after, said.delivery, text)
        return after

    def _too_much(self, text: str, talk: Talk) -> str:
        if len(text) > self._max_message:
            return "utter_too_long"
        return "utter_talk_full" if talk.unanswered >= MOST_UNANSWERED else ""

    def _contact(self, talk: Talk, text: str) -> list[Reply]:
        kind = "email" if talk.asking == talks.EMAIL else "phone"
        contact = read_contact(kind, text)
        if not contact:
            return [private(self._parts.say(f"utter_talk_bad_{kind}", talk))]
        try:
            given = self._talks.change(
                talk.id, talk.municipality, lambda t: talks.give_contact(t, contact)
            )
        except (NotPossible, NotFound):  # taken or ended this very moment
            return [private(self._parts.say("utter_talk_over", talk))]
        writing = given.state == talks.WRITING
        key = "utter_talk_write_message" if writing else "utter_talk_contact_kept"
        return [private(self._parts.say(key, given))]


def _beginning(talk: Talk) -> str:
    return "utter_talk_waiting" if talk.state == talks.WAITING else "utter_talk_closed"


def _acknowledged(talk: Talk) -> list[str]:
    """What is said to a message that was kept; nothing where a person is there to answer."""
    if talk.state == talks.LIVE:
        return []
    if talk.state == talks.WAITING:
        return ["utter_talk_kept"]
    return ["utter_talk_message_kept", *([] if talk.way else ["utter_talk_ways"])]
