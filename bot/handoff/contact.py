"""How a person may be reached: read from what she typed, by the reader of the assessment."""

from __future__ import annotations

from bot.assessment.reading import contact
from bot.handoff.phrases import read_phone


def read_contact(kind: str, text: str) -> str:
    """A phone number as it is dialled from Finland, or an e-mail address; empty if neither."""
    found = (contact.read_contact(text) or {}).get(kind, "")
    return read_phone(found) if kind == "phone" else found
