"""Text in known languages: the assistant's own sentences, and samples of languages it lacks."""

from __future__ import annotations

import gettext
from collections.abc import Iterator

from bot.files import ROOT, read_yaml
from bot.i18n.languages import load_languages

OTHER = ROOT / "data" / "other_languages.yml"


def other_languages() -> Iterator[tuple[str, str]]:
    """(language code, text) in languages that Silta does not speak."""
    for code, texts in read_yaml(OTHER)["languages"].items():
        yield from ((code, text) for text in texts)


def own_sentences() -> Iterator[tuple[str, str]]:
    """(language code, sentence) from the catalogues; for the source language its own sentences."""
    languages = load_languages(ROOT / "locales" / "languages.yml")
    for code, language in languages.items():
        path = ROOT / "locales" / code / "LC_MESSAGES" / "messages.mo"
        if language.is_source or not path.is_file():
            continue
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # no public list of messages
        yield from ((code, text) for key, text in catalogue.items() if key and text)
        if code == next(c for c, other in languages.items() if not other.is_source):
            source = next(c for c, other in languages.items() if other.is_source)
            yield from ((source, key) for key in catalogue if isinstance(key, str) and key)
