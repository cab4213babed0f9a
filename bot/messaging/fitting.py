"""From replies to what an app can show: pieces of text, and choices in the best form it has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.i18n.bidi import ISOLATES, PDI
from bot.i18n.languages import Language
from bot.messages import Button, Reply
from bot.messaging.limits import NUMBERS, ChoiceForm, Limits
from bot.messaging.numbers import shown_number
from bot.messaging.payloads import short
from bot.messaging.splitting import split

MARKS = re.compile(f"[{''.join(ISOLATES)}{PDI}\u200e\u200f]")
# A link must not run into the mark that closes its isolate, or the app makes the mark part of it.
LINK_AT_MARK = re.compile(rf"(https?://[^\s{PDI}]+){PDI}")


@dataclass(frozen=True)
class Choice:
    """One choice. ``detail``: the whole title, where ``title`` had to be cut."""

    title: str
    payload: str
    detail: str = ""


@dataclass(frozen=True)
class Part:
    """One message of the app. ``form`` names a form of the app's limits, or is empty."""

    text: str
    form: str = ""
    choices: tuple[Choice, ...] = ()
    opener: str = ""  # the words that open a list

    def body(self) -> dict[str, Any]:
        """What is kept of it until it is sent."""
        return asdict(self)

    @classmethod
    def of(cls, body: Any) -> Part:
        """The part that was kept."""
        choices = tuple(Choice(**choice) for choice in body["choices"])
        return cls(body["text"], body["form"], choices, body["opener"])


@dataclass(frozen=True)
class Words:
    """The few words around choices, in the language of the reply."""

    choose: str
    write_number: str
    language: Language


@dataclass
class Fitted:
    """The parts, and the payloads of numbered choices in their order."""

    parts: list[Part] = field(default_factory=list)
    numbered: list[str] = field(default_factory=list)


Group = tuple[str, Sequence[Button]]


def fit(replies: Sequence[tuple[Reply, Words]], limits: Limits) -> Fitted:
    """All replies of one answer, in order."""
    fitted = Fitted()
    for reply, words in replies:
        groups = _groups(reply)
        if not groups:
            fitted.parts += [
                Part(piece) for piece in _pieces(_prepared(reply.text, limits), limits)
            ]
        elif not _formed(groups, limits):
            _add_numbered(fitted, reply, groups, words, limits)
        else:
            _add_with_choices(fitted, reply, groups, words, limits)
    return fitted


def _add_with_choices(
    fitted: Fitted, reply: Reply, groups: list[Group], words: Words, limits: Limits
) -> None:
    chunks = _formed(groups, limits)
    pieces = _pieces(_prepared(reply.text, limits), limits)
    label, form, buttons = chunks[0]
    if not pieces or (form.text_length and limits.length(pieces[-1]) > form.text_length):
        pieces.append(label or words.choose)
    fitted.parts += [Part(piece) for piece in pieces[:-1]]
    fitted.parts.append(_part(pieces[-1], form, buttons, words))
    for label, form, buttons in chunks[1:]:
        fitted.parts.append(_part(label or words.choose, form, buttons, words))


def _add_numbered(
    fitted: Fitted, reply: Reply, groups: list[Group], words: Words, limits: Limits
) -> None:
    lines = [_prepared(reply.text, limits)]
    for label, buttons in groups:
        lines.append("\n" + label if label else "")
        for button in buttons:
            fitted.numbered.append(button.payload)
            number = shown_number(len(fitted.numbered), words.language.locale)
            lines.append(f"{number}. {button.title}")
    lines += ["", words.write_number]
    fitted.parts += [Part(piece) for piece in _pieces("\n".join(lines), limits)]


def _formed(groups: list[Group], limits: Limits) -> list[tuple[str, ChoiceForm, list[Button]]]:
    """The groups in as few messages as the app's forms allow; empty where none takes them."""
    everything = [button for _, buttons in groups for button in buttons]
    whole = _best(everything, limits)
    if whole:
        return [(groups[0][0], whole, everything)]
    usable = [form for form in limits.forms if all(_fits(b, form) for b in everything)]
    if not usable:
        return []
    widest = max(usable, key=lambda form: form.most)
    chunks = _packed(groups, widest.most)
    return [(label, _best(buttons, limits) or widest, buttons) for label, buttons in chunks]


def _best(buttons: Sequence[Button], limits: Limits) -> ChoiceForm | None:
    """The first form that holds all these buttons."""
    fitting = (
        form
        for form in limits.forms
        if form.name != NUMBERS
        and len(buttons) <= form.most
        and all(_fits(button, form) for button in buttons)
    )
    return next(fitting, None)


def _packed(groups: list[Group], most: int) -> list[tuple[str, list[Button]]]:
    """Groups together as long as they fit, a group that is too big in slices."""
    chunks: list[tuple[str, list[Button]]] = []
    for label, buttons in groups:
        for start in range(0, len(buttons), most):
            some = list(buttons[start : start + most])
            if chunks and len(chunks[-1][1]) + len(some) <= most:
                chunks[-1][1].extend(some)
            else:
                chunks.append((label, some))
    return chunks


def _fits(button: Button, form: ChoiceForm) -> bool:
    longest = max(form.title_length, form.description_length)
    title = not longest or len(button.title) <= longest
    payload = not form.payload_length or len(short(button.payload).encode()) <= form.payload_length
    return title and payload


def _part(text: str, form: ChoiceForm, buttons: Sequence[Button], words: Words) -> Part:
    choices = tuple(_choice(button, form) for button in buttons)
    return Part(text, form.name, choices, words.choose)


def _choice(button: Button, form: ChoiceForm) -> Choice:
    title, most = button.title, form.title_length
    if not most or len(title) <= most:
        return Choice(title, short(button.payload))
    head = title[: most - 1]
    head = head.rsplit(" ", 1)[0] if " " in head[most // 2 :] else head
    return Choice(head.rstrip() + "…", short(button.payload), title)


def _groups(reply: Reply) -> list[Group]:
    counted = reply.custom.get("groups") or [{"label": "", "count": len(reply.buttons)}]
    found: list[Group] = []
    start = 0
    for group in counted:
        buttons = reply.buttons[start : start + group["count"]]
        start += group["count"]
        if buttons:
            found.append((group["label"], buttons))
    return found


def _prepared(text: str, limits: Limits) -> str:
    return LINK_AT_MARK.sub(rf"\1 {PDI}", text) if limits.isolates else MARKS.sub("", text)


def _pieces(text: str, limits: Limits) -> list[str]:
    return split(text, limits.text_length, limits.length)
