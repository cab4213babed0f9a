"""Signatures of webhooks, always over the bytes that came, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac


def hmac_hex(secret: str, data: bytes) -> str:
    """HMAC-SHA256 as hexadecimal digits."""
    return hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, without telling by the time taken where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def hub_signature_fits(secret: str, body: bytes, header: str) -> bool:
    """Meta's ``X-Hub-Signature-256: sha256=…``.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started#event-notifications
    """
    return same(header, f"sha256={hmac_hex(secret, body)}")
