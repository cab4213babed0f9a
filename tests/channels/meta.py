"""What the local servers of Meta's two apps share: token, signature, errors of the Graph API.

https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from __future__ import annotations

import hashlib
import hmac

from aiohttp import web

from bot.messaging.graph import Graph
from tests.channels.vendors import Call

TOKEN, APP_SECRET, VERIFY = "EAAG-token", "app secret", "verify word"


def graph(url: str) -> Graph:
    return Graph(TOKEN, APP_SECRET, VERIFY, f"{url}/v23.0")


def signed(path: str, body: bytes) -> Call:
    digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return Call(path, body, {"X-Hub-Signature-256": f"sha256={digest}"})


def unauthorized(request: web.Request) -> web.Response | None:
    if request.headers.get("Authorization") == f"Bearer {TOKEN}":
        return None
    return error(401, 190)


def error(status: int, code: int, subcode: int = 0) -> web.Response:
    body = {"error": {"message": "m", "type": "OAuthException", "code": code, "fbtrace_id": "x"}}
    if subcode:
        body["error"]["error_subcode"] = subcode
    return web.json_response(body, status=status)


def broken() -> web.Response:
    return web.Response(status=500, text="oops")
