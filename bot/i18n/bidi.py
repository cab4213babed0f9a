"""Keeping numbers and foreign words in order inside right-to-left text.

Unicode Annex 9: a run of the other direction is wrapped in isolates, so that neither its own
parts nor its neighbours change places.
"""

from __future__ import annotations

import re

LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"
ISOLATES = (LRI, "\u2067", FSI)

# A run ends with a letter, digit or slash: the full stop behind it belongs to the sentence.
_WORD = r"[A-Za-zÀ-ɏ](?:[\w’'./:@–-]*[\w/])?"
_LATIN = rf"{_WORD}(?:[ ]+{_WORD})*"
# A reference or a person's code: its groups would change places if each were on its own.
CODE = re.compile(r"(?<![\w-])[0-9A-Z]{4}(?:-[0-9A-Z]{4})+(?![\w-])")
_NUMBER = r"\+?\d[\d ]*\d|\d"
FOREIGN_RUN = re.compile(rf"{CODE.pattern}|{_LATIN}|{_NUMBER}")


def isolate(text: str) -> str:
    """Wrap each Latin or numeric run of a right-to-left text in an isolate.

    Text that already holds isolates is returned as it is.
    """
    if any(mark in text for mark in ISOLATES):
        return text
    return FOREIGN_RUN.sub(lambda run: f"{LRI}{run.group()}{PDI}", text)


def balanced(text: str) -> bool:
    """Whether every isolate that is opened is closed again."""
    depth = 0
    for char in text:
        if char in ISOLATES:
            depth += 1
        elif char == PDI:
            depth -= 1
            if depth < 0:
                return False
    return depth == 0
