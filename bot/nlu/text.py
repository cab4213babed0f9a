"""One form for the many ways in which people write the same letters."""

from __future__ import annotations

import re
import unicodedata

# Arabic script: letters that keyboards of different languages give for the same sound.
_LETTERS = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ك": "ک",
        "ة": "ه",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ؤ": "و",
        "ـ": None,  # tatweel
        "\u200c": " ",  # zero-width non-joiner
        "\u200d": None,
        "’": "'",
        "ʼ": "'",
        "ʻ": "'",
        "`": "'",
        "´": "'",
    }
)
_MARKS = re.compile(r"[\u064b-\u065f\u0670\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")
_REPEATED = re.compile(r"(\w)\1{2,}")


def normalise(text: str) -> str:
    """The text in lower case, in one Unicode form, without vowel marks and stretched letters."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = _MARKS.sub("", text).translate(_LETTERS)
    return _SPACES.sub(" ", _REPEATED.sub(r"\1\1", text)).strip()


def without_diacritics(text: str) -> str:
    """Latin letters without their accents: people often leave them out."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", bare)
