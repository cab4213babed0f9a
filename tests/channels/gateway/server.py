"""A city's own gateway: checks our signature and knows a repeated key again."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import time
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from bot.channels.gateway.channel import PATH, Gateway
from bot.messaging_channels import limits_of
from tests.channels.vendors import Call, Shown, Vendor, json_body

SECRET = "gateway secret of the tests"


class GatewayServer(Vendor):
    name = "gateway"

    def __init__(self) -> None:
        super().__init__()
        self.keys: set[str] = set()
        self.clock = dt.timedelta()

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/silta", self._receive)]

    def channel(self) -> Gateway:
        return Gateway(limits_of("gateway"), SECRET, f"{self.url}/silta")

    def call(self, person: str, kind: str, text: str = "", language: str = "") -> Call:
        body = {
            "id": str(self.next_id()),
            "from": person,
            "kind": kind,
            "text": text,
            "language": language,
            "sequence": self.next_id(),
        }
        return self.signed(json_body(body))

    def signed(self, body: bytes, at: float | None = None) -> Call:
        moment = str(int(at if at is not None else time.time()))
        headers = {"Silta-Timestamp": moment, "Silta-Signature": _sign(moment, body)}
        return Call(PATH, body, headers)

    async def _receive(self, request: web.Request) -> web.Response:
        raw, headers = await request.read(), request.headers
        if headers["Silta-Signature"] != _sign(headers["Silta-Timestamp"], raw):
            return web.Response(status=403)
        body: dict[str, Any] = await request.json()
        assert headers["Idempotency-Key"] == body["id"]
        if body["id"] == "check":
            there = format_datetime(dt.datetime.now(dt.timezone.utc) + self.clock, usegmt=True)
            return web.Response(headers={"Date": there})
        fault = self.fault()
        if fault is not None:
            return fault
        if body["id"] not in self.keys:
            self.keys.add(body["id"])
            choices = [(choice["title"], choice["payload"]) for choice in body["choices"]]
            form = "choices" if choices else ""
            self.shown.append(Shown(body["to"], body["text"], choices, form))
        return web.Response()


def _sign(moment: str, body: bytes) -> str:
    digest = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"v1={digest.hexdigest()}"


def broken() -> web.Response:
    return web.Response(status=503)


def too_many() -> web.Response:
    return web.Response(status=429, headers={"Retry-After": "1"})


def gone() -> web.Response:
    return web.Response(status=410)
