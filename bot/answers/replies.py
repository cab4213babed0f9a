"""Every reply by its key: the one place where keys become words."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.answers import blocks
from bot.answers.assessment import FORM, PRIVATE, AssessmentReplies
from bot.answers.topics import ask_payload, topic_reply, urgent_reply
from bot.content.library import Library
from bot.i18n.catalogues import Catalogues, Translator
from bot.i18n.formats import duration
from bot.messages import Button, Reply

TALK = "utter_talk"
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
        assessment: AssessmentReplies,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        self.library = library
        self.catalogues = catalogues
        self._responses = responses
        self._retention_days = retention_days
        self.assessment = assessment
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
        renderer = self.assessment.renderers.get(key)
        if renderer:
            text = self._responses[key][0]["text"] if key in self._responses else ""
            return renderer(translate, {**params, "text": text})
        return self._response(key, translate, params)

    def _source(self, key: str) -> dict[str, Any]:
        try:
            return self._responses[key][0]
        except (KeyError, IndexError):
            raise UnknownReply(key) from None

    def _response(self, key: str, translate: Translator, params: Mapping[str, Any]) -> Reply:
        source, more = self._source(key), self._source(key).get("custom", {})
        values = self._values(key, translate, params)
        sentences = (source["text"], *more.get("say", ()))
        shown = [blocks.paragraph(translate(sentence, **values)) for sentence in sentences]
        buttons: list[Button] = []
        for wanted in more.get("attach", ()):
            more_blocks, more_buttons = self._attachments[wanted](translate, params)
            shown += more_blocks
            buttons += more_buttons
        for button in source.get("buttons", ()):
            buttons.append(Button(translate.plain(button["title"], **values), button["payload"]))
        custom: dict[str, Any] = {
            "kind": key.removeprefix("utter_"),
            "language": translate.language.code,
            "blocks": shown,
        }
        if key.startswith("utter_assessment"):
            custom["form"] = FORM
        if key in PRIVATE:
            custom["private"] = True
        text = blocks.plain_text(shown, translate.language.right_to_left)
        return Reply(text=text, buttons=tuple(buttons), custom=custom)

    def _values(self, key: str, translate: Translator, params: Mapping[str, Any]) -> dict[str, str]:
        """What stands in the place of {municipality}, {time} and so on."""
        own = self.assessment.values(key, translate, params)
        time = duration(self._retention_days, translate.language)
        town = self.library.municipality.named(translate.language.code)
        asked = own if key.startswith("utter_assessment") else own | {"time": time}
        if key.startswith(TALK):
            asked |= {name: str(value) for name, value in params.items()}
        return asked | {"municipality": town}

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
