"""Languages and countries by their names in any language of the service (CLDR)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale

from bot.assessment.reading.text import holds, normalise, words
from bot.i18n.formats import comma
from bot.i18n.language_names import ALSO

BETWEEN = re.compile(r"[,;/\n،؛、，·&+]| - ")
SHORTEST = 4  # letters of a name that is looked for inside a sentence
STEM = 5  # letters that the inflected forms of a name share, at least
CLOSE, SUGGESTED = 0.7, 4
NO_LANGUAGE = {"mul", "und", "zxx"}  # ISO 639-2: several, undetermined, nothing linguistic


@dataclass(frozen=True)
class Found:
    """Codes that the text names; where it names none, those that it may mean."""

    codes: tuple[str, ...]
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Names:
    """Normalised names of all languages together, made ready to be looked for in a text."""

    codes: Mapping[str, str]
    longest_first: tuple[str, ...]
    stems: Mapping[str, frozenset[str]]  # the codes of all names with this stem

    @classmethod
    def of(cls, codes: Mapping[str, str]) -> Names:
        """Names by what they mean."""
        long = (name for name in codes if len(name) >= _least(name))
        stems: dict[str, set[str]] = {}
        for name, code in codes.items():
            if len(name) >= STEM and " " not in name:
                stems.setdefault(name[: max(STEM, len(name) - 2)], set()).add(code)
        found = {stem: frozenset(meant) for stem, meant in stems.items()}
        return cls(codes, tuple(sorted(long, key=len, reverse=True)), found)


def read_languages(text: str, locales: tuple[str, ...]) -> Found:
    """ISO 639 codes of the languages that a text names, in its order."""
    return _read(text, _languages(locales))


def read_countries(text: str, locales: tuple[str, ...]) -> Found:
    """ISO 3166-1 codes of the countries that a text names."""
    return _read(text, _countries(locales))


def _read(text: str, names: Names) -> Found:
    parts = [normalise(part) for part in BETWEEN.split(text)]
    whole = [names.codes[part] for part in parts if part in names.codes]
    if whole and len(whole) == len([part for part in parts if part]):
        return Found(tuple(dict.fromkeys(whole)))
    inside = _inside(normalise(text), names)
    if inside:
        return Found(tuple(dict.fromkeys(inside)))
    close = difflib.get_close_matches(normalise(text), names.codes, SUGGESTED * 2, CLOSE)
    return Found((), tuple(dict.fromkeys(names.codes[name] for name in close))[:SUGGESTED])


def _inside(text: str, names: Names) -> list[str]:
    """Names inside a sentence: whole ones, else inflected ones by their stem."""
    found: list[tuple[int, str]] = []
    rest = text
    for name in names.longest_first:
        if holds(rest, name):
            found.append((text.find(name), names.codes[name]))
            rest = rest.replace(name, " ")
    for word in words(rest):
        meant = _inflected(word, names)
        if len(meant) == 1:
            found.append((text.find(word), meant.pop()))
    return [code for _, code in sorted(found)]


def _least(name: str) -> int:
    return 2 if re.search(r"[\u4e00-\u9fff]", name) else SHORTEST


def _inflected(word: str, names: Names) -> set[str]:
    """What the names mean with whose stem the word begins."""
    beginnings = (word[:length] for length in range(STEM, len(word) + 1))
    return {code for stem in beginnings for code in names.stems.get(stem, ())}


@cache
def _languages(locales: tuple[str, ...]) -> Names:
    names: dict[str, str] = {}
    for locale in locales:
        for code, name in Locale.parse(locale).languages.items():
            if re.fullmatch(r"[a-z]{2,3}", code):
                names.setdefault(normalise(name), code)
    more = {normalise(name): code for code, variants in ALSO.items() for name in variants}
    known = (more | names).items()
    return Names.of({name: code for name, code in known if name and not name.isdecimal()})


@cache
def _countries(locales: tuple[str, ...]) -> Names:
    names: dict[str, str] = {}
    for locale in locales:
        for code, name in Locale.parse(locale).territories.items():
            if re.fullmatch(r"[A-Z]{2}", code) and code not in ("EU", "UN", "EZ", "QO", "ZZ"):
                names.setdefault(normalise(name), code)
    return Names.of(names)


def is_language(code: str) -> bool:
    """Whether CLDR knows the code as a language."""
    return code in Locale.parse("en").languages


def known_languages() -> set[str]:
    """The codes of all languages that CLDR names, without regional forms and «no language»."""
    codes = map(str, Locale.parse("en").languages)
    return {code for code in codes if re.fullmatch(r"[a-z]{2,3}", code)} - NO_LANGUAGE


def is_country(code: str) -> bool:
    """Whether CLDR knows the code as a country."""
    return code in _countries(("en",)).codes.values()


def language_name(code: str, locale: Locale) -> str:
    """A language's name in another language, else in English, else its code."""
    return _name(code, locale, "languages")


def country_name(code: str, locale: Locale) -> str:
    """A country's name in a language, else in English, else its code."""
    return _name(code, locale, "territories")


def _name(code: str, locale: Locale, kind: str) -> str:
    names = getattr(locale, kind).get(code) or getattr(Locale.parse("en"), kind).get(code)
    return str(names or code)


def listed(codes: Sequence[str], locale: Locale) -> str:
    """Language names in a row, with commas."""
    return comma(locale).join(language_name(code, locale) for code in codes)
