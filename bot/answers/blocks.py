"""The pieces of a reply. A rich client shows the blocks, any other the text made from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from bot.content.contacts import Contact, Phone
from bot.content.topics import Source, Term
from bot.i18n.bidi import isolate
from bot.i18n.catalogues import Text, Translator
from bot.i18n.formats import long_date, opening_hours

Block = dict[str, Any]
Labels = dict[str, str]


def paragraph(text: Text) -> Block:
    """One short paragraph."""
    return {"type": "paragraph", "text": text.text, "lang": text.lang}


def heading(text: Text) -> Block:
    """The title of what follows."""
    return {"type": "heading", "text": text.text, "lang": text.lang}


def note(text: Text) -> Block:
    """A remark about the answer itself."""
    return {"type": "note", "text": text.text, "lang": text.lang}


def steps(texts: Sequence[Text]) -> Block:
    """Actions in order."""
    return {"type": "steps", "items": [{"text": t.text, "lang": t.lang} for t in texts]}


def terms(items: Iterable[Term], translate: Translator, labels: Labels) -> Block:
    """The official words, so that a reader knows them again in a letter."""
    return {
        "type": "terms",
        "title": translate.plain(labels["official_names"]),
        "items": [
            {"meaning": translate.plain(t.meaning), "names": _names({"fi": t.fi, "sv": t.sv})}
            for t in items
        ],
    }


def contacts(items: Sequence[Contact], translate: Translator, labels: Labels) -> Block:
    """Places to ask, with numbers that the reader can use."""
    return {
        "type": "contacts",
        "title": translate.plain(labels["contacts"]),
        "items": [_contact(contact, translate, labels) for contact in items],
    }


def sources(items: Iterable[Source], translate: Translator, labels: Labels) -> Block:
    """The pages that the text was written from."""
    return {
        "type": "sources",
        "title": translate.plain(labels["sources"]),
        "items": [
            {
                "url": source.url,
                "text": translate.plain(
                    labels["source_seen"],
                    publisher=translate.plain(source.publisher),
                    date=long_date(source.seen, translate.language),
                ),
            }
            for source in items
        ],
    }


def dated(label: str, day: dt.date, translate: Translator) -> Block:
    """A remark with a date."""
    return note(translate(label, date=long_date(day, translate.language)))


def languages_of(blocks: Iterable[Block]) -> set[str]:
    """The languages in which the text of the blocks really is."""
    found = {block["lang"] for block in blocks if "lang" in block}
    return found | {i["lang"] for b in blocks if b["type"] == "steps" for i in b["items"]}


def plain_text(blocks: Iterable[Block], right_to_left: bool) -> str:
    """The blocks as text for a client that shows only text."""
    text = "\n\n".join("\n".join(_lines(block)) for block in blocks)
    return isolate(text) if right_to_left else text


def _names(official: dict[str, str | None]) -> list[dict[str, str]]:
    return [{"text": text, "lang": lang} for lang, text in official.items() if text]


def _contact(contact: Contact, translate: Translator, labels: Labels) -> Block:
    language = translate.language
    return {
        "name": translate.plain(contact.name),
        "official": _names(dict(contact.official)),
        "phones": [
            {"number": phone.number, "uri": phone.uri, "languages": _spoken(phone, translate)}
            for phone in contact.phones
        ],
        "address": contact.address,
        "hours": opening_hours(contact.hours, language) if contact.hours else None,
        "hours_label": translate.plain(labels["hours"]),
        "note": translate.plain(contact.note) if contact.note else None,
        "check": translate.plain(labels["check_first"]) if contact.confidence != "high" else None,
        "url": contact.url,
        "url_label": translate.plain(labels["open_page"]),
    }


def _spoken(phone: Phone, translate: Translator) -> list[str]:
    names = translate.language.locale.languages
    return [names.get(code, code) for code in phone.languages]


def _lines(block: Block) -> list[str]:
    if block["type"] == "steps":
        return [f"{number}. {item['text']}" for number, item in enumerate(block["items"], 1)]
    if block["type"] == "contacts":
        return [block["title"], *(_contact_line(item) for item in block["items"])]
    if block["type"] == "sources":
        return [block["title"], *(f"{item['text']}: {item['url']}" for item in block["items"])]
    if block["type"] == "terms":
        return [
            block["title"],
            *(
                f"{item['meaning']}: {' · '.join(name['text'] for name in item['names'])}"
                for item in block["items"]
            ),
        ]
    if block["type"] == "answers":
        return [block["title"], *(f"{item['label']} {item['value']}" for item in block["items"])]
    return [block["text"]]


def _contact_line(item: Block) -> str:
    phones = (
        f"{phone['number']} ({', '.join(phone['languages'])})"
        if phone["languages"]
        else phone["number"]
        for phone in item["phones"]
    )
    hours = f"{item['hours_label']}: {item['hours']}" if item["hours"] else None
    extra = (*phones, item["address"], hours, item["note"], item["url"])
    name = f"{item['name']} – {item['official'][0]['text']}"
    return " · ".join([name, *(part for part in extra if part)])
