"""Passwords: which are taken, how they are kept.

The rules follow NIST SP 800-63B, 5.1.1.2: a least length, no rules of composition, Unicode
normalised, nothing that holds the account's own name.
"""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200  # characters
_hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106, second choice
# One hash takes 64 MiB and most of a core: more at once would let strangers exhaust the machine.
_at_once = threading.BoundedSemaphore(2)
# Checked where there is no account, so that a wrong name takes as long as a wrong password.
_NOBODY = _hasher.hash("nobody's password")


class PasswordRefused(Exception):
    """The password breaks a rule: ``too_short``, ``too_long`` or ``has_name``."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def hashed(password: str, name: str) -> str:
    """The password in the form that is kept. Raises ``PasswordRefused``."""
    text = _normal(password)
    if len(text) < SHORTEST:
        raise PasswordRefused("too_short")
    if len(text) > LONGEST:
        raise PasswordRefused("too_long")
    if any(part in text.casefold() for part in _parts(name)):
        raise PasswordRefused("has_name")
    with _at_once:
        return _hasher.hash(text)


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password; takes as long where none is kept."""
    try:
        with _at_once:
            found = _hasher.verify(kept or _NOBODY, _normal(password)[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return found and kept is not None


def _parts(name: str) -> list[str]:
    """The name, and each part of it that is long enough to be one: anna.virtanen → virtanen."""
    whole = name.casefold()
    pieces = whole.replace("@", ".").replace("-", ".").replace("_", ".").split(".")
    return [whole, *(piece for piece in pieces if len(piece) >= 4)]  # noqa: PLR2004  # shorter ones are in many words


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
