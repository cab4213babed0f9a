"""Requests with a time and a signature, both ways.

``Silta-Signature: v1=…`` is the HMAC-SHA256 (RFC 2104) of time, dot and body, hexadecimal.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import ClientSession, web

from bot.messaging.asking import ask, raise_by_status
from bot.messaging.channel import Accept, Envelope, Finding
from bot.messaging.failures import Blocked, SendFailed
from bot.messaging.fitting import Part
from bot.messaging.incoming import Incoming, Kind, Malformed, member, number
from bot.messaging.limits import Limits
from bot.messaging.signatures import hmac_hex, same
from bot.messaging.webhook import receive
from bot.records.database import now

PATH = "/webhooks/gateway"
SKEW = 300  # seconds by which the clocks may differ
GONE, REFUSED = 410, (401, 403)
LONGEST_ID = 200


class Gateway:
    """A gateway of the city's own. ``url`` is where replies go."""

    name = "gateway"

    def __init__(self, limits: Limits, secret: str, url: str) -> None:
        self.limits = limits
        self._secret = secret
        self._url = url

    def __repr__(self) -> str:
        return "<Gateway>"

    def routes(self) -> list[web.RouteDef]:
        """The webhook."""
        return [web.post(PATH, self._webhook)]

    async def send(self, http: ClientSession, to: Envelope, part: Part) -> None:
        """A reply. 410 means that the person cannot be reached any more."""
        choices = [{"title": c.title, "payload": c.payload} for c in part.choices]
        body = {"id": to.key, "to": to.address, "text": part.text, "choices": choices}
        answered = await ask(http, "POST", self._url, **self._signed(body, to.key))
        if answered.status == GONE:
            raise Blocked(str(GONE))
        raise_by_status(answered)

    async def send_template(self, http: ClientSession, to: Envelope) -> bool:
        """A gateway has no window."""
        return False

    async def poll(self, http: ClientSession, accept: Accept) -> None:
        """A gateway calls us."""

    async def check(self, http: ClientSession, public_url: str) -> list[Finding]:
        """Send an empty, signed request that asks for no delivery."""
        advice = 'SILTA_GATEWAY_URL must accept a signed {"id": "check"} with 200'
        try:
            answered = await ask(http, "POST", self._url, **self._signed({"id": "check"}, "check"))
        except SendFailed as failure:
            return [Finding(False, f"{self._url} does not answer ({failure.code})", advice)]
        if answered.status in REFUSED:
            advice = "use the same SILTA_GATEWAY_SECRET on both sides"
        found = [Finding(answered.ok, f"{self._url} answers {answered.status}", advice)]
        if abs(answered.ahead) > SKEW:
            what = f"its clock and ours differ by {abs(answered.ahead) / 60:.0f} minutes"
            found.append(Finding(False, what, "set both clocks by a time server (NTP)"))
        return found

    async def set_webhook(self, http: ClientSession, public_url: str) -> Finding:
        """The gateway is told by hand."""
        return Finding(True, f"let the gateway send to {public_url.rstrip('/')}{PATH}")

    def _signed(self, body: dict[str, Any], key: str) -> dict[str, Any]:
        data = json.dumps(body, ensure_ascii=False).encode()
        time = str(int(now()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "Silta-Timestamp": time,
            "Silta-Signature": signature(self._secret, time, data),
        }
        return {"data": data, "headers": headers}

    async def _webhook(self, request: web.Request) -> web.Response:
        await receive(request, self, lambda body: self._fits(request, body), read_message)
        return web.Response()

    def _fits(self, request: web.Request, body: bytes) -> bool:
        """Signed by the secret, and not long ago: an older one may be a replay.

        A replay within that time is a delivery that came before, and is not answered again.
        """
        time = request.headers.get("Silta-Timestamp", "")
        given = request.headers.get("Silta-Signature", "")
        right = same(given, signature(self._secret, time, body))
        fresh = time.isdecimal() and len(time) <= len("12345678901")
        return right and fresh and abs(now() - int(time)) <= SKEW


def signature(secret: str, time: str, body: bytes) -> str:
    """What stands in ``Silta-Signature``."""
    return "v1=" + hmac_hex(secret, time.encode("utf-8", "replace") + b"." + body)


def read_message(data: Any) -> list[Incoming]:
    """``{"id", "from", "kind", "text", "language", "sequence"}``. Raises ``Malformed``."""
    delivery, address = (member(data, name, kind=str) for name in ("id", "from"))
    if not 0 < len(delivery) <= LONGEST_ID or not 0 < len(address) <= LONGEST_ID:
        raise Malformed(f"id or from: not 1 to {LONGEST_ID} characters")
    given = member(data, "kind", kind=str) if "kind" in data else Kind.TEXT.value
    kind = Kind(given) if given in {kind.value for kind in Kind} else Kind.UNKNOWN
    text = member(data, "text", kind=str) if "text" in data else ""
    language = member(data, "language", kind=str) if "language" in data else ""
    position = float(number(data, "sequence")) if "sequence" in data else 0.0
    return [Incoming(delivery, address, kind, text, language, position)]
