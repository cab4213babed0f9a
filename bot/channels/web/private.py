"""What the page shows but the conversation does not keep: answers, and what repeats them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.answers.replies import Replies
from bot.messages import Button, Reply
from bot.records.transcripts import Entry

SENT = "assessment_sent"
REVIEW = "assessment_review"


def is_private(reply: Reply | None) -> bool:
    """Whether the reply is shown once and not kept."""
    return bool(reply and reply.custom.get("private"))


def kept_message(text: str, answered: Sequence[Reply], replies: Replies) -> str:
    """What is kept of the person's message: inside a form only that she answered."""
    form = next((reply for reply in answered if reply.custom.get("form")), None)
    return _label(replies, "answered", form.language) if form else text


def kept_reply(reply: Reply, replies: Replies) -> Reply:
    """What is kept of a reply. Of a receipt the reference, never the person's code."""
    if not is_private(reply):
        return reply
    kind, language = reply.custom["kind"], reply.language
    if kind == SENT:
        first = reply.custom["blocks"][:1]
        return Reply(first[0]["text"], reply.buttons, _custom(kind, language, first))
    do, label = ("review", "show_answers") if kind == REVIEW else ("go_on", "go_on")
    text = _label(replies, "answers_not_kept", language)
    block = {"type": "note", "text": text, "lang": language}
    button = Button(_label(replies, label, language), f'/answer{{"do": "{do}"}}')
    return Reply(text, (button,), _custom(kind, language, [block]))


def live(entries: Sequence[Entry], answered: Sequence[Reply]) -> list[Entry]:
    """The entries as they are shown now: with the replies themselves in place of what is kept."""
    shown = iter(answered)
    return [
        replace(entry, text=reply.text, reply=reply)
        if entry.role == "silta" and (reply := next(shown, None))
        else entry
        for entry in entries
    ]


def _custom(kind: str, language: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"kind": kind, "language": language, "blocks": blocks, "form": "assessment"}


def _label(replies: Replies, name: str, language: str) -> str:
    return replies.catalogues.translator(language).plain(replies.library.labels[name])
