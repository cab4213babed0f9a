"""Texts made comparable: one form of each letter, digits of every script as 0 to 9."""

from __future__ import annotations

import re
import unicodedata

from bot.i18n.digits import digits

# Arabic letters that keyboards of Arabic, Persian and Sorani write differently.
SAME_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا"})
IGNORED = {"Mn", "Cf", "Cc"}  # marks over letters, direction marks, control characters


def normalise(text: str) -> str:
    """Small letters, plain spaces, one form of each letter, no punctuation at the ends."""
    folded = digits(unicodedata.normalize("NFKC", text)).casefold().translate(SAME_LETTERS)
    kept = (c for c in folded if unicodedata.category(c) not in IGNORED)
    return " ".join("".join(kept).replace("ـ", "").split()).strip(" .,;:!?()«»\"'’…،؛؟。，、！？")


def words(text: str) -> list[str]:
    """The words of a normalised text; a Chinese sign is a word."""
    return re.findall(r"[\u4e00-\u9fff]|[^\W\d_\u4e00-\u9fff][^\W\d_\u4e00-\u9fff'’]*|\d+", text)


def holds(text: str, phrase: str) -> bool:
    """Whether a normalised text has the normalised phrase in it, as whole words."""
    if not phrase or phrase not in text:  # a pattern for each of thousands of names is slow
        return False
    if re.search(r"[\u4e00-\u9fff]", phrase):
        return phrase in text
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


def clean(text: str) -> str:
    """What is kept of a person's own words: no control characters, single spaces."""
    kept = ("".join(" " if unicodedata.category(c) == "Cc" else c for c in text)).split()
    return " ".join(kept)
