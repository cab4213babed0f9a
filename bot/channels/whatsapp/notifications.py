"""From WhatsApp's notifications to what the person did.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.messaging.graph import entries
from bot.messaging.incoming import Confirmation, Incoming, Kind, Malformed, member

KINDS = {
    "location": Kind.LOCATION,
    "contacts": Kind.CONTACT,
    "audio": Kind.VOICE,
    "voice": Kind.VOICE,
    "image": Kind.PICTURE,
    "video": Kind.PICTURE,
    "sticker": Kind.STICKER,
    "document": Kind.FILE,
}
SILENT = ("reaction", "system", "ephemeral")  # nobody said anything to answer
ARRIVED = ("sent", "delivered", "read")


def read_notification(data: Any, number_id: str) -> list[Incoming | Confirmation]:
    """What a notification says to our number. Raises ``Malformed``."""
    found: list[Incoming | Confirmation] = []
    for change in entries(data, "whatsapp_business_account", "changes"):
        if change.get("field") != "messages":
            continue
        value = member(change, "value")
        if member(value, "metadata", "phone_number_id", kind=str) == number_id:
            found += [*_messages(value), *_statuses(value)]
    return found


def _messages(value: Mapping[str, Any]) -> Iterator[Incoming]:
    for message in member(value, "messages", kind=list) if "messages" in value else ():
        kind = member(message, "type", kind=str)
        if kind in SILENT:
            continue
        sent = member(message, "timestamp", kind=str)
        if not sent.isdecimal() or len(sent) > len("1234567890123"):
            raise Malformed("timestamp: no number")
        meant, text = _content(kind, message)
        delivery = member(message, "id", kind=str)
        address = member(message, "from", kind=str)
        yield Incoming(delivery, address, meant, text, position=float(sent))


def _content(kind: str, message: Mapping[str, Any]) -> tuple[Kind, str]:
    if kind == "text":
        return Kind.TEXT, member(message, "text", "body", kind=str)
    if kind == "interactive":
        reply = member(message, "interactive", "type", kind=str)
        if reply in ("button_reply", "list_reply"):
            return Kind.BUTTON, member(message, "interactive", reply, "id", kind=str)
        return Kind.UNKNOWN, ""
    if kind == "button":  # of a template: what it asks for is that the person writes
        return Kind.START, ""
    details = message.get(kind)
    caption = details.get("caption") if isinstance(details, Mapping) else None
    if isinstance(caption, str) and caption:
        return Kind.TEXT, caption
    return KINDS.get(kind, Kind.UNKNOWN), ""


def _statuses(value: Mapping[str, Any]) -> Iterator[Confirmation]:
    for status in member(value, "statuses", kind=list) if "statuses" in value else ():
        key = status.get("biz_opaque_callback_data") if isinstance(status, Mapping) else None
        if isinstance(key, str) and status.get("status") in ARRIVED:
            yield Confirmation(key)
