"""The Send API, read on 24 November 2026.

https://developers.facebook.com/docs/messenger-platform
"""

from __future__ import annotations

import time
from typing import Any

from aiohttp import web

from bot.channels.messenger.channel import PATH, Messenger
from bot.messaging_channels import limits_of
from tests.channels import meta
from tests.channels.vendors import Call, Shown, Vendor, json_body


def _attachment(kind: str, **payload: Any) -> dict[str, Any]:
    return {"message": {"attachments": [{"type": kind, "payload": payload}]}}


CONTENT: dict[str, dict[str, Any]] = {
    "location": _attachment("location", coordinates={"lat": 64.22, "long": 27.73}),
    "contact": _attachment("fallback"),
    "voice": _attachment("audio", url="https://cdn.example/a"),
    "picture": _attachment("image", url="https://cdn.example/a"),
    "sticker": _attachment("image", url="https://cdn.example/a", sticker_id=369239263222822),
    "file": _attachment("file", url="https://cdn.example/a"),
    "unknown": _attachment("template"),
}


class MessengerServer(Vendor):
    name = "messenger"
    language_hints = False

    def __init__(self) -> None:
        super().__init__()
        self.fields = ["messages", "messaging_postbacks"]
        self.permitted = True

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v23.0/me/messages", self._messages),
            web.post("/v23.0/me/messenger_profile", self._profile),
            web.get("/v23.0/me", self._me),
            web.get("/v23.0/me/subscribed_apps", self._subscribed),
        ]

    def channel(self) -> Messenger:
        return Messenger(limits_of("messenger"), meta.graph(self.url))

    def call(self, person: str, kind: str, text: str = "", language: str = "") -> Call:
        event: dict[str, Any] = {
            "sender": {"id": person},
            "recipient": {"id": "PAGE"},
            "timestamp": int(time.time() * 1000),
        }
        mid = f"m_{self.next_id()}"
        if kind == "start":
            postback: dict[str, Any] = {"mid": mid, "title": "Get started", "payload": "/greet"}
            event["postback"] = postback | ({"referral": {"ref": text}} if text else {})
        elif kind == "button":
            event["postback"] = {"mid": mid, "title": "t", "payload": text}
        elif kind == "edited":
            event["message_edit"] = {"mid": mid, "text": text, "num_edit": 1}
        else:
            event |= CONTENT.get(kind) or {"message": {"text": text}}
            event["message"] = {"mid": mid, **event["message"]}
        entry = {"id": "PAGE", "time": int(time.time() * 1000), "messaging": [event]}
        return meta.signed(PATH, json_body({"object": "page", "entry": [entry]}))

    async def _me(self, request: web.Request) -> web.Response:
        wrong = meta.unauthorized(request) or (None if self.permitted else meta.error(403, 200))
        return wrong or web.json_response({"name": "Kajaani", "id": "PAGE"})

    async def _subscribed(self, request: web.Request) -> web.Response:
        app = {"id": "1", "name": "Silta", "subscribed_fields": self.fields}
        return meta.unauthorized(request) or web.json_response({"data": [app]})

    async def _profile(self, request: web.Request) -> web.Response:
        return meta.unauthorized(request) or web.json_response({"result": "success"})

    async def _messages(self, request: web.Request) -> web.Response:
        body: dict[str, Any] = await request.json()
        self.calls.append(("messages", body))
        fault = meta.unauthorized(request) or self.fault()
        if fault is not None:
            return fault
        shown = _shown(body)
        if shown is None:
            return meta.error(400, 100)
        self.shown.append(shown)
        answer = {"recipient_id": body["recipient"]["id"], "message_id": f"m_{self.next_id()}"}
        return web.json_response(answer)


def _shown(body: dict[str, Any]) -> Shown | None:
    """What is shown, or None for what the Send API refuses."""
    message, person = body["message"], body["recipient"]["id"]
    if "attachment" in message:
        payload = message["attachment"]["payload"]
        choices = [(b["title"], b["payload"]) for b in payload["buttons"]]
        good = len(payload["text"]) <= 640 and 1 <= len(choices) <= 3
        form, text = "buttons", payload["text"]
    else:
        choices = [(r["title"], r["payload"]) for r in message.get("quick_replies", [])]
        good = 0 < len(message["text"]) <= 2000 and len(choices) <= 13
        form, text = ("quick_replies" if choices else ""), message["text"]
    good = good and all(len(title) <= 20 and len(payload) <= 1000 for title, payload in choices)
    return Shown(person, text, choices, form) if good else None


def too_many() -> web.Response:
    return meta.error(400, 613)
