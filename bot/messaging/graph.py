"""Meta's Graph API and webhooks, which WhatsApp and Messenger share.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, web

from bot.messaging.asking import Answered, ask, part_of, raise_by_status
from bot.messaging.channel import Finding
from bot.messaging.failures import RateLimited, Refused, SendFailed, Temporary
from bot.messaging.incoming import member
from bot.messaging.signatures import hmac_hex, hub_signature_fits, same

API = "https://graph.facebook.com/v23.0"
WAIT = 10.0  # seconds, where Meta says that we are too fast but not for how long
# https://developers.facebook.com/docs/graph-api/guides/error-handling
TEMPORARY, TOO_FAST, NO_TOKEN = frozenset({1, 2}), frozenset({4, 32, 80007, 613}), frozenset({190})
CHALLENGE, FORBIDDEN = "silta", 403
NO_PERMISSION = frozenset({3, 10, *range(200, 300)})
WRONG_PROOF = "appsecret_proof"


@dataclass(frozen=True)
class Graph:
    """One app at Meta. None of its secrets shows itself."""

    token: str
    app_secret: str
    verify_token: str
    api: str = API

    def __repr__(self) -> str:
        return "<Graph>"

    async def call(
        self, http: ClientSession, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Answered:
        """One request. Raises ``Temporary`` where no answer came."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return await ask(http, method, f"{self.api}/{path}", json=body, headers=headers)

    async def look(self, http: ClientSession, path: str, fields: str) -> Answered:
        """Read some fields, with the proof that token and app secret belong to one app.

        https://developers.facebook.com/docs/graph-api/guides/secure-requests
        """
        proof = hmac_hex(self.app_secret, self.token.encode())
        return await self.call(http, "GET", f"{path}?fields={fields}&appsecret_proof={proof}")

    def signed(self, request: web.Request, body: bytes) -> bool:
        """Whether Meta signed this body."""
        header = request.headers.get("X-Hub-Signature-256", "")
        return hub_signature_fits(self.app_secret, body, header)

    async def verify(self, request: web.Request) -> web.Response:
        """Meta asks once whether this address is ours."""
        query = request.query
        known = same(query.get("hub.verify_token", ""), self.verify_token)
        if query.get("hub.mode") != "subscribe" or not known:
            raise web.HTTPForbidden
        return web.Response(text=query.get("hub.challenge", ""))

    async def reachable(self, http: ClientSession, address: str) -> Finding:
        """Whether our own address answers as Meta expects, asked from here."""
        query = {
            "hub.mode": "subscribe",
            "hub.verify_token": self.verify_token,
            "hub.challenge": CHALLENGE,
        }
        advice = "start the service, and make SILTA_PUBLIC_URL its https address"
        try:
            async with http.get(address, params=query) as response:
                right = await response.text() == CHALLENGE
                if response.status == FORBIDDEN:
                    advice = "start the service anew: it was started with another verify token"
        except Exception:  # noqa: BLE001  # whatever it is, the address does not answer
            right = False
        return Finding(right, f"{address} answers", advice)

    def by_hand(self, address: str, field: str) -> Finding:
        """Meta takes the address on its pages only."""
        where = "developers.facebook.com, your app, Webhooks"
        advice = f"and the verify token that you chose; subscribe to {field}"
        return Finding(True, f"enter at {where}: {address}", advice)


def finding(answered: Answered, what: str, advice: str) -> Finding:
    """What a look at the app's own things found; ``advice`` where Meta knows no such thing."""
    code, said = error_code(answered), part_of(answered.data, "error", "message")
    if code in NO_TOKEN:
        return Finding(False, f"{what}: the token is wrong or has ended", advice)
    if WRONG_PROOF in str(said):
        advice = "take the app secret of the app that made the token (App settings, Basic)"
        return Finding(False, f"{what}: token and app secret are of different apps", advice)
    if code in NO_PERMISSION:
        return Finding(False, f"{what}: the token may not do this", advice)
    return Finding(answered.ok, what, advice)


def error_code(answered: Answered) -> int:
    """Meta's code of an error, 0 for none."""
    code = part_of(answered.data, "error", "code")
    return code if isinstance(code, int) else 0


def raise_error(answered: Answered, own: Mapping[int, type[SendFailed]]) -> None:
    """Raise what an answer means: ``own`` codes of the app first, then those of the Graph API."""
    if answered.ok:
        return
    code = error_code(answered)
    shown = f"{answered.status}/{code}"
    kind = own.get(code)
    if kind is RateLimited or (kind is None and code in TOO_FAST):
        raise RateLimited(answered.retry_after or WAIT, shown)
    if kind is not None:
        raise kind(shown)
    if code in NO_TOKEN:
        raise Refused(shown)
    if code in TEMPORARY:
        raise Temporary(shown)
    raise_by_status(answered, shown)


def entries(data: Any, wanted: str, inner: str) -> Iterator[Mapping[str, Any]]:
    """The items of all entries of a notification. Raises ``Malformed``."""
    if member(data, "object", kind=str) != wanted:
        return
    for entry in member(data, "entry", kind=list):
        if isinstance(entry, Mapping) and inner not in entry:
            continue  # another kind of notification
        for item in member(entry, inner, kind=list):
            yield member(item)
