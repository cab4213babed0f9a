"""The Cloud API: https://developers.facebook.com/docs/whatsapp/cloud-api, read on 24 November 2026.

It refuses what WhatsApp refuses: more than three buttons or ten rows, long titles, a wrong token.
"""

from __future__ import annotations

import time
from typing import Any

from aiohttp import web

from bot.channels.whatsapp.channel import PATH, WhatsApp
from bot.messaging_channels import limits_of
from tests.channels import meta
from tests.channels.vendors import Call, Shown, Vendor, json_body

NUMBER = "106540352242922"
CONTENT: dict[str, dict[str, Any]] = {
    "location": {"type": "location", "location": {"latitude": 64.22, "longitude": 27.73}},
    "contact": {"type": "contacts", "contacts": [{"name": {"formatted_name": "A"}}]},
    "voice": {"type": "audio", "audio": {"id": "x", "mime_type": "audio/ogg", "voice": True}},
    "picture": {"type": "image", "image": {"id": "x", "mime_type": "image/jpeg"}},
    "sticker": {"type": "sticker", "sticker": {"id": "x", "mime_type": "image/webp"}},
    "file": {"type": "document", "document": {"id": "x", "mime_type": "application/pdf"}},
    "unknown": {"type": "unsupported", "errors": [{"code": 131051, "title": "Unsupported"}]},
    "start": {"type": "text", "text": {"body": "/greet"}},
}


class WhatsAppServer(Vendor):
    name = "whatsapp"
    language_hints = False

    def __init__(self, template: str = "") -> None:
        super().__init__()
        self.template = template
        self.templates: list[str] = []
        self.keys: list[str] = []
        self.permitted, self.webhook = True, ""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v23.0/{number}/messages", self._messages),
            web.get("/v23.0/{number}", self._number),
        ]

    def channel(self) -> WhatsApp:
        return WhatsApp(limits_of("whatsapp"), meta.graph(self.url), NUMBER, self.template)

    def call(self, person: str, kind: str, text: str = "", language: str = "") -> Call:
        message: dict[str, Any] = {
            "from": person,
            "id": f"wamid.{self.next_id()}",
            "timestamp": str(int(time.time())),
        }
        if kind == "button":
            form = "list_reply" if len(text) > 15 else "button_reply"
            reply = {"id": text, "title": "t"}
            message |= {"type": "interactive", "interactive": {"type": form, form: reply}}
        else:
            message |= CONTENT.get(kind) or {"type": "text", "text": {"body": text}}
        return self.notification({"messages": [message]})

    def notification(self, value: dict[str, Any]) -> Call:
        metadata = {"display_phone_number": "15550783881", "phone_number_id": NUMBER}
        value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        change = {"value": value, "field": "messages"}
        entry = {"id": "102290129340398", "changes": [change]}
        body = {"object": "whatsapp_business_account", "entry": [entry]}
        return meta.signed(PATH, json_body(body))

    def status(self, key: str) -> Call:
        status = {
            "id": "wamid.x",
            "status": "sent",
            "timestamp": "1764000000",
            "recipient_id": "358401234567",
            "biz_opaque_callback_data": key,
        }
        return self.notification({"statuses": [status]})

    async def _number(self, request: web.Request) -> web.Response:
        wrong = meta.unauthorized(request)
        if wrong is not None:
            return wrong
        if request.match_info["number"] != NUMBER:
            return meta.error(400, 100, 33)
        if not self.permitted:
            return meta.error(403, 10)
        told = {"application": self.webhook}
        about = {"display_phone_number": "+1 555-078-3881", "id": NUMBER}
        return web.json_response({**about, "webhook_configuration": told})

    async def _messages(self, request: web.Request) -> web.Response:
        body: dict[str, Any] = await request.json()
        self.calls.append(("messages", body))
        fault = meta.unauthorized(request) or self.fault()
        if fault is not None:
            return fault
        if body["type"] == "template":
            self.templates.append(body["template"]["name"])
            return self._accepted(body)
        text, choices, form = _content(body)
        if not _allowed(text, choices, form, body):
            return meta.error(400, 131009)
        self.keys.append(body["biz_opaque_callback_data"])
        self.shown.append(Shown(body["to"], text, choices, form))
        return self._accepted(body)

    def _accepted(self, body: dict[str, Any]) -> web.Response:
        answer = {"messaging_product": "whatsapp", "contacts": [{"wa_id": body["to"]}]}
        return web.json_response({**answer, "messages": [{"id": f"wamid.{self.next_id()}"}]})


def _content(body: dict[str, Any]) -> tuple[str, list[tuple[str, str]], str]:
    if body["type"] == "text":
        return body["text"]["body"], [], ""
    interactive = body["interactive"]
    text, action = interactive["body"]["text"], interactive["action"]
    if interactive["type"] == "button":
        replies = [button["reply"] for button in action["buttons"]]
        return text, [(reply["title"], reply["id"]) for reply in replies], "buttons"
    rows = [row for section in action["sections"] for row in section["rows"]]
    shown = [(row.get("description") or row["title"], row["id"]) for row in rows]
    return text, shown, "list"


def _allowed(text: str, choices: list[tuple[str, str]], form: str, body: dict[str, Any]) -> bool:
    """https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages"""
    if not 0 < len(text) <= (1024 if form else 4096):
        return False
    if len({payload for _, payload in choices}) != len(choices):
        return False
    if form == "buttons":
        return 1 <= len(choices) <= 3 and all(len(t) <= 20 and len(i) <= 256 for t, i in choices)
    if form == "list":
        action = body["interactive"]["action"]
        rows = action["sections"][0]["rows"]
        short = all(len(r["title"]) <= 24 and len(r.get("description", "")) <= 72 for r in rows)
        return short and 1 <= len(rows) <= 10 and 0 < len(action["button"]) <= 20
    return True


def too_many() -> web.Response:
    return meta.error(429, 130429)
