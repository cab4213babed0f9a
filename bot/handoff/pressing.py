"""The buttons of a talk: consent, how to be reached, an answer to a phrase, back to the bot."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable

from bot.handoff import talk as talks
from bot.handoff.parts import Parts
from bot.handoff.talk import NotPossible, Talk
from bot.messages import Inbound, Reply
from bot.records.advance import NotFound
from bot.records.talks import PERSON, Said

COMMAND = "/talk"
LONGEST_NUMBER = 15  # digits of a message's number; more is no number of ours


class Pressing:
    """Answers the buttons of a talk. One that comes too late is told that the talk is over."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        change = parts.changed
        self._commands: dict[str, Callable[[Talk], list[Reply]]] = {
            "show": lambda talk: self._consent(talk, True),
            "hide": lambda talk: self._consent(talk, False),
            "ways": lambda talk: change(talk, talks.choose_again, "utter_talk_ways"),
            "ready": lambda talk: change(talk, talks.ready, "utter_talk_left"),
            "back": self._back,
            "take_back": self._take_back,
            **{way: self._choosing(way) for way in talks.WAYS},
        }

    def answer(self, inbound: Inbound, command: dict[str, str]) -> list[Reply]:
        """The replies to a button."""
        talk = self._parts.talks.open_of(inbound.sender)
        last = talk or self._parts.talks.last_of(inbound.sender)
        try:
            if command.get("do") in talks.RATINGS and last:
                return self._rated(last, command["do"])
            if talk and "about" in command:
                return self._tapped(inbound, talk, command)
            if talk and command.get("do") in self._commands:
                return self._commands[command["do"]](talk)
        except (NotPossible, NotFound):
            pass
        language = last.language if last else inbound.language_hint
        return [self._parts.replies.render("utter_talk_over", language, {})]

    def _tapped(self, inbound: Inbound, talk: Talk, command: dict[str, str]) -> list[Reply]:
        """An answer to a phrase of this talk; the worker reads it in Finnish."""
        number, option = command["about"], command.get("option", "")
        if not number.isdecimal() or len(number) > LONGEST_NUMBER:
            raise NotPossible
        asked = self._parts.talks.messages.one(inbound.sender, int(number))
        if asked is None or asked.talk != talk.id:
            raise NotPossible
        phrase = asked.body.get("phrase", "")
        if self._parts.phrases.answer(phrase, option, talk.language) is None:
            raise NotPossible
        body = {"kind": "answer", "phrase": phrase, "option": option, "about": int(number)}
        said = Said(PERSON, body, inbound.delivery or secrets.token_urlsafe(12))
        at = self._parts.office.now()
        self._parts.talks.change(talk.id, talk.municipality, lambda t: talks.said(t, at), [said])
        return []

    def _rated(self, talk: Talk, rating: str) -> list[Reply]:
        return self._parts.changed(talk, lambda t: talks.rate(t, rating), "utter_talk_rated")

    def _consent(self, talk: Talk, shown: bool) -> list[Reply]:
        key = "utter_talk_shown" if shown else "utter_talk_hidden"
        return self._parts.changed(talk, lambda t: talks.show(t, shown), key)

    def _choosing(self, way: str) -> Callable[[Talk], list[Reply]]:
        def choose(talk: Talk) -> list[Reply]:
            if way == talks.HERE:
                writing = talk.state == talks.WRITING
                key = "utter_talk_write_message" if writing else "utter_talk_contact_kept"
            else:
                key = f"utter_talk_ask_{'email' if way == talks.EMAIL else 'phone'}"
            return self._parts.changed(talk, lambda t: talks.ask_contact(t, way), key)

        return choose

    def _back(self, talk: Talk) -> list[Reply]:
        at = self._parts.office.now()
        after = self._parts.talks.change(talk.id, talk.municipality, lambda t: talks.go_back(t, at))
        if after.is_open:
            return [self._parts.say("utter_talk_left", after)]
        key = "utter_talk_ended" if after.taken_by else "utter_talk_back"
        return [self._parts.say(key, after)]

    def _take_back(self, talk: Talk) -> list[Reply]:
        if not self._parts.talks.take_back(talk):  # a worker was quicker
            raise NotPossible
        return [self._parts.say("utter_talk_taken_back", talk)]


def command_in(text: str) -> dict[str, str] | None:
    """What a button of a talk sends, or None for anything else."""
    if not text.startswith(COMMAND + "{"):
        return None
    try:
        found = json.loads(text.removeprefix(COMMAND))
    except (ValueError, RecursionError):
        return None
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else None
