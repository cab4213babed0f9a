"""What is so in this set-up: the settings, and what the rules need to know beside them."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine.url import make_url

from bot.records.vault import VaultError, read_keys
from bot.settings import Settings

# Settings that hold the address of something that is spoken to, or through which people come.
ADDRESSES = ("public_url", "translation_url", "gateway_url", "telegram_api", "oidc_issuer")
LOCAL = ("localhost", "127.0.0.1", "::1", "")
OTHERS = stat.S_IRWXG | stat.S_IRWXO
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
FEWEST_SIGNS = 12  # different bytes in a key; fewer in 32 random ones is next to impossible


def facts_of(settings: Settings) -> dict[str, Any]:
    """Each setting by its name, and what follows from several of them or from the machine.

    ``x_host_local``: that server is this machine; ``x_unencrypted``: it is not, and the way there
    is not encrypted.
    """
    facts: dict[str, Any] = dict(vars(settings))
    for name in ADDRESSES:
        parts = urlsplit(getattr(settings, name))
        facts[f"{name}_host_local"] = (parts.hostname or "") in LOCAL
        facts[f"{name}_unencrypted"] = parts.scheme == "http" and parts.hostname not in LOCAL
    facts["listens_locally"] = settings.host in LOCAL
    facts["smtp_host_local"] = settings.smtp_host in LOCAL
    return facts | _database(settings) | _files(settings) | _process(settings)


def _database(settings: Settings) -> dict[str, Any]:
    url = make_url(settings.database)
    kind = url.get_backend_name()
    query: Mapping[str, Any] = url.query
    local = (url.host or "") in LOCAL
    return {
        "database_kind": kind,
        "database_unencrypted": not local
        and query.get("sslmode", "") not in ("require", "verify-ca", "verify-full"),
        "database_password": url.password or "",
        "database_host_local": local,
        "database_file_open": kind == "sqlite" and _open(Path(url.database or ""), OTHERS),
    }


def _files(settings: Settings) -> dict[str, Any]:
    beside = Path(make_url(settings.database).database or "").parent == settings.key_file.parent
    return {
        "key_file_open": _open(settings.key_file, OTHERS),
        "keys_beside_database": not settings.keys and beside,
        "models_open": _open(settings.models, OTHERS_WRITE),
    }


def _process(settings: Settings) -> dict[str, Any]:
    return {"runs_as_root": os.geteuid() == 0, "weak_key": _is_weak(settings.keys)}


def _open(path: Path, bits: int) -> bool:
    """Whether others than its owner may do with a file or folder what the bits say."""
    return path.exists() and bool(path.stat().st_mode & bits)


def _is_weak(keys: str) -> bool:
    """Whether a key was typed rather than made. One that is none stops the start by itself."""
    try:
        known = read_keys(keys.replace(",", "\n"))
    except VaultError:
        return False
    return any(len(set(key.raw)) < FEWEST_SIGNS for key in known)
