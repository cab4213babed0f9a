"""The languages of the service, from locales/languages.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel import Locale, UnknownLocaleError

from bot.files import DataError, read_yaml


@dataclass(frozen=True)
class Language:
    """One language. ``code`` is BCP 47; ``name`` is its own name for itself.

    ``units`` are its words for lengths of time where CLDR has none.
    """

    code: str
    name: str
    locale: Locale
    direction: str
    script: str
    state: str
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_source(self) -> bool:
        """Whether the texts are written in this language first."""
        return self.state == "source"

    @property
    def is_complete(self) -> bool:
        """Whether every sentence is said to be translated."""
        return self.state != "started"

    @property
    def is_checked(self) -> bool:
        """Whether its texts are the source, or were read by a second reader."""
        return self.state in {"source", "reviewed"}

    @property
    def right_to_left(self) -> bool:
        """Whether it is written from right to left."""
        return self.direction == "rtl"


Languages = dict[str, Language]


def load_languages(path: Path) -> Languages:
    """Read the languages, in the order of the file. Raises ``DataError``."""
    data = read_yaml(path, "languages")["languages"]
    languages = {}
    for code, entry in data.items():
        try:
            locale = Locale.parse(entry["locale"])
        except (UnknownLocaleError, ValueError):
            raise DataError(path, f"languages/{code}/locale", "unknown to CLDR") from None
        languages[code] = Language(**{**entry, "code": code, "locale": locale})
    if sum(language.is_source for language in languages.values()) != 1:
        raise DataError(path, "languages", "exactly one language must have state: source")
    return languages


def source_language(languages: Languages) -> Language:
    """The language in which texts are written first."""
    return next(language for language in languages.values() if language.is_source)
