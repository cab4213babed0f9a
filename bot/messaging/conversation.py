"""What is said to one message from a messaging app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.answers.replies import Replies
from bot.i18n.negotiate import from_accept_language
from bot.keys import Turn
from bot.messages import Inbound, Reply
from bot.messaging.fitting import Part, Words, fit
from bot.messaging.incoming import OWN_WORDS, Kind
from bot.messaging.limits import Limits
from bot.messaging.numbers import typed_number
from bot.messaging.payloads import long
from bot.messaging.stopping import is_stop
from bot.records.inbox import Received

BEGIN_WEB = "/start_assessment"
LEAVE_TALK = '/talk{"do": "back"}'
# Replies that a messaging app gets in other words: advance information is given on our own page.
ELSEWHERE = {
    "start_assessment": "utter_assessment_elsewhere",
    "assessment_elsewhere": "utter_assessment_elsewhere",
    "deleted": "utter_delete_elsewhere",
}


@dataclass(frozen=True)
class State:
    """What is known of a person in an app, sealed: nothing that she said."""

    language: str = ""
    greeted: bool = False
    numbered: list[str] = field(default_factory=list)
    template_sent: bool = False
    stopped: bool = False  # she wants no messages until she writes again

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> State:
        """The state that was kept; what it does not name begins anew."""
        return cls(**{key: kept[key] for key in cls.__dataclass_fields__ if key in kept})

    @classmethod
    def heard(cls, kept: Mapping[str, Any]) -> State:
        """The state of a person who has written just now."""
        return replace(cls.of(kept), template_sent=False, stopped=False)


@dataclass(frozen=True)
class Answer:
    """Parts to send and the new state; no state: forget the person. ``held``: until she writes."""

    parts: list[Part]
    state: dict[str, Any] | None
    drop_waiting: bool = False
    held: bool = False


class Conversation:
    """Answers messages of all apps. ``web_link`` makes a link to the web chat in a language."""

    def __init__(self, turn: Turn, replies: Replies, web_link: Callable[[str, str], str]) -> None:
        self._turn = turn
        self._replies = replies
        self._web_link = web_link

    async def answer(self, received: Received, kept: Mapping[str, Any], limits: Limits) -> Answer:
        """The answer to a message. Raises ``TooBusy`` or ``TurnFailed``: then nothing happened."""
        state, kind = State.heard(kept), Kind(received.body["kind"])
        hint = self._hint(received.body)
        if kind is Kind.BLOCKED:
            await self._leave_talk(received)
            return Answer([], None, drop_waiting=True)
        if kind is Kind.GROUP:
            told = [] if state.greeted else [self._render("utter_private_chat", hint)]
            return self._fitted(told, replace(state, greeted=True), limits)
        if is_stop(kind, str(received.body["text"]), limits):
            await self._leave_talk(received)
            stopped = [self._render("utter_stopped", state.language or hint)]
            answer = self._fitted(stopped, replace(state, numbered=[], stopped=True), limits)
            return replace(answer, drop_waiting=True)
        replies = await self._said(received, state, kind, hint, limits)
        if any(reply.custom.get("kind") == "deleted" for reply in replies):
            return replace(self._fitted(self._elsewhere(replies), state, limits), state=None)
        return self._fitted(self._noticed(replies, state), state, limits)

    def told(self, reply: Reply, kept: Mapping[str, Any], limits: Limits) -> Answer:
        """What a person says to her, unasked; after a STOP it waits until she writes again."""
        state = State.of(kept)
        return replace(self._fitted([reply], state, limits), held=state.stopped)

    def sorry(self, kept: Mapping[str, Any], limits: Limits) -> Answer:
        """What is said when a message could not be answered in many attempts."""
        state = State.heard(kept)
        return self._fitted([self._render("utter_fault", state.language)], state, limits)

    async def _leave_talk(self, received: Received) -> None:
        """Who wants no more messages is in no talk, either. What she is told is said otherwise."""
        left = Inbound(received.person, LEAVE_TALK, received.channel, None, received.delivery)
        await self._turn(left)

    async def _said(
        self, received: Received, state: State, kind: Kind, hint: str, limits: Limits
    ) -> list[Reply]:
        if kind in OWN_WORDS or kind in (Kind.BUTTON, Kind.START):
            text = self._text(received, state, kind, limits)
            inbound = Inbound(
                received.person, text, received.channel, hint or None, received.delivery
            )
            return await self._turn(inbound)
        if kind is Kind.MANY:
            return [self._render("utter_busy", state.language or hint)]
        return [self._render("utter_not_text", state.language or hint)]

    def _text(self, received: Received, state: State, kind: Kind, limits: Limits) -> str:
        """The person's words, or the button that she means."""
        text = long(str(received.body["text"]).strip())
        if kind is Kind.BUTTON:
            return text
        if kind is Kind.START:
            return self._begun(text)
        number = typed_number(text)
        if number is not None and 0 < number <= len(state.numbered):
            return state.numbered[number - 1]
        # In a group's way of writing, a command names its bot: /menu@silta_bot
        word = (text.partition("@")[0] if text.startswith("/") else text).casefold()
        if word in limits.start_words:
            return "/greet"
        return limits.commands.get(word, text) or "/greet"

    def _begun(self, brought: str) -> str:
        """What a link or a code on a poster brought along: a topic, a language or nothing."""
        if brought in self._replies.library.topics:
            return f'/ask{{"topic": "{brought}"}}'
        if brought in self._replies.catalogues.languages:
            return f'/change_language{{"locale": "{brought}"}}'
        return "/greet"

    def _noticed(self, replies: list[Reply], state: State) -> list[Reply]:
        """Before the first answer: that this is a program in another company's app.

        Danger comes before everything else.
        """
        replies = self._elsewhere(replies)
        if state.greeted or not replies:
            return replies
        language = replies[0].language
        urgent = [reply for reply in replies if reply.custom.get("kind") == "urgent"]
        others = [reply for reply in replies if reply not in urgent]
        return [*urgent, self._render("utter_app_notice", language), *others]

    def _elsewhere(self, replies: list[Reply]) -> list[Reply]:
        return [self._in_an_app(reply) for reply in replies]

    def _in_an_app(self, reply: Reply) -> Reply:
        key = ELSEWHERE.get(str(reply.custom.get("kind")))
        if key is None:
            return reply
        linked = key == "utter_assessment_elsewhere"
        params = {"link": self._web_link(reply.language, BEGIN_WEB)} if linked else {}
        return self._replies.render(key, reply.language, params)

    def _fitted(self, replies: list[Reply], state: State, limits: Limits) -> Answer:
        fitted = fit([(reply, self._words(reply)) for reply in replies], limits)
        language = replies[-1].language if replies else state.language
        numbered = fitted.numbered or ([] if replies else state.numbered)
        greeted = state.greeted or bool(replies)
        after = replace(state, language=language, greeted=greeted, numbered=numbered)
        return Answer(fitted.parts, asdict(after))

    def _words(self, reply: Reply) -> Words:
        translate = self._replies.catalogues.translator(reply.language)
        labels = self._replies.library.labels
        choose, number = (translate.plain(labels[key]) for key in ("choose", "write_number"))
        return Words(choose, number, translate.language)

    def _render(self, key: str, language: str) -> Reply:
        return self._replies.render(key, language, {})

    def _hint(self, body: Mapping[str, Any]) -> str:
        tag = str(body.get("language") or "").replace("_", "-")
        return from_accept_language(tag, self._replies.catalogues.languages) or ""
