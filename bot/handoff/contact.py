"""How a person may be reached: read from what she typed."""

from __future__ import annotations

import re

from bot.handoff.phrases import read_phone

# Enough to catch a slip; whether an address exists only a message can show (RFC 5321 allows more).
EMAIL = re.compile(r"[^@\s<>,;\"]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,5}", re.IGNORECASE)
DIGITS = {ord(char): str(value) for value, char in enumerate("٠١٢٣٤٥٦٧٨٩")} | {
    ord(char): str(value) for value, char in enumerate("۰۱۲۳۴۵۶۷۸۹")
}


def read_contact(kind: str, text: str) -> str:
    """A phone number or an e-mail address, as it is written; empty if it cannot be read."""
    tidy = text.strip().translate(DIGITS)
    if kind == "phone":
        return read_phone(tidy)
    found = EMAIL.search(tidy)
    return found.group() if found else ""
