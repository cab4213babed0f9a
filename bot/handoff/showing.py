"""How a message of a talk looks to the person: in her language, the Finnish beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.answers.blocks import plain_text
from bot.answers.replies import Replies
from bot.handoff.office import in_words
from bot.handoff.phrases import Phrases
from bot.i18n.catalogues import Translator
from bot.messages import Button, Reply
from bot.records.talks import NOTICE, PERSON, Message

OFFICE_LANGUAGE = "fi"


class Showing:
    """Turns kept messages into replies of a page."""

    def __init__(self, replies: Replies, phrases: Phrases) -> None:
        self._replies = replies
        self._phrases = phrases

    def own_words(self, message: Message, language: str) -> str:
        """What the page shows as the person's own message."""
        body = message.body
        if body["kind"] == "answer":
            said = self._phrases.answer(body["phrase"], body["option"], language)
            return said.text if said else "…"
        return str(body["text"])

    def reply(self, message: Message, language: str) -> Reply | None:
        """What the page shows of a message to the person; nothing for her own."""
        if message.author == PERSON:
            return None
        body = message.body
        if message.author == NOTICE:
            spoken = self._replies.catalogues.translator(language).language
            return self._replies.render(body["reply"], language, in_words(body["facts"], spoken))
        translate = self._replies.catalogues.translator(language)
        if body["kind"] == "phrase":
            return self._phrase(message, translate)
        return self._text(body, translate)

    def in_app(self, message: Message, language: str) -> Reply | None:
        """The same for an app, which has no heading: who speaks stands above the words."""
        reply = self.reply(message, language)
        if reply is None or message.author == NOTICE:
            return reply
        label = self._replies.library.labels["person_writes"]
        who = self._replies.catalogues.translator(language).plain(label)
        return replace(reply, text=f"— {who} —\n{reply.text}")

    def _phrase(self, message: Message, translate: Translator) -> Reply:
        body, language = message.body, translate.language.code
        said = self._phrases.say(body["phrase"], body["slots"], language)
        blocks: list[dict[str, Any]] = [_paragraph(said.text, said.lang)]
        if language != OFFICE_LANGUAGE:
            finnish = self._phrases.say(body["phrase"], body["slots"], OFFICE_LANGUAGE)
            blocks.append(self._aside("in_finnish", finnish.text, finnish.lang, translate))
        answers = self._phrases.book.phrases[body["phrase"]].answers
        buttons = tuple(
            Button(translate.plain(choice.text), answer_payload(message.id, choice.id))
            for choice in answers
        )
        return _reply(blocks, buttons, translate)

    def _text(self, body: Mapping[str, Any], translate: Translator) -> Reply:
        language, text = translate.language.code, str(body["text"])
        translation = body.get("translation") or {}
        if translation.get("to") == language:
            blocks = [
                _paragraph(translation["text"], language),
                self._note("machine_translated", translate),
                self._aside("in_finnish", text, OFFICE_LANGUAGE, translate),
            ]
            return _reply(blocks, (), translate)
        blocks = [_paragraph(text, OFFICE_LANGUAGE)]
        if language != OFFICE_LANGUAGE:
            blocks.insert(0, self._note("only_finnish", translate))
        return _reply(blocks, (), translate)

    def _note(self, label: str, translate: Translator) -> dict[str, Any]:
        said = translate(self._replies.library.labels[label])
        return {"type": "note", "text": said.text, "lang": said.lang}

    def _aside(self, label: str, text: str, lang: str, translate: Translator) -> dict[str, Any]:
        title = translate.plain(self._replies.library.labels[label])
        return {"type": "why", "title": title, "text": text, "lang": lang}


def answer_payload(message_id: int, option: str) -> str:
    """What tapping an answer sends."""
    return f"/talk{json.dumps({'about': str(message_id), 'option': option})}"


def _paragraph(text: str, lang: str) -> dict[str, Any]:
    return {"type": "paragraph", "text": text, "lang": lang}


def _reply(
    shown: list[dict[str, Any]], buttons: tuple[Button, ...], translate: Translator
) -> Reply:
    """With the text for whoever sees no blocks: nothing of what they say is missing there."""
    language = translate.language
    lines = [line for block in shown for line in _as_paragraphs(block)]
    text = plain_text(lines, language.right_to_left)
    return Reply(text, buttons, {"kind": "worker", "language": language.code, "blocks": shown})


def _as_paragraphs(block: dict[str, Any]) -> list[dict[str, Any]]:
    if block["type"] != "why":
        return [block]
    return [
        _paragraph(f"{block['title']}:", block["lang"]),
        _paragraph(block["text"], block["lang"]),
    ]
