"""Numbers as people type them, in the digits of any script, and as they read them."""

from __future__ import annotations

import re
import unicodedata

from babel import Locale
from babel.numbers import format_decimal

AROUND = re.compile(r"[\s.,:;)(\[\]#،٫۔。、\u2066-\u2069\u200e\u200f]+")


def typed_number(text: str) -> int | None:
    """The number that a message consists of, or None: 3, ٣, ۳, ፫, 三, «3.», «(3)»."""
    bare = AROUND.sub("", text)
    if not bare or len(bare) > 3:  # noqa: PLR2004  # nobody has a thousand choices
        return None
    if bare.isdecimal():
        return int(bare)
    values = [unicodedata.numeric(char, -1.0) for char in bare]
    if min(values) < 1 or any(value != int(value) for value in values):
        return None
    if any(char.isdecimal() for char in bare):
        return None
    return int(sum(values))  # ፲፪ and 十二 are ten and two


def shown_number(number: int, locale: Locale) -> str:
    """A number in the digits of a language."""
    return format_decimal(number, locale=locale, numbering_system="default")
