"""References and secrets of sent records: made, read as people type them, hashed."""

from __future__ import annotations

import hashlib
import secrets

REFERENCE_DIGITS, GROUP = 12, 4  # digits are read aloud alike in every language
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without those that look alike
SECRET_LENGTH = 16  # of 32 signs: 80 bits


def new_reference() -> str:
    """A reference such as ``4829-1730-5126``: easy to read aloud, not to be guessed."""
    digits = "".join(secrets.choice("0123456789") for _ in range(REFERENCE_DIGITS))
    return _grouped(digits)


def new_secret() -> str:
    """The person's own key to her record, such as ``7KQ2-PM4X-…``."""
    return _grouped("".join(secrets.choice(SIGNS) for _ in range(SECRET_LENGTH)))


def tidy_reference(text: str) -> str:
    """A reference as people type it: other scripts' digits, spaces, no dashes."""
    return _grouped("".join(str(int(c)) for c in text if c.isdecimal())[: REFERENCE_DIGITS + 1])


def tidy_secret(text: str) -> str:
    """A secret as people type it: small letters, spaces, no dashes."""
    return _grouped("".join(c for c in text.upper() if c in SIGNS)[: SECRET_LENGTH + 1])


def hashed(secret: str) -> str:
    """The only form in which a secret is kept. It has 80 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))
