"""Finding a language's name in a message: «in Somali please», «somaliksi», «بالعربية»."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale

from bot.i18n.languages import Languages

# Names that people use and CLDR does not give as the language's own.
ALSO = {
    "ckb": (
        "kurdish",
        "kurdi",
        "kurmanji",
        "sorani",
        "سۆرانی",
        "کوردی",
        "كردي",
        "kurdiska",
        "kurdi",
    ),
    "fa": ("farsi", "dari", "persian", "دری", "afghan"),
    "zh": ("mandarin", "zhongwen", "普通话", "汉语", "中國"),
    "ti": ("tigrigna", "tigrinya"),
    "so": ("somali", "soomaali"),
    "ar": ("arabi", "arabic", "عربي"),
}
STEM = 5  # letters of a name that its inflected forms share, at least


def named_language(text: str, languages: Languages) -> str | None:
    """The code of the one supported language that the text names, or None.

    Where it names two («I do not speak Finnish, English please») the last one counts.
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    found: list[tuple[int, str]] = []
    for stem, code in _stems(tuple(languages), languages_key(languages)):
        for position, word in enumerate(words):
            if word.startswith(stem) or (not stem.isascii() and len(stem) > 1 and stem in word):
                found.append((position, code))
    return max(found)[1] if found else None


def languages_key(languages: Languages) -> tuple[tuple[str, str], ...]:
    """The languages as a hashable value: (code, CLDR locale)."""
    return tuple((code, str(language.locale)) for code, language in languages.items())


@lru_cache(maxsize=4)
def _stems(codes: tuple[str, ...], key: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    names: set[tuple[str, str]] = set()
    for _, shown_in in key:
        cldr = Locale.parse(shown_in).languages
        names |= {(str(cldr[code]).lower(), code) for code in codes if code in cldr}
    names |= {(name, code) for code in codes for name in ALSO.get(code, ())}
    return sorted({(_stem(word), code) for name, code in names for word in [name.split()[0]]})


def _stem(name: str) -> str:
    return name if len(name) <= STEM else name[: max(STEM, len(name) - 2)]
