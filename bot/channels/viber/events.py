"""From Viber's events to what the person did.

https://developers.viber.com/docs/api/rest-bot-api/#callbacks
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.messaging.incoming import Incoming, Kind, member, number

KINDS = {
    "location": Kind.LOCATION,
    "contact": Kind.CONTACT,
    "picture": Kind.PICTURE,
    "video": Kind.PICTURE,
    "sticker": Kind.STICKER,
    "file": Kind.FILE,
    "url": Kind.UNKNOWN,
}


def read_event(event: Any) -> list[Incoming]:
    """What an event says; nothing for events that nobody needs to answer."""
    kind = member(event, "event", kind=str)
    if kind == "message":
        meant, text = _content(member(event, "message"))
        return [_incoming(event, member(event, "sender"), meant, text)]
    if kind == "conversation_started" and event.get("subscribed") is True:
        context = event.get("context")
        brought = context if isinstance(context, str) else ""
        return [_incoming(event, member(event, "user"), Kind.START, brought)]
    if kind == "unsubscribed":
        return [_incoming(event, {"id": member(event, "user_id", kind=str)}, Kind.BLOCKED, "")]
    return []


def opened(event: Any) -> str | None:
    """The language of somebody who opened the chat and may get one welcome in our response.

    https://developers.viber.com/docs/api/rest-bot-api/#sending-a-welcome-message
    """
    first = isinstance(event, Mapping) and event.get("event") == "conversation_started"
    if not first or event.get("subscribed") is True:
        return None
    user = event.get("user")
    language = user.get("language") if isinstance(user, Mapping) else ""
    return language if isinstance(language, str) else ""


def _content(message: Mapping[str, Any]) -> tuple[Kind, str]:
    kind = member(message, "type", kind=str)
    if kind != "text":
        return KINDS.get(kind, Kind.UNKNOWN), ""
    text = member(message, "text", kind=str)
    return (Kind.BUTTON if text.startswith("/") else Kind.TEXT), text


def _incoming(event: Mapping[str, Any], who: Mapping[str, Any], kind: Kind, text: str) -> Incoming:
    sent = number(event, "timestamp")
    token = event.get("message_token")
    delivery = str(token if isinstance(token, int) else f"{kind.value}.{sent}")
    address, language = member(who, "id", kind=str), who.get("language")
    hint = language if isinstance(language, str) else ""
    return Incoming(delivery, address, kind, text, hint, float(sent))
