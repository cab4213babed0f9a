"""A Bot API server: https://core.telegram.org/bots/api, read on 24 November 2026.

It refuses what Telegram refuses: a wrong token (401), an empty or too long text, a keyboard with
data of more than 64 bytes, a chat that blocked the bot (403).
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from aiohttp import web

from bot.channels.telegram.channel import PATH, Telegram
from bot.messaging_channels import limits_of
from tests.channels.vendors import Call, Shown, Vendor, json_body

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # the documentation's example
CONTENT: dict[str, dict[str, Any]] = {
    "location": {"location": {"latitude": 64.22, "longitude": 27.73}},
    "contact": {"contact": {"phone_number": "+358401234567", "first_name": "A"}},
    "voice": {"voice": {"file_id": "x", "file_unique_id": "y", "duration": 3}},
    "picture": {"photo": [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]},
    "sticker": {"sticker": {"file_id": "x", "file_unique_id": "y", "type": "regular"}},
    "file": {"document": {"file_id": "x", "file_unique_id": "y"}},
    "unknown": {"dice": {"emoji": "🎲", "value": 3}},
}


class TelegramServer(Vendor):
    name = "telegram"

    def __init__(self, polling: bool = False) -> None:
        super().__init__()
        self.polling = polling
        self.blocked: set[str] = set()
        self.webhook: dict[str, Any] = {"url": ""}
        self.updates: list[dict[str, Any]] = []
        self.secret = ""
        self.groups = False

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/bot{token}/{method}", self._method)]

    def channel(self) -> Telegram:
        made = Telegram(limits_of("telegram"), TOKEN, self.url, self.polling)
        self.secret = made._secret
        return made

    def call(self, person: str, kind: str, text: str = "", language: str = "") -> Call:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret}
        return Call(PATH, json_body(self.update(person, kind, text, language)), headers)

    def update(self, person: str, kind: str, text: str = "", language: str = "") -> dict[str, Any]:
        update_id = self.next_id()
        user = {"id": int(person), "is_bot": False, "first_name": "A", "language_code": language}
        chat: dict[str, Any] = {"id": int(person), "type": "private"}
        message: dict[str, Any] = {
            "message_id": update_id,
            "from": user,
            "chat": chat,
            "date": 1764000000,
        }
        if kind == "button":
            pressed = {"id": f"q{update_id}", "from": user, "chat_instance": "1", "data": text}
            return {"update_id": update_id, "callback_query": {**pressed, "message": message}}
        if kind == "blocked":
            gone = {"user": {"id": 1, "is_bot": True, "first_name": "S"}, "status": "kicked"}
            change = {"chat": chat, "from": user, "date": 1764000000, "new_chat_member": gone}
            return {"update_id": update_id, "my_chat_member": change}
        if kind == "group":
            message["chat"] = {"id": -int(person), "type": "group", "title": "G"}
        if kind == "start":
            text = f"/start {text}".strip()
        message |= CONTENT.get(kind) or {"text": text}
        return {
            "update_id": update_id,
            "edited_message" if kind == "edited" else "message": message,
        }

    async def _method(self, request: web.Request) -> web.Response:
        method, json_given = request.match_info["method"], "json" in request.content_type
        body = await request.json() if json_given else dict(await request.post())
        if request.match_info["token"] != TOKEN:
            return _error(401, "Unauthorized")
        self.calls.append((method, body))
        handler = getattr(self, f"_{_snake(method)}", None)
        if handler is None:
            return _error(404, "Not Found: method not found")
        return await handler(body)

    async def _send_message(self, body: dict[str, Any]) -> web.Response:
        fault = self.fault()
        if fault is not None:
            return fault
        if str(body["chat_id"]) in self.blocked:
            return _error(403, "Forbidden: bot was blocked by the user")
        if not body["text"].strip():
            return _error(400, "Bad Request: message text is empty")
        if len(body["text"].encode("utf-16-le")) // 2 > 4096:
            return _error(400, "Bad Request: message is too long")
        rows = body.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [button for row in rows for button in row]
        if any(not 1 <= len(button["callback_data"].encode()) <= 64 for button in buttons):
            return _error(400, "Bad Request: BUTTON_DATA_INVALID")
        choices = [(button["text"], button["callback_data"]) for button in buttons]
        form = "keyboard" if choices else ""
        self.shown.append(Shown(str(body["chat_id"]), body["text"], choices, form))
        return _ok({"message_id": self.next_id(), "date": 1, "chat": {"id": int(body["chat_id"])}})

    async def _get_me(self, body: dict[str, Any]) -> web.Response:
        about = {"id": 1, "is_bot": True, "first_name": "Silta", "username": "silta_bot"}
        return _ok({**about, "can_join_groups": self.groups})

    async def _get_webhook_info(self, body: dict[str, Any]) -> web.Response:
        return _ok({"pending_update_count": 0, "has_custom_certificate": False, **self.webhook})

    async def _set_webhook(self, body: dict[str, Any]) -> web.Response:
        if body["url"] and not body["url"].startswith("https://"):
            return _error(
                400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
            )
        self.webhook, self.secret = {"url": body["url"]}, body.get("secret_token", "")
        return _ok(True)

    async def _answer_callback_query(self, body: dict[str, Any]) -> web.Response:
        return _ok(True)

    async def _get_updates(self, body: dict[str, Any]) -> web.Response:
        if self.webhook["url"]:
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        fault = self.fault()
        if fault is not None:
            return fault
        self.updates = [u for u in self.updates if u["update_id"] >= body["offset"]]
        await asyncio.sleep(0 if self.updates else 0.05)
        return _ok(self.updates)


def _snake(method: str) -> str:
    """The name of a method of Telegram's as we spell it: sendMessage, send_message."""
    return re.sub("[A-Z]", lambda letter: f"_{letter.group().lower()}", method)


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _error(status: int, description: str, **more: Any) -> web.Response:
    body = {"ok": False, "error_code": status, "description": description, **more}
    return web.Response(status=status, text=json.dumps(body), content_type="application/json")


def too_many(seconds: int) -> web.Response:
    """https://core.telegram.org/bots/api#responseparameters"""
    text = f"Too Many Requests: retry after {seconds}"
    return _error(429, text, parameters={"retry_after": seconds})


def broken() -> web.Response:
    return web.Response(status=502, text="<html>Bad Gateway</html>")
