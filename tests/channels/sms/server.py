"""Twilio: https://www.twilio.com/docs/messaging/api/message-resource, read on 24 November 2026."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode

from aiohttp import BasicAuth, web

from bot.channels.sms.channel import PATH, Sms
from bot.messaging_channels import limits_of
from tests.channels.vendors import Call, Shown, Vendor

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "12345", "+358400000000"
PUBLIC = "https://silta.example"


class SmsServer(Vendor):
    name = "sms"
    language_hints = False

    def __init__(self) -> None:
        super().__init__()
        self.webhook = ""
        self.method, self.texts = "POST", True

    def routes(self) -> list[web.RouteDef]:
        base = f"/2010-04-01/Accounts/{ACCOUNT}"
        return [
            web.post(f"{base}/Messages.json", self._messages),
            web.get(f"{base}/IncomingPhoneNumbers.json", self._numbers),
            web.post(f"{base}/IncomingPhoneNumbers/PN1.json", self._change),
        ]

    def channel(self) -> Sms:
        return Sms(limits_of("sms"), ACCOUNT, TOKEN, NUMBER, PUBLIC, self.url)

    def call(self, person: str, kind: str, text: str = "", language: str = "") -> Call:
        words = {"start": "/greet"}.get(kind, text)
        media = "1" if kind in ("picture", "voice", "file") else "0"
        fields = {
            "MessageSid": f"SM{self.next_id():032d}",
            "AccountSid": ACCOUNT,
            "From": person,
            "To": NUMBER,
            "Body": words,
            "NumMedia": media,
        }
        return signed(fields)

    async def _numbers(self, request: web.Request) -> web.Response:
        wrong = _unauthorized(request)
        if wrong is not None:
            return wrong
        own = request.query["PhoneNumber"] == NUMBER
        number = {"sid": "PN1", "phone_number": NUMBER, "sms_url": self.webhook}
        number |= {"sms_method": self.method, "capabilities": {"sms": self.texts, "voice": True}}
        numbers = [number] if own else []
        return web.json_response({"incoming_phone_numbers": numbers})

    async def _change(self, request: web.Request) -> web.Response:
        self.webhook = str((await request.post())["SmsUrl"])
        return web.json_response({"sid": "PN1"})

    async def _messages(self, request: web.Request) -> web.Response:
        fields = await request.post()
        self.calls.append(("messages", dict(fields)))
        fault = _unauthorized(request) or self.fault()
        if fault is not None:
            return fault
        body = str(fields["Body"])
        if not 0 < len(body) <= 1600:
            return error(400, 21617)
        self.shown.append(Shown(str(fields["To"]), body))
        return web.json_response({"sid": "SM1", "status": "queued"}, status=201)


def signed(fields: dict[str, str]) -> Call:
    """https://www.twilio.com/docs/usage/security#validating-requests"""
    text = PUBLIC + PATH + "".join(key + fields[key] for key in sorted(fields))
    digest = hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()
    headers = {
        "X-Twilio-Signature": base64.b64encode(digest).decode(),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Call(PATH, urlencode(fields).encode(), headers)


def _unauthorized(request: web.Request) -> web.Response | None:
    right = request.headers.get("Authorization") == BasicAuth(ACCOUNT, TOKEN).encode()
    return None if right else error(401, 20003)


def error(status: int, code: int) -> web.Response:
    body = {"code": code, "message": "m", "more_info": "i", "status": status}
    return web.json_response(body, status=status)


def too_many() -> web.Response:
    return error(429, 20429)


def broken() -> web.Response:
    return web.Response(status=503)
