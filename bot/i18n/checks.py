"""Is every translation complete, and does it keep what must be kept?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

from bot.files import read_yaml
from bot.i18n.bidi import balanced
from bot.i18n.catalogue_files import (
    LOCALES,
    MESSAGES,
    Domain,
    extract,
    po_path,
    read_catalogue,
)
from bot.i18n.languages import Language, Languages

PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
NUMBER = re.compile(r"\d+(?:[ ]\d+)*")
IN_PARENTHESES = re.compile(r"[(（]([^()（）]+)[)）]")
SCRIPTS = {"Latn": "LATIN", "Cyrl": "CYRILLIC", "Arab": "ARABIC", "Ethi": "ETHIOPIC", "Hans": "CJK"}
# Letters of other languages that keyboards put into Persian and Sorani.
FOREIGN_LETTERS = {"fa": "يكةى", "ckb": "يكىة"}
TITLE_LENGTH = 45  # characters of a button, where the English has at most 28
# Share of the letters that must be of the language's own script; a Chinese sign is half a word.
OWN_SHARE = {"": 0.4, "Hans": 0.1}
MONTHS_IN_DIGITS = frozenset({"Hans"})  # 2026 年 6 月: the source names the month
LEFTOVER_WORDS = 4  # an untranslated string of fewer words may be a name


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one message of one language."""

    language: str
    what: str
    message: str

    def __str__(self) -> str:
        return f"{self.language}: {self.what}: {self.message[:90]}"


def problems_of_all(languages: Languages, domain: Domain = MESSAGES) -> Iterator[Problem]:
    """Every problem of a domain's catalogues, measured against what stands in the product now."""
    wanted = [message for message in extract(domain) if message.id]
    for language in domain.translated_into(languages):
        catalogue = read_catalogue(po_path(language.code, domain), language)
        yield from problems(wanted, catalogue, language)


def problems(wanted: list[Message], catalogue: Catalog, language: Language) -> Iterator[Problem]:
    """What is wrong with one catalogue."""
    terms = frozenset(read_yaml(LOCALES / "glossary" / "finnish.yml")["finnish"])
    for message in wanted:
        source = str(message.id)
        found = catalogue.get(source)
        if found is None or not found.string:
            if language.is_complete:
                yield Problem(language.code, "missing", source)
        elif found.fuzzy:
            if language.is_complete:
                yield Problem(language.code, "fuzzy", source)
        else:
            for what in _faults(source, str(found.string), language, terms):
                yield Problem(language.code, what, source)
    yield from _plural_problems(catalogue, language)


def _faults(source: str, text: str, language: Language, terms: frozenset[str]) -> Iterator[str]:
    checks: list[tuple[str, Callable[[str], object]]] = [
        ("placeholders differ", lambda s: sorted(PLACEHOLDER.findall(s))),
        ("numbers differ", lambda s: _numbers(s, language.script in MONTHS_IN_DIGITS)),
    ]
    yield from (what for what, keep in checks if keep(source) != keep(text))
    if not balanced(text):
        yield "direction marks are not closed"
    if text == source and len(source.split()) >= LEFTOVER_WORDS and source not in terms:
        yield "not translated"
    if language.code != "fi":
        lost = [t for t in IN_PARENTHESES.findall(source) if t in terms and t not in text]
        if lost:
            yield f"the Finnish term is lost ({lost[0]})"
    wrong = set(FOREIGN_LETTERS.get(language.code, "")) & set(text)
    if wrong:
        yield f"a letter of another language ({' '.join(sorted(wrong))})"
    plain = IN_PARENTHESES.sub("", text)  # Finnish terms stand there
    least = OWN_SHARE.get(language.script, OWN_SHARE[""])
    if _own_share(plain, language.script) < least and len(plain.split()) >= LEFTOVER_WORDS:
        yield "mostly in another script"
    is_title = len(source) <= 28 and not source.endswith((".", "!"))  # noqa: PLR2004  # the schema's title length
    if is_title and len(text) > TITLE_LENGTH:
        yield f"too long for a button ({len(text)} characters)"


def _numbers(text: str, months_in_digits: bool) -> list[str]:
    """The numbers of a text; where months are digits, only those above 12."""
    found = NUMBER.findall(PLACEHOLDER.sub("", text))
    return sorted(n for n in found if not months_in_digits or len(n) > 2)  # noqa: PLR2004  # 1 to 12


def _own_share(text: str, script: str) -> float:
    letters = [char for char in text if char.isalpha()]
    own = sum(unicodedata.name(char, "").startswith(SCRIPTS[script]) for char in letters)
    return own / len(letters) if letters else 1.0


def _plural_problems(catalogue: Catalog, language: Language) -> Iterator[Problem]:
    forms = get_plural(language.locale).num_plurals
    for message in catalogue:
        if message.pluralizable and message.id and len(message.string or ()) != forms:
            yield Problem(language.code, f"needs {forms} plural forms", str(message.id[0]))
