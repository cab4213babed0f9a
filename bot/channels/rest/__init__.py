"""Rasa's REST channel, contract kept, so that any client of Rasa works.

https://rasa.com/docs/rasa/connectors/your-own-website#restinput (rasa 3.6)
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.keys import TURN
from bot.messages import Inbound, TooBusy, TurnFailed

RETRY_AFTER = "2"  # seconds
SENDER_LENGTH = 60


def routes() -> list[web.RouteDef]:
    """The channel's routes."""
    return [
        web.get("/webhooks/rest/", health),
        web.post("/webhooks/rest/webhook", receive),
    ]


async def health(request: web.Request) -> web.Response:
    """What Rasa's channel answers to a health check."""
    return web.json_response({"status": "ok"})


async def receive(request: web.Request) -> web.Response:
    """``{"sender", "message", "metadata"}`` in, a list of messages out."""
    try:
        inbound = _inbound(await request.json())
    except (json.JSONDecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _error(web.HTTPBadRequest, f"not a message: {error}") from None
    try:
        replies = await request.app[TURN](inbound)
    except (TooBusy, TurnFailed) as error:
        body = json.dumps({"error": type(error).__name__})
        headers = {"Retry-After": RETRY_AFTER}
        raise web.HTTPServiceUnavailable(
            text=body, content_type="application/json", headers=headers
        ) from None
    recipient = inbound.sender.partition(":")[2]
    return web.json_response([reply.as_rasa(recipient) for reply in replies])


def _inbound(body: Any) -> Inbound:
    if not isinstance(body, dict):
        raise ValueError("an object is expected")
    sender, message = body.get("sender", "default"), body.get("message")
    if not isinstance(sender, str) or not 0 < len(sender) <= SENDER_LENGTH:
        raise ValueError(f"sender must be text of 1 to {SENDER_LENGTH} characters")
    if not isinstance(message, str) or not message.strip():
        raise ValueError("message must be text")
    metadata = body.get("metadata")
    hint = metadata.get("language") if isinstance(metadata, dict) else None
    hint = hint if isinstance(hint, str) else None
    return Inbound(f"rest:{sender}", message, "rest", hint)


def _error(kind: type[web.HTTPError], message: str) -> web.HTTPError:
    return kind(text=json.dumps({"error": message}), content_type="application/json")
