"""Codes that other systems use for languages and countries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel.core import get_global


def alpha3(code: str) -> str:
    """ISO 639-3 of a language code, by CLDR's aliases; where there is none, the code itself."""
    return _alpha3_of_languages().get(code, code)


def country3(code: str | None) -> str | None:
    """ISO 3166-1 alpha-3 of a country code."""
    return _alpha3_of_countries().get(code) if code else None


@cache
def _alpha3_of_languages() -> Mapping[str, str]:
    aliases = get_global("language_aliases")
    three = {two: three for three, two in aliases.items() if len(three) == 3 and len(two) == 2}  # noqa: PLR2004  # letters of a code
    return three | MACROLANGUAGES


@cache
def _alpha3_of_countries() -> Mapping[str, str]:
    aliases = get_global("territory_aliases")
    return {
        codes[0]: three
        for three, codes in aliases.items()
        if len(three) == 3 and three.isalpha() and len(codes) == 1  # noqa: PLR2004  # letters of a code
    }


# CLDR names one member of each of these; ISO 639-3's code of the whole language is meant.
MACROLANGUAGES = {
    "ar": "ara",
    "fa": "fas",
    "zh": "zho",
    "sw": "swa",
    "ku": "kur",
    "et": "est",
    "ps": "pus",
}
