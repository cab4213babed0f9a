"""What the desk needs for talks, and how a message looks to the worker: Finnish first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.handoff.office import Office
from bot.handoff.phrases import Phrases
from bot.handoff.rules import Patience
from bot.handoff.talk import Talk
from bot.i18n.languages import Language
from bot.records.talks import NOTICE, PERSON, Message, Talks
from bot.records.transcripts import Transcripts


@dataclass(frozen=True)
class Talking:
    """The stores and words of talks. ``translate``: text, from, to; None: no service."""

    talks: Talks
    transcripts: Transcripts
    phrases: Phrases
    office: Office
    patience: Patience
    translate: Callable[[str, str, str], str] | None = None


@dataclass(frozen=True)
class Line:
    """A message at the desk. ``theirs`` is what the person sees or wrote, where it is not mine.

    ``by``: the account of the worker who wrote it.
    """

    number: int
    author: str
    by: str
    at: float
    mine: str
    mine_language: str
    theirs: str
    theirs_language: str
    machine: bool
    fetched: bool
    notice: str


def lines(
    messages: Sequence[Message], talk: Talk, phrases: Phrases, language: Language
) -> list[Line]:
    """All messages, oldest first."""
    return [_line(message, talk, phrases, language.code) for message in messages]


def _line(message: Message, talk: Talk, phrases: Phrases, mine: str) -> Line:
    said, said_in, theirs, theirs_in, machine = _words(message, talk, phrases, mine)
    return Line(
        number=message.id,
        author=message.author,
        by=message.body.get("by", ""),
        at=message.created,
        mine=said,
        mine_language=said_in,
        theirs="" if theirs == said else theirs,
        theirs_language=theirs_in,
        machine=machine,
        fetched=message.fetched is not None,
        notice=message.body["reply"] if message.author == NOTICE else "",
    )


def _words(
    message: Message, talk: Talk, phrases: Phrases, mine: str
) -> tuple[str, str, str, str, bool]:
    """Words for the worker and their language, the person's and theirs, made by a machine?"""
    body, person = message.body, talk.language
    if body["kind"] == "phrase":
        first = phrases.say(body["phrase"], body["slots"], mine)
        other = phrases.say(body["phrase"], body["slots"], person)
        return first.text, first.lang, other.text, other.lang, False
    if body["kind"] == "answer":
        tapped = phrases.answer(body["phrase"], body["option"], mine)
        seen = phrases.answer(body["phrase"], body["option"], person)
        if tapped and seen:
            return tapped.text, tapped.lang, seen.text, seen.lang, False
        return "…", mine, "", person, False
    if body["kind"] == "notice":
        return "", mine, "", person, False
    return _free_text(message, person)


def _free_text(message: Message, person: str) -> tuple[str, str, str, str, bool]:
    body = message.body
    text, language = str(body["text"]), str(body.get("language", person))
    translation = body.get("translation")
    if not translation:
        return text, language, "", person, False
    if message.author == PERSON:
        return translation["text"], translation["to"], text, language, True
    return text, language, translation["text"], translation["to"], True
