"""Every reply by its key: the one place where keys become words."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.answers import blocks
from bot.answers.topics import ask_payload, topic_reply, urgent_reply
from bot.content.library import Library
from bot.i18n.catalogues import Catalogues, Translator
from bot.i18n.formats import duration
from bot.messages import Button, Reply

Responses = Mapping[str, list[dict[str, Any]]]


class UnknownReply(KeyError):
    """A reply was asked for that neither the domain nor the content has."""


class Replies:
    """Renders replies. ``responses`` are those of domain.yml, in the source language."""

    def __init__(
        self,
        library: Library,
        catalogues: Catalogues,
        responses: Responses,
        retention_days: int,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        self.library = library
        self.catalogues = catalogues
        self._responses = responses
        self._retention_days = retention_days
        self._today = today
        self._attachments: dict[str, Callable[[Translator, Mapping[str, Any]], _Attached]] = {
            "subjects": self._subjects,
            "topics": self._topics,
            "suggestions": self._suggestions,
            "languages": self._languages,
            "language": self._language,
            "office": self._office,
        }

    def render(self, key: str, language: str | None, params: Mapping[str, Any]) -> Reply:
        """The reply of that key in that language. Raises ``UnknownReply``."""
        translate = self.catalogues.translator(language)
        if key == "utter_answer":
            topic = self.library.topics[params["topic"]]
            part = topic.part(params.get("part") or "")
            return topic_reply(self.library, topic, part, translate, self._today())
        if key == "utter_urgent":
            closing = self._source("utter_urgent_end")["text"]
            urgent = self.library.urgent[params["kind"]]
            return urgent_reply(self.library, urgent, closing, translate, self._today())
        return self._response(key, translate, params)

    def _source(self, key: str) -> dict[str, Any]:
        try:
            return self._responses[key][0]
        except (KeyError, IndexError):
            raise UnknownReply(key) from None

    def _response(self, key: str, translate: Translator, params: Mapping[str, Any]) -> Reply:
        source = self._source(key)
        name = self.library.municipality.name
        text = translate(
            source["text"],
            municipality=name.get(translate.language.code, name["fi"]),
            time=duration(self._retention_days, translate.language),
            link=str(params.get("link", "")),
        )
        shown = [blocks.paragraph(text)]
        buttons: list[Button] = []
        for wanted in source.get("custom", {}).get("attach", ()):
            more_blocks, more_buttons = self._attachments[wanted](translate, params)
            shown += more_blocks
            buttons += more_buttons
        for button in source.get("buttons", ()):
            buttons.append(Button(translate.plain(button["title"]), button["payload"]))
        return Reply(
            text=blocks.plain_text(shown, translate.language.right_to_left),
            buttons=tuple(buttons),
            custom={
                "kind": key.removeprefix("utter_"),
                "language": translate.language.code,
                "blocks": shown,
            },
        )

    def _subjects(self, translate: Translator, params: Mapping[str, Any]) -> _Attached:
        return [], [
            Button(translate.plain(name), f"/menu{json.dumps({'category': category})}")
            for category, name in self.library.categories.items()
            if self.library.in_category(category)
        ]

    def _topics(self, translate: Translator, params: Mapping[str, Any]) -> _Attached:
        topics = self.library.in_category(params["category"])
        return [], [Button(translate.plain(t.title), ask_payload(t.id)) for t in topics]

    def _suggestions(self, translate: Translator, params: Mapping[str, Any]) -> _Attached:
        topics = [self.library.topics[topic] for topic in params["topics"]]
        buttons = [Button(translate.plain(t.question), ask_payload(t.id)) for t in topics]
        else_title = translate.plain(self.library.labels["something_else"])
        return [], [*buttons, Button(else_title, "/menu")]

    def _languages(self, translate: Translator, params: Mapping[str, Any]) -> _Attached:
        return [], [self._language_button(code) for code in self.catalogues.languages]

    def _language(self, translate: Translator, params: Mapping[str, Any]) -> _Attached:
        return [], [self._language_button(translate.language.code)]

    def _language_button(self, code: str) -> Button:
        payload = f"/change_language{json.dumps({'locale': code})}"
        return Button(self.catalogues.languages[code].name, payload)

    def _office(self, translate: Translator, params: Mapping[str, Any]) -> _Attached:
        office = self.library.municipality.responsible
        spoken = self.library.spoken([office], self._today())
        if not spoken:
            missing = translate(self.library.labels["municipality_missing"])
            return [blocks.paragraph(missing)], []
        return [blocks.contacts(spoken, translate, self.library.labels)], []


_Attached = tuple[list[blocks.Block], list[Button]]
