"""The REST bot API: https://developers.viber.com/docs/api/rest-bot-api/, read on 24 November 2026.

Viber answers 200 to everything and says in the body what is wrong.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import time
from typing import Any

from aiohttp import web

from bot.channels.viber.channel import PATH, Viber
from bot.messaging_channels import limits_of
from tests.channels.vendors import Call, Shown, Vendor, json_body

TOKEN = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f"
CONTENT: dict[str, dict[str, Any]] = {
    "location": {"type": "location", "location": {"lat": 64.22, "lon": 27.73}},
    "contact": {"type": "contact", "contact": {"name": "A", "phone_number": "1"}},
    "voice": {"type": "file", "media": "https://cdn.example/a.m4a", "size": 1},
    "picture": {"type": "picture", "media": "https://cdn.example/a.jpg"},
    "sticker": {"type": "sticker", "sticker_id": 46105},
    "file": {"type": "file", "media": "https://cdn.example/a.pdf", "size": 1},
    "unknown": {"type": "url", "media": "https://example.com"},
}


class ViberServer(Vendor):
    name = "viber"

    def __init__(self) -> None:
        super().__init__()
        self.webhook = ""
        self.events: list[str] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/pa/{method}", self._method)]

    def channel(self) -> Viber:
        return Viber(limits_of("viber"), TOKEN, self.url)

    def call(self, person: str, kind: str, text: str = "", language: str = "") -> Call:
        event: dict[str, Any] = {
            "event": "message",
            "timestamp": int(time.time() * 1000),
            "message_token": 4912661846655238145 + self.next_id(),
        }
        user = {"id": person, "name": "A", "language": language, "country": "FI", "api_version": 1}
        if kind == "start":
            event |= {"event": "conversation_started", "type": "open", "context": text}
            event |= {"user": user, "subscribed": True}
        elif kind == "opened":
            event |= {"event": "conversation_started", "type": "open", "subscribed": False}
            event["user"] = user
        elif kind == "blocked":
            event |= {"event": "unsubscribed", "user_id": person}
        else:
            message = CONTENT.get(kind) or {"type": "text", "text": text}
            event |= {"sender": user, "message": message}
        return signed(json_body(event))

    def _set_webhook(self, body: dict[str, Any]) -> web.Response:
        if not body["url"].startswith("https://"):
            return status(1, "invalidUrl")
        self.webhook, self.events = body["url"], body["event_types"]
        return status(0, "ok")

    async def _method(self, request: web.Request) -> web.Response:
        method, body = request.match_info["method"], await request.json()
        self.calls.append((method, body))
        if request.headers.get("X-Viber-Auth-Token") != TOKEN:
            return status(2, "invalidAuthToken")
        if method == "get_account_info":
            about = {"status": 0, "name": "Silta", "webhook": self.webhook}
            return web.json_response({**about, "event_types": self.events})
        if method == "set_webhook":
            return self._set_webhook(body)
        fault = self.fault()
        if fault is not None:
            return fault
        buttons = body.get("keyboard", {}).get("Buttons", [])
        choices = [(html.unescape(b["Text"]), b["ActionBody"]) for b in buttons]
        long = len(body["text"]) > 7000 or not body["text"] or len(body["sender"]["name"]) > 28
        if long or len(buttons) > 24 or any(len(payload) > 250 for _, payload in choices):
            return status(3, "badData")
        form = "keyboard" if choices else ""
        self.shown.append(Shown(body["receiver"], body["text"], choices, form))
        return status(0, "ok")


def signed(body: bytes) -> Call:
    digest = hmac.new(TOKEN.encode(), body, hashlib.sha256).hexdigest()
    return Call(PATH, body, {"X-Viber-Content-Signature": digest})


def status(number: int, message: str) -> web.Response:
    return web.json_response({"status": number, "status_message": message, "message_token": 1})


def too_many() -> web.Response:
    return status(12, "tooManyRequests")


def broken() -> web.Response:
    return web.Response(status=500)
