"""Messenger's side of the contract."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientSession, web

from bot.channels.messenger.notifications import GET_STARTED, read_notification
from bot.messaging.asking import Answered, part_of
from bot.messaging.channel import Accept, Envelope, Finding
from bot.messaging.failures import Blocked, RateLimited, SendFailed, Temporary, WindowClosed
from bot.messaging.fitting import Part
from bot.messaging.graph import Graph, error_code, finding, raise_error
from bot.messaging.limits import Limits
from bot.messaging.webhook import receive

PATH = "/webhooks/messenger"
FIELDS = "subscribed_fields"
WANTED = frozenset({"messages", "messaging_postbacks"})
# https://developers.facebook.com/docs/messenger-platform/error-codes
CODES: dict[int, type[SendFailed]] = {
    613: RateLimited,
    551: Blocked,  # not available
    1200: Temporary,
}
SUBCODES: dict[int, type[SendFailed]] = {
    2018278: WindowClosed,
    2018001: Blocked,  # no such person
    2018108: Blocked,  # receives no messages now
    1545041: Blocked,  # unavailable
}


class Messenger:
    """The Messenger Platform, for one page."""

    name = "messenger"

    def __init__(self, limits: Limits, graph: Graph) -> None:
        self.limits = limits
        self._graph = graph

    def routes(self) -> list[web.RouteDef]:
        """The webhook: Meta's question, then its notifications."""
        return [web.get(PATH, self._graph.verify), web.post(PATH, self._webhook)]

    async def send(self, http: ClientSession, to: Envelope, part: Part) -> None:
        """https://developers.facebook.com/docs/messenger-platform/reference/send-api"""
        body = {
            "recipient": {"id": to.address},
            "messaging_type": "RESPONSE",
            "message": _message(part),
        }
        _raise(await self._graph.call(http, "POST", "me/messages", body))

    async def send_template(self, http: ClientSession, to: Envelope) -> bool:
        """Messenger has no template for this."""
        return False

    async def poll(self, http: ClientSession, accept: Accept) -> None:
        """Messenger calls us."""

    async def check(self, http: ClientSession, public_url: str) -> list[Finding]:
        """Token, page, address."""
        answered = await self._graph.look(http, "me", "name")
        shown = part_of(answered.data, "name") or "unknown"
        advice = "make a page access token with pages_messaging at the app's Messenger settings"
        found = [finding(answered, f"token of the page {shown}", advice)]
        if answered.ok:
            found += _subscribed(await self._graph.look(http, "me/subscribed_apps", FIELDS))
        return [*found, await self._graph.reachable(http, _address(public_url))]

    async def set_webhook(self, http: ClientSession, public_url: str) -> Finding:
        """Sets the button of a new chat; the address is entered by hand."""
        body = {"get_started": {"payload": GET_STARTED}}
        answered = await self._graph.call(http, "POST", "me/messenger_profile", body)
        if not answered.ok:
            advice = "run: python -m bot channels check messenger"
            return Finding(False, "the button of a new chat is not set", advice)
        return self._graph.by_hand(_address(public_url), "messages and messaging_postbacks")

    async def _webhook(self, request: web.Request) -> web.Response:
        await receive(
            request, self, lambda body: self._graph.signed(request, body), read_notification
        )
        return web.Response(text="EVENT_RECEIVED")


def _subscribed(answered: Answered) -> list[Finding]:
    """Whether the page sends the app what people write; nothing where we may not know.

    https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps
    """
    if not answered.ok:
        return []
    apps = part_of(answered.data, "data") or []
    fields = {field for app in apps for field in part_of(app, FIELDS) or []}
    advice = "subscribe the page to them at developers.facebook.com, your app, Messenger"
    return [Finding(fields >= WANTED, f"the page sends {' and '.join(sorted(WANTED))}", advice)]


def _raise(answered: Answered) -> None:
    subcode = part_of(answered.data, "error", "error_subcode")
    if isinstance(subcode, int) and subcode in SUBCODES:
        raise SUBCODES[subcode](f"{answered.status}/{error_code(answered)}/{subcode}")
    raise_error(answered, CODES)


def _message(part: Part) -> dict[str, Any]:
    if not part.choices:
        return {"text": part.text}
    if part.form == "buttons":
        buttons = [
            {"type": "postback", "title": c.title, "payload": c.payload} for c in part.choices
        ]
        payload = {"template_type": "button", "text": part.text, "buttons": buttons}
        return {"attachment": {"type": "template", "payload": payload}}
    replies = [
        {"content_type": "text", "title": c.title, "payload": c.payload} for c in part.choices
    ]
    return {"text": part.text, "quick_replies": replies}


def _address(public_url: str) -> str:
    return public_url.rstrip("/") + PATH
