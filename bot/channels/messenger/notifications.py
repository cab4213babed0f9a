"""From Messenger's notifications to what the person did.

https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.messaging.graph import entries
from bot.messaging.incoming import Incoming, Kind, member, number

KINDS = {
    "audio": Kind.VOICE,
    "image": Kind.PICTURE,
    "video": Kind.PICTURE,
    "file": Kind.FILE,
    "location": Kind.LOCATION,
}
GET_STARTED = "/greet"  # what the button of a new chat sends: set by ``set_webhook``


def read_notification(data: Any) -> list[Incoming]:
    """What a notification says. Raises ``Malformed``."""
    found = (_event(event) for event in entries(data, "page", "messaging"))
    return [incoming for incoming in found if incoming]


def _event(event: Mapping[str, Any]) -> Incoming | None:
    if "message" in event:
        message = member(event, "message")
        if message.get("is_echo"):
            return None  # our own
        kind, text = _content(message)
        return _incoming(event, member(message, "mid", kind=str), kind, text)
    if "message_edit" in event:
        edit = member(event, "message_edit")
        delivery = f"{member(edit, 'mid', kind=str)}.{number(edit, 'num_edit')}"
        return _incoming(event, delivery, Kind.EDITED, member(edit, "text", kind=str))
    if "postback" in event:
        postback = member(event, "postback")
        payload = member(postback, "payload", kind=str)
        delivery = str(postback.get("mid") or f"{number(event, 'timestamp')}.{payload}")
        kind = Kind.START if payload == GET_STARTED else Kind.BUTTON
        return _incoming(
            event, delivery, kind, _brought(postback) if kind is Kind.START else payload
        )
    return None  # read, delivered, reaction, typing: nobody said anything


def _content(message: Mapping[str, Any]) -> tuple[Kind, str]:
    if "quick_reply" in message:
        return Kind.BUTTON, member(message, "quick_reply", "payload", kind=str)
    if message.get("text"):
        return Kind.TEXT, member(message, "text", kind=str)
    if "attachments" not in message:
        return Kind.UNKNOWN, ""
    attachment = member(message, "attachments", 0)
    payload = attachment.get("payload")
    if isinstance(payload, Mapping) and "sticker_id" in payload:
        return Kind.STICKER, ""
    return KINDS.get(member(attachment, "type", kind=str), Kind.UNKNOWN), ""


def _brought(postback: Mapping[str, Any]) -> str:
    """What an m.me link brought along: ``ref``."""
    referral = postback.get("referral")
    ref = referral.get("ref") if isinstance(referral, Mapping) else None
    return ref if isinstance(ref, str) else ""


def _incoming(event: Mapping[str, Any], delivery: str, kind: Kind, text: str) -> Incoming:
    address = member(event, "sender", "id", kind=str)
    return Incoming(delivery, address, kind, text, position=float(number(event, "timestamp")))
