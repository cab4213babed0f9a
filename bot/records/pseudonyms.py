"""Keyed hashes: what only needs comparing is kept so that it cannot be read or guessed.

The hashing key is made at first use and kept sealed, so that it outlives a change of keys.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets as random

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.messaging_tables import secrets
from bot.records.vault import Vault, VaultError

NAME = "pseudonyms"
LENGTH = 40  # hexadecimal digits: 160 bits


class Pseudonyms:
    """Hashes and signs with the installation's own key."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault
        self._key = b""

    def of(self, kind: str, text: str) -> str:
        """The pseudonym of a text. ``kind`` keeps pseudonyms of different uses apart."""
        return self.mac(kind, text.encode()).hex()[:LENGTH]

    def mac(self, kind: str, data: bytes) -> bytes:
        """HMAC-SHA256 over a kind and data."""
        self._key = self._key or self._kept_key()
        return hmac.new(self._key, kind.encode() + b"\0" + data, hashlib.sha256).digest()

    def _kept_key(self) -> bytes:
        row = self._row()
        if row is None:
            body = self._vault.seal(random.token_hex(32), f"secret {NAME}")
            try:
                with self._engine.begin() as connection:
                    connection.execute(sa.insert(secrets).values(name=NAME, body=body))
            except sa.exc.IntegrityError:
                pass  # another process was first: its key counts
            row = self._row()
        if row is None:
            raise VaultError("the key of the pseudonyms is gone from the database; start again")
        return bytes.fromhex(self._vault.open(row, f"secret {NAME}"))

    def _row(self) -> str | None:
        with self._engine.connect() as connection:
            query = sa.select(secrets.c.body).where(secrets.c.name == NAME)
            found: str | None = connection.execute(query).scalar()
        return found
