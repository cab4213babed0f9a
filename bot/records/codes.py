"""Codes that a person reads and types: to begin with, and to get in without the phone."""

from __future__ import annotations

import hashlib
import secrets

# No vowels, so that no word comes out; nothing that looks like another sign.
LETTERS = "23456789bcdfghjkmnpqrstvwxz"
GROUP = 4


def new_code(groups: int) -> str:
    """A code of groups of four, 19 bits each, e.g. ``k7pd-x2mm-9rht``."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(groups))


def code_hash(code: str) -> str:
    """What is kept of a code. Spaces, dashes and capitals do not matter.

    The codes hold 57 bits and more, so a plain hash cannot be searched through.
    """
    plain = "".join(char for char in code.lower() if char in LETTERS)
    return hashlib.sha256(plain.encode()).hexdigest()
