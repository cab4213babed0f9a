"""The answer to a question about a topic."""

from __future__ import annotations

import datetime as dt
import json

from bot.answers import blocks
from bot.answers.blocks import Block
from bot.content.freshness import Freshness
from bot.content.library import Library, Urgent
from bot.content.topics import Part, Topic
from bot.i18n.catalogues import Translator
from bot.messages import Button, Reply

RELATED_SHOWN = 3


def ask_payload(topic: str, part: str | None = None) -> str:
    """What a button sends to ask about a topic, or a part of it."""
    entities = {"topic": topic, **({"part": part} if part else {})}
    return f"/ask{json.dumps(entities)}"


def topic_reply(
    library: Library, topic: Topic, part: Part | None, translate: Translator, today: dt.date
) -> Reply:
    """The checked text of a topic, its contacts, sources and date, and where to go on.

    A text past its review date and grace is withheld: contacts and pages stand in its place.
    """
    freshness = library.policy.freshness(topic, today)
    shown = _text(library, topic, part, translate, freshness)
    spoken = library.spoken(topic.contacts, today)
    if spoken:
        shown.append(blocks.contacts(spoken[:1] if part else spoken, translate, library.labels))
    if part is None and freshness is not Freshness.WITHHELD:
        shown.append(blocks.terms(topic.terms, translate, library.labels))
    shown.append(blocks.sources(topic.sources, translate, library.labels))
    shown.append(blocks.dated(library.labels["reviewed"], topic.reviewed, translate))
    if blocks.languages_of(shown) - {translate.language.code}:
        shown.append(blocks.note(translate(library.labels["not_translated"])))
    groups = _groups(library, topic, part, translate)
    return Reply(
        text=blocks.plain_text(shown, translate.language.right_to_left),
        buttons=tuple(button for group in groups for button in group[1]),
        custom={
            "kind": "answer",
            "topic": topic.id,
            "part": part.id if part else None,
            "language": translate.language.code,
            "sources": [
                {"url": s.url, "publisher": s.publisher, "seen": s.seen.isoformat()}
                for s in topic.sources
            ],
            "reviewed": topic.reviewed.isoformat(),
            "freshness": freshness.value,
            "blocks": shown,
            "groups": [{"label": label, "count": len(buttons)} for label, buttons in groups],
        },
    )


def urgent_reply(
    library: Library, urgent: Urgent, closing: str, translate: Translator, today: dt.date
) -> Reply:
    """What is said to danger: the number first, then who helps, then what this program is."""
    first, *more = urgent.say
    spoken = library.spoken(urgent.contacts, today)
    shown = [
        {**blocks.paragraph(translate(first)), "type": "alert"},
        *(blocks.paragraph(translate(sentence)) for sentence in more),
        blocks.contacts(spoken, translate, library.labels),
        blocks.paragraph(translate(closing)),
    ]
    topic = library.topics[urgent.topic]
    labels = library.labels
    return Reply(
        text=blocks.plain_text(shown, translate.language.right_to_left),
        buttons=(
            Button(translate.plain(topic.title), ask_payload(topic.id)),
            Button(translate.plain(labels["talk_to_person"]), "/handoff"),
        ),
        custom={
            "kind": "urgent",
            "danger": urgent.kind,
            "language": translate.language.code,
            "blocks": shown,
        },
    )


def _text(
    library: Library,
    topic: Topic,
    part: Part | None,
    translate: Translator,
    freshness: Freshness,
) -> list[Block]:
    shown = [blocks.heading(translate(part.title if part else topic.title))]
    if freshness is Freshness.WITHHELD:
        return [*shown, blocks.note(translate(library.labels["withheld"]))]
    paragraphs, steps = (part.text, part.steps) if part else (topic.answer, topic.steps)
    shown += [blocks.paragraph(translate(sentence)) for sentence in paragraphs]
    if steps:
        shown.append(blocks.steps([translate(step) for step in steps]))
    if freshness is Freshness.DUE:
        due = library.policy.review_due(topic)
        shown.append(blocks.dated(library.labels["review_due"], due, translate))
    return shown


def _groups(
    library: Library, topic: Topic, part: Part | None, translate: Translator
) -> list[tuple[str, list[Button]]]:
    labels, title = library.labels, translate.plain
    parts = [p for p in topic.parts if p != part]
    more = [Button(title(labels[topic.starts]), f"/{topic.starts}")] if topic.starts else []
    more += [Button(title(p.title), ask_payload(topic.id, p.id)) for p in parts]
    related = [
        Button(title(library.topics[other].title), ask_payload(other))
        for other in topic.related[:RELATED_SHOWN]
    ]
    rating = [
        Button(title(labels["yes_helped"]), "/helpful"),
        Button(title(labels["no_helped"]), "/not_helpful"),
    ]
    groups = [(title(labels["what_next"]), more), (title(labels["related"]), related)]
    groups.append((title(labels["did_it_help"]), rating))
    return [group for group in groups if group[1]]
