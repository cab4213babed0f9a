"""What the local servers of Meta's two apps share: token, signature, errors of the Graph API.

https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from __future__ import annotations

import hashlib
import hmac

from aiohttp import web

from bot.messaging.graph import Graph
from tests.channels.vendors import Call

TOKEN, APP_SECRET, VERIFY = "EAAG-token", "0f1e2d3c4b5a", "verify word"


def graph(url: str) -> Graph:
    return Graph(TOKEN, APP_SECRET, VERIFY, f"{url}/v23.0")


def signed(path: str, body: bytes) -> Call:
    digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return Call(path, body, {"X-Hub-Signature-256": f"sha256={digest}"})


def unauthorized(request: web.Request) -> web.Response | None:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        return error(401, 190)
    proof = hmac.new(APP_SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
    if request.query.get("appsecret_proof", proof) != proof:
        return error(400, 100, message="Invalid appsecret_proof provided in the API argument")
    return None


def error(status: int, code: int, subcode: int = 0, message: str = "m") -> web.Response:
    about = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "x"}
    body: dict[str, dict[str, object]] = {"error": about}
    if subcode:
        body["error"]["error_subcode"] = subcode
    return web.json_response(body, status=status)


def broken() -> web.Response:
    return web.Response(status=500, text="oops")
