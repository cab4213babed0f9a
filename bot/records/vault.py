"""Encryption of single records: AES-256-GCM, with keys that can be changed without a pause.

A sealed text says which key sealed it and is bound to its place: a row copied over another one
cannot be opened. The first key seals; every key opens.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE_BYTES, ID_BYTES = 32, 12, 4
OWNER_ONLY = 0o600


class VaultError(Exception):
    """A key is missing or wrong, or a record was tampered with. The message says what to do."""


class Key:
    """A secret key. It never shows itself."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise VaultError(f"a key has {KEY_BYTES} bytes; make one with: python -m bot keys new")
        self.id = hashlib.sha256(b"silta key " + raw).digest()[:ID_BYTES]
        self.raw = raw

    def __repr__(self) -> str:
        return f"<Key {self.id.hex()}>"

    @classmethod
    def parse(cls, text: str) -> Key:
        """The key written as URL-safe base64. Raises ``VaultError``."""
        try:
            return cls(base64.urlsafe_b64decode(text.strip().encode("ascii")))
        except (binascii.Error, UnicodeEncodeError):
            raise VaultError("a key is not URL-safe base64; see docs/settings.md") from None

    @classmethod
    def new(cls) -> Key:
        """A new random key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    def written(self) -> str:
        """The key as text, for the file or the environment."""
        return base64.urlsafe_b64encode(self.raw).decode("ascii")


class Vault:
    """Seals and opens JSON data. Keys come from a list or from a file that may change."""

    def __init__(self, keys: Sequence[Key] = (), file: Path | None = None) -> None:
        self._file = file
        self._changed = -1
        self._keys = tuple(keys)
        self._refresh()

    def __repr__(self) -> str:
        return f"<Vault, keys {', '.join(key.id.hex() for key in self._keys)}>"

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys, the sealing one first."""
        self._refresh()
        return self._keys

    def seal(self, data: Any, place: str) -> str:
        """JSON data as sealed text, to be opened only with the same ``place``."""
        key = self.keys[0]
        nonce = os.urandom(NONCE_BYTES)
        clear = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = AESGCM(key.raw).encrypt(nonce, clear, place.encode())
        return base64.urlsafe_b64encode(key.id + nonce + sealed).decode("ascii")

    def open(self, sealed: str, place: str) -> Any:
        """The data. Raises ``VaultError`` if the key is gone or the record was changed."""
        raw = base64.urlsafe_b64decode(sealed.encode("ascii"))
        key = self._key(raw[:ID_BYTES])
        body = ID_BYTES + NONCE_BYTES
        try:
            clear = AESGCM(key.raw).decrypt(raw[ID_BYTES:body], raw[body:], place.encode())
        except InvalidTag:
            raise VaultError("a record was changed outside Silta and is not opened") from None
        return json.loads(clear)

    def sealed_by_first(self, sealed: str) -> bool:
        """Whether the key that seals now sealed this text."""
        return base64.urlsafe_b64decode(sealed.encode("ascii"))[:ID_BYTES] == self.keys[0].id

    def _key(self, key_id: bytes) -> Key:
        found = next((key for key in self.keys if key.id == key_id), None)
        if found is None:
            raise VaultError(
                f"key {key_id.hex()} is missing: put it back into SILTA_KEYS or its file"
            )
        return found

    def _refresh(self) -> None:
        """Read the file again when another process has changed it."""
        if self._file is not None:
            changed = self._file.stat().st_mtime_ns
            if changed != self._changed:
                self._keys = read_keys(self._file.read_text(encoding="ascii"))
                self._changed = changed
        if not self._keys:
            raise VaultError("there is no key; remove the empty key file or set SILTA_KEYS")


def open_vault(keys: str, file: Path) -> Vault:
    """The vault of an installation: keys of the setting, else of the file, made at first start."""
    if keys:
        return Vault(read_keys(keys.replace(",", "\n")))
    if not file.exists():
        write_keys(file, [Key.new()])
    return Vault(file=file)


def read_keys(text: str) -> tuple[Key, ...]:
    """Keys, one a line. Raises ``VaultError``."""
    return tuple(Key.parse(line) for line in text.splitlines() if line.strip())


def write_keys(file: Path, keys: Sequence[Key]) -> None:
    """Write the key file at once or not at all, readable by its owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.writelines(f"{key.written()}\n" for key in keys)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
