"""Who hears a message: the bot, or the person behind it. Stands before the engine.

The engine never gets what is written in a talk, so neither its tracker nor the transcript holds
it. Danger alone is judged there, and nothing of the text is kept for that.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.answers.replies import Replies
from bot.handoff import talk as talks
from bot.handoff.contact import read_contact
from bot.handoff.office import Office
from bot.handoff.phrases import Phrases
from bot.handoff.talk import NotPossible, Talk
from bot.messages import Inbound, Reply
from bot.records.talks import PERSON, Said, Talks

log = logging.getLogger(__name__)
ASK, COMMAND = "/handoff", "/talk"
MOST_UNANSWERED = 200  # messages of a talk that nobody answers
CHANNELS = frozenset({"web"})


# Text, from, to: the machine's translation, or nothing.
Translate = Callable[[str, str, str], Awaitable[str]]


class Bot(Protocol):
    """What the router needs of the engine."""

    async def turn(self, inbound: Inbound) -> list[Reply]:
        """The bot's replies."""

    async def danger(self, inbound: Inbound, language: str) -> Reply | None:
        """What is said to danger, if there is any; nothing is kept."""

    def is_button(self, text: str) -> bool:
        """Whether the text is one of the bot's buttons."""


@dataclass(frozen=True)
class Parts:
    """What the router works with."""

    bot: Bot
    talks: Talks
    replies: Replies
    phrases: Phrases
    office: Office
    translate: Translate | None = None


class Router:
    """Answers a message as the engine does, and lets a person answer instead."""

    def __init__(self, parts: Parts, max_message: int) -> None:
        self._bot = parts.bot
        self._talks = parts.talks
        self._replies = parts.replies
        self._phrases = parts.phrases
        self._office = parts.office
        self._translate = parts.translate
        self._max_message = max_message
        self._commands: dict[str, Callable[[Talk], list[Reply]]] = {
            "show": lambda talk: self._consent(talk, True),
            "hide": lambda talk: self._consent(talk, False),
            "ways": lambda talk: self._changed(talk, talks.choose_again, "utter_talk_ways"),
            "ready": lambda talk: self._changed(talk, talks.ready, "utter_talk_left"),
            "back": self._back,
            "take_back": self._take_back,
            **{way: self._choosing(way) for way in talks.WAYS},
        }

    async def turn(self, inbound: Inbound) -> list[Reply]:
        """The replies to one message. Raises ``TooBusy`` or ``TurnFailed``."""
        if inbound.channel not in CHANNELS:
            return await self._bot.turn(inbound)
        text = inbound.text.strip()
        command = _command(text)
        if command is not None:
            return self._pressed(inbound, command)
        talk = self._talks.open_of(inbound.sender)
        if talk and talk.listens and not self._bot.is_button(text):
            return await self._heard(inbound, talk)
        replies = await self._bot.turn(inbound)
        return self._after(inbound, talk, replies)

    def _after(self, inbound: Inbound, talk: Talk | None, replies: list[Reply]) -> list[Reply]:
        """What the bot said has consequences: a person was asked for, all was deleted."""
        kinds = {reply.custom.get("kind"): reply for reply in replies}
        if "deleted" in kinds:
            self._talks.forget(inbound.sender)
        elif "language_changed" in kinds and talk:
            spoken = kinds["language_changed"].language
            self._talks.change(talk.id, talk.municipality, lambda t: talks.speak(t, spoken))
        elif "handoff" in kinds:
            language = kinds["handoff"].language
            if inbound.text.strip() == ASK:
                return self._ask(inbound, language)
            # A misunderstood word must not silence the bot: asked by words, she taps once.
            offer = self._replies.render("utter_talk_offer", language, {})
            return [offer if r.custom.get("kind") == "handoff" else r for r in replies]
        return replies

    def _ask(self, inbound: Inbound, language: str) -> list[Reply]:
        talk_id = f"t-{secrets.token_hex(8)}"
        place = (talk_id, inbound.sender, self._office.municipality, inbound.channel, language)
        new = talks.begin(*place, self._office.now(), self._office.is_open())
        talk = self._talks.begin(new)
        if talk.id != new.id:
            known = {talks.LIVE: "utter_talk_here", talks.WAITING: "utter_talk_place"}
            key = known.get(talk.state, "utter_talk_ways")
        else:
            key = "utter_talk_waiting" if talk.state == talks.WAITING else "utter_talk_closed"
        return [self._say(key, talk)]

    async def _heard(self, inbound: Inbound, talk: Talk) -> list[Reply]:
        text = inbound.text.strip()
        danger = await self._bot.danger(inbound, talk.language)
        if danger is None and talk.asking:
            return self._contact(talk, text)
        first = [danger] if danger else []
        too_much = self._too_much(text, talk)
        if too_much:
            return [*first, self._say(too_much, talk)]
        said = Said(PERSON, await self._words(text, talk), inbound.delivery or _key())
        at = self._office.now()
        try:
            after = self._talks.change(
                talk.id, talk.municipality, lambda t: talks.said(t, at, bool(first)), [said]
            )
        except NotPossible:  # it ended this very moment
            return [*first, self._say("utter_talk_over", talk)]
        return [*first, *(self._say(key, after) for key in _acknowledged(after))]

    def _too_much(self, text: str, talk: Talk) -> str:
        if len(text) > self._max_message:
            return "utter_too_long"
        full = talk.said >= MOST_UNANSWERED and talk.unanswered_since
        return "utter_talk_full" if full else ""

    async def _words(self, text: str, talk: Talk) -> dict[str, Any]:
        body: dict[str, Any] = {"kind": "text", "text": text, "language": talk.language}
        if self._translate:
            translated = await self._translate(text, talk.language, "fi")
            if translated:
                body["translation"] = {"to": "fi", "text": translated}
        return body

    def _contact(self, talk: Talk, text: str) -> list[Reply]:
        kind = "email" if talk.asking == talks.EMAIL else "phone"
        contact = read_contact(kind, text)
        if not contact:
            return [_private(self._say(f"utter_talk_bad_{kind}", talk))]
        given = self._talks.change(
            talk.id, talk.municipality, lambda t: talks.give_contact(t, contact)
        )
        writing = given.state == talks.WRITING
        key = "utter_talk_write_message" if writing else "utter_talk_contact_kept"
        return [_private(self._say(key, given))]

    def _pressed(self, inbound: Inbound, command: dict[str, str]) -> list[Reply]:
        talk = self._talks.open_of(inbound.sender)
        last = talk or self._talks.last_of(inbound.sender)
        try:
            if command.get("do") in talks.RATINGS and last:
                return self._rated(last, command["do"])
            if talk and "about" in command:
                return self._tapped(inbound, talk, command)
            if talk and command.get("do") in self._commands:
                return self._commands[command["do"]](talk)
        except NotPossible:
            pass
        language = last.language if last else inbound.language_hint
        return [self._replies.render("utter_talk_over", language, {})]

    def _tapped(self, inbound: Inbound, talk: Talk, command: dict[str, str]) -> list[Reply]:
        """An answer to a phrase; the worker reads it in Finnish."""
        number = command["about"]
        asked = self._talks.message(inbound.sender, int(number)) if number.isdecimal() else None
        phrase = asked.body.get("phrase", "") if asked else ""
        option = command.get("option", "")
        if self._phrases.answer(phrase, option, talk.language) is None:
            raise NotPossible
        body = {"kind": "answer", "phrase": phrase, "option": option, "about": int(number)}
        said = Said(PERSON, body, inbound.delivery or _key())
        at = self._office.now()
        self._talks.change(talk.id, talk.municipality, lambda t: talks.said(t, at), [said])
        return []

    def _rated(self, talk: Talk, rating: str) -> list[Reply]:
        self._talks.change(talk.id, talk.municipality, lambda t: talks.rate(t, rating))
        return [self._say("utter_talk_rated", talk)]

    def _consent(self, talk: Talk, shown: bool) -> list[Reply]:
        key = "utter_talk_shown" if shown else "utter_talk_hidden"
        return self._changed(talk, lambda t: talks.show(t, shown), key)

    def _choosing(self, way: str) -> Callable[[Talk], list[Reply]]:
        def choose(talk: Talk) -> list[Reply]:
            if way == talks.HERE:
                writing = talk.state == talks.WRITING
                key = "utter_talk_write_message" if writing else "utter_talk_contact_kept"
            else:
                key = f"utter_talk_ask_{'email' if way == talks.EMAIL else 'phone'}"
            return self._changed(talk, lambda t: talks.ask_contact(t, way), key)

        return choose

    def _back(self, talk: Talk) -> list[Reply]:
        at = self._office.now()
        after = self._talks.change(talk.id, talk.municipality, lambda t: talks.go_back(t, at))
        if after.is_open:
            return [self._say("utter_talk_left", after)]
        return [self._say("utter_talk_ended" if after.taken_by else "utter_talk_back", after)]

    def _take_back(self, talk: Talk) -> list[Reply]:
        if talk.state != talks.LEFT:
            raise NotPossible
        self._talks.delete(talk)
        return [self._say("utter_talk_taken_back", talk)]

    def _changed(self, talk: Talk, event: Callable[[Talk], Talk], key: str) -> list[Reply]:
        return [self._say(key, self._talks.change(talk.id, talk.municipality, event))]

    def _say(self, key: str, talk: Talk) -> Reply:
        return self._replies.render(key, talk.language, self._office.params(talk))


def _command(text: str) -> dict[str, str] | None:
    if not text.startswith(COMMAND + "{"):
        return None
    try:
        found = json.loads(text.removeprefix(COMMAND))
    except ValueError:
        return None
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else None


def _acknowledged(talk: Talk) -> list[str]:
    """What is said to a message that was kept; nothing where a person is there to answer."""
    if talk.state == talks.LIVE:
        return []
    if talk.state == talks.WAITING:
        return ["utter_talk_kept"]
    return ["utter_talk_message_kept", *([] if talk.way else ["utter_talk_ways"])]


def _private(reply: Reply) -> Reply:
    """What she wrote before it was her contact: the transcript keeps only that she answered."""
    return replace(reply, custom={**reply.custom, "form": "talk"})


def _key() -> str:
    return secrets.token_urlsafe(12)
