"""From messages to HTML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from bot.answers.replies import Replies
from bot.assets import Asset
from bot.channels.web import markup
from bot.i18n.formats import language_name
from bot.i18n.languages import Language
from bot.messages import Button, Reply
from bot.records.transcripts import Entry

# The buttons below the message field, and the labels of data/interface.yml that name them.
TOOLS = {
    "/menu": "all_subjects",
    "/handoff": "talk_to_person",
    "/delete_data": "delete_conversation",
}
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Group:
    """Buttons that belong together, under a label or none."""

    label: str
    buttons: tuple[Button, ...]


class Pages:
    """Renders the chat's templates in the language of the page."""

    def __init__(
        self,
        replies: Replies,
        assets: dict[str, Asset],
        max_message: int,
        responsible: str = "",
    ) -> None:
        self._replies = replies
        self._languages = replies.catalogues.languages
        self._max_message = max_message
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=jinja2.select_autoescape(["html"]),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            languages=self._languages,
            max_message=max_message,
            static=lambda name: f"/static/{name}?v={assets[name].version}",
            rich=markup.rich,
            pictogram=lambda name: markup.pictogram(assets["pictograms.svg"].version, name),
            lang=markup.lang_attribute,
            host=markup.host,
            language_name=language_name,
            groups=groups,
            responsible=responsible,
            button_lang=self._button_lang,
        )

    def render(self, template: str, language: Language, **context: Any) -> str:
        """One template, its sentences in ``language``."""
        translate = self._replies.catalogues.translator(language.code)
        context |= {"_": translate.plain, "language": language}
        return self._environment.get_template(template).render(**context)

    def page(
        self,
        language: Language,
        entries: Sequence[Entry],
        embedded: bool,
        state: str = "",
        invitation: str = "",
    ) -> str:
        """The whole chat page.

        ``state``: of a talk with a person. ``invitation``: the label of a link to a meeting.
        """
        suffix = "&embedded=1" if embedded else ""
        return self.render(
            "page.html",
            language,
            messages=entries,
            embedded=embedded,
            chat_url=f"/chat?lang={language.code}{suffix}",
            talk_state=Markup(state),  # noqa: S704  # rendered and escaped by our own template
            news_url=f"/talk/news?lang={language.code}{suffix}",
            save_url=f"/conversation.txt?lang={language.code}",
            invitation=self._label(invitation, language),
        )

    def fragment(self, language: Language, entries: Sequence[Entry], embedded: bool) -> str:
        """Messages alone, to be added to a page that is open."""
        suffix = "&embedded=1" if embedded else ""
        chat_url = f"/chat?lang={language.code}{suffix}"
        return self.render("messages.html", language, messages=entries, chat_url=chat_url)

    def tool_title(self, payload: str, language: Language) -> str:
        """The words of a button that stands on the page itself, not in a message."""
        label = TOOLS.get(payload)
        if label:
            return self._label(label, language)
        named = (x.name for code, x in self._languages.items() if f'"{code}"' in payload)
        return next(named, "…")

    def widget(self) -> str:
        """The script that opens the chat inside another site, with its texts in all languages."""
        labels = {
            code: json.loads(self.render("widget_labels.html", language))
            for code, language in self._languages.items()
        }
        source = self._replies.catalogues.source.code
        return self._environment.get_template("widget.js").render(labels=labels, source=source)

    def _label(self, name: str, language: Language) -> str:
        translate = self._replies.catalogues.translator(language.code)
        return translate.plain(self._replies.library.labels[name]) if name else ""

    def _button_lang(self, button: Button) -> Markup:
        """A language's own name is marked as being in that language."""
        for code, language in self._languages.items():
            if button.title == language.name and "change_language" in button.payload:
                return Markup(' lang="{}" dir="{}"').format(code, language.direction)
        return Markup("")


def groups(reply: Reply) -> list[Group]:
    """The buttons of a reply in their groups, as the reply's ``custom`` counts them."""
    counted = reply.custom.get("groups") or [{"label": "", "count": len(reply.buttons)}]
    found, start = [], 0
    for group in counted:
        end = start + group["count"]
        found.append(Group(group["label"], reply.buttons[start:end]))
        start = end
    return found
