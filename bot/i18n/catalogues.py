"""Translated sentences, by gettext. A missing or fuzzy one falls back to the source and says so."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from pathlib import Path

from bot.files import DataError
from bot.i18n.languages import Language, Languages, source_language


@dataclass(frozen=True)
class Text:
    """A sentence as it will be shown, and the language that it really is in (a code)."""

    text: str
    lang: str


class Translator:
    """Gives the sentences of one language."""

    def __init__(
        self, language: Language, source: Language, catalogue: gettext.NullTranslations
    ) -> None:
        self.language = language
        self._source = source
        self._catalogue = catalogue

    def __call__(self, message: str, **params: str | int) -> Text:
        """The sentence in this language, else the source text, with its parameters filled in."""
        if not message:  # gettext answers nothing with the head of its file
            return Text("", self.language.code)
        translated = self._catalogue.gettext(message)
        found = not isinstance(translated, _Untranslated)
        text = translated.format(**params) if params else translated
        return Text(text, self.language.code if found else self._source.code)

    def plain(self, message: str, **params: str | int) -> str:
        """The sentence alone, where its language need not be told."""
        return self(message, **params).text


class Catalogues:
    """All languages' sentences of one domain, read once at start."""

    def __init__(self, languages: Languages, folder: Path, domain: str = "messages") -> None:
        """Read the compiled catalogues. Raises ``DataError`` for a missing or broken one."""
        self.languages = languages
        self.source = source_language(languages)
        self._translators = {
            code: Translator(language, self.source, _catalogue(language, folder, domain))
            for code, language in languages.items()
        }

    def translator(self, code: str | None) -> Translator:
        """The translator of a language; of the source language if the code is unknown."""
        return self._translators.get(code or "", self._translators[self.source.code])


class _Untranslated(str):
    """A source sentence that its catalogue does not have."""


class _Missing(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return _Untranslated(message)


def _catalogue(language: Language, folder: Path, domain: str) -> gettext.NullTranslations:
    if language.is_source:
        return gettext.NullTranslations()
    path = folder / language.code / "LC_MESSAGES" / f"{domain}.mo"
    if not path.is_file():
        raise DataError(path, "", "the catalogue is missing; run: make i18n")
    try:
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise DataError(path, "", f"the catalogue is broken ({error}); run: make i18n") from None
    catalogue.add_fallback(_Missing())
    return catalogue
