"""Digits of every script."""

from __future__ import annotations

import unicodedata


def digits(text: str) -> str:
    """The text with every decimal digit as ASCII; nothing changes its place."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
