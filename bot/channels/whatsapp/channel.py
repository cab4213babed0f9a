"""WhatsApp's side of the contract."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientSession, web

from bot.channels.whatsapp.notifications import read_notification
from bot.messaging.asking import part_of
from bot.messaging.channel import Accept, Envelope, Finding
from bot.messaging.failures import (
    Blocked,
    RateLimited,
    Refused,
    SendFailed,
    Temporary,
    WindowClosed,
)
from bot.messaging.fitting import Part
from bot.messaging.graph import Graph, finding, raise_error
from bot.messaging.limits import Limits
from bot.messaging.webhook import receive

PATH = "/webhooks/whatsapp"
TEMPLATE_LANGUAGE = "en"
# https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
CODES: dict[int, type[SendFailed]] = {
    130429: RateLimited,  # throughput
    131048: RateLimited,  # spam
    131056: RateLimited,  # too many to one person
    131047: WindowClosed,  # more than 24 hours
    131026: Blocked,  # undeliverable
    131030: Blocked,  # a test number sends to a listed few only
    131031: Refused,  # account locked
    368: Refused,  # policies
    131000: Temporary,
    131016: Temporary,
    131057: Temporary,  # maintenance
}


class WhatsApp:
    """The Business Cloud API. ``number`` is the id of our phone number."""

    name = "whatsapp"

    def __init__(self, limits: Limits, graph: Graph, number: str, template: str = "") -> None:
        self.limits = limits
        self._graph = graph
        self._number = number
        self._template = template

    def routes(self) -> list[web.RouteDef]:
        """The webhook: Meta's question, then its notifications."""
        return [web.get(PATH, self._graph.verify), web.post(PATH, self._webhook)]

    async def send(self, http: ClientSession, to: Envelope, part: Part) -> None:
        """https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages"""
        await self._send(http, to, _content(part))

    async def send_template(self, http: ClientSession, to: Envelope) -> bool:
        """The approved template that asks the person to write again."""
        if not self._template:
            return False
        template = {"name": self._template, "language": {"code": TEMPLATE_LANGUAGE}}
        await self._send(http, to, {"type": "template", "template": template})
        return True

    async def poll(self, http: ClientSession, accept: Accept) -> None:
        """WhatsApp calls us."""

    async def check(self, http: ClientSession, public_url: str) -> list[Finding]:
        """Token, number, address."""
        fields = "display_phone_number,webhook_configuration"
        answered = await self._graph.look(http, self._number, fields)
        shown = part_of(answered.data, "display_phone_number") or self._number
        advice = (
            "make a system user's token with whatsapp_business_messaging, and take the id of the "
            "phone number (not the number) from the app's page"
        )
        found = [finding(answered, f"token and number {shown}", advice)]
        address = _address(public_url)
        if answered.ok:
            found += _told(part_of(answered.data, "webhook_configuration"), address)
        return [*found, await self._graph.reachable(http, address)]

    async def set_webhook(self, http: ClientSession, public_url: str) -> Finding:
        """https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks"""
        return self._graph.by_hand(_address(public_url), "messages")

    async def _send(self, http: ClientSession, to: Envelope, content: dict[str, Any]) -> None:
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": to.address,
            "biz_opaque_callback_data": to.key,  # comes back with «sent» and «delivered»
            **content,
        }
        answered = await self._graph.call(http, "POST", f"{self._number}/messages", body)
        raise_error(answered, CODES)

    async def _webhook(self, request: web.Request) -> web.Response:
        await receive(
            request,
            self,
            lambda body: self._graph.signed(request, body),
            lambda data: read_notification(data, self._number),
        )
        return web.Response()


def _told(configuration: Any, address: str) -> list[Finding]:
    """Where Meta sends messages: the number's own address, else the account's, else the app's.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
    """
    levels = ("phone_number", "whatsapp_business_account", "application")
    told = [part_of(configuration, level) for level in levels]
    address_now = next((str(address) for address in told if address), "")
    advice = "run: python -m bot channels set-webhook whatsapp, and enter what it says"
    return [Finding(address_now == address, f"the webhook is {address}", advice)]


def _content(part: Part) -> dict[str, Any]:
    if not part.choices:
        return {"type": "text", "text": {"preview_url": False, "body": part.text}}
    if part.form == "buttons":
        buttons = [
            {"type": "reply", "reply": {"id": c.payload, "title": c.title}} for c in part.choices
        ]
        action: dict[str, Any] = {"buttons": buttons}
    else:
        rows = [
            {"id": c.payload, "title": c.title, **({"description": c.detail} if c.detail else {})}
            for c in part.choices
        ]
        action = {"button": part.opener, "sections": [{"rows": rows}]}
    kind = "button" if part.form == "buttons" else "list"
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": part.text}, "action": action},
    }


def _address(public_url: str) -> str:
    return public_url.rstrip("/") + PATH
