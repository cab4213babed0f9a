"""From the text of a block to safe HTML: phone links, isolated foreign words."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from bot.i18n.bidi import CODE, FOREIGN_RUN
from bot.i18n.languages import Language

# The two numbers that stand in running text; others come as contacts, with their own links.
CALLABLE = re.compile(r"(?<![\d-])(112|116 117)(?![\d-])|https?://[^\s<>\"\u2069]+")


def rich(text: str, language: Language) -> Markup:
    """Escape a text, link addresses and emergency numbers, isolate foreign runs (right-to-left)."""
    pieces: list[Markup] = []
    position = 0
    for match in CALLABLE.finditer(text):
        pieces.append(_isolated(text[position : match.start()], language))
        pieces.append(_link(match.group()))
        position = match.end()
    pieces.append(_isolated(text[position:], language))
    return Markup("").join(pieces)


def _link(found: str) -> Markup:
    if found.startswith("http"):
        return Markup('<a href="{}"><bdi dir="ltr">{}</bdi></a>').format(found, found)
    link = Markup('<a class="phone" href="tel:{}"><bdi dir="ltr">{}</bdi></a>')
    return link.format(found.replace(" ", ""), found)


def pictogram(version: str, name: str) -> Markup:
    """A picture beside words that say the same: not read aloud, in the colour of the text."""
    return Markup(
        '<svg class="picture" aria-hidden="true"><use href="/static/pictograms.svg?v={}#{}"/></svg>'
    ).format(version, name)


def lang_attribute(item: dict[str, str], language: Language) -> Markup:
    """`` lang="…" dir="…"`` where a text is not in the language of the message around it."""
    code = item.get("lang", language.code)
    if code == language.code:
        return Markup("")
    direction = "ltr" if language.right_to_left else "auto"
    return Markup(' lang="{}" dir="{}"').format(code, direction)


def host(url: str) -> str:
    """The host of an address, to show where a link leads."""
    return urlsplit(url).hostname or url


def _isolated(text: str, language: Language) -> Markup:
    runs = FOREIGN_RUN if language.right_to_left else CODE
    pieces: list[Markup] = []
    position = 0
    for match in runs.finditer(text):
        pieces.append(escape(text[position : match.start()]))
        # A code that is broken at the end of a line is copied wrongly.
        whole = Markup(' class="code"') if CODE.fullmatch(match.group()) else ""
        pieces.append(Markup('<bdi dir="ltr"{}>{}</bdi>').format(whole, match.group()))
        position = match.end()
    pieces.append(escape(text[position:]))
    return Markup("").join(pieces)
