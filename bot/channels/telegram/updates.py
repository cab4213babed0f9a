"""From Telegram's updates to what the person did.

https://core.telegram.org/bots/api#update and #message
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.messaging.incoming import Incoming, Kind, Malformed, member, number

MESSAGES = ("message", "edited_message")
# What else a message may hold, and what that is.
KINDS = {
    "location": Kind.LOCATION,
    "venue": Kind.LOCATION,
    "contact": Kind.CONTACT,
    "voice": Kind.VOICE,
    "audio": Kind.VOICE,
    "video_note": Kind.VOICE,
    "photo": Kind.PICTURE,
    "video": Kind.PICTURE,
    "animation": Kind.PICTURE,
    "sticker": Kind.STICKER,
    "document": Kind.FILE,
}
# Telegram's own notes about the chat: nobody said anything.
NOTES = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "left_chat_member",
    "chat_background_set",
    "write_access_allowed",
)
GONE = ("kicked", "left")


def read_update(update: Any) -> list[Incoming]:
    """What an update says; nothing for updates that nobody needs to answer."""
    update_id = number(update, "update_id")
    for name in MESSAGES:
        if name in update:
            return _message(update_id, member(update, name), edited=name == "edited_message")
    if "callback_query" in update:
        return _pressed(update_id, member(update, "callback_query"))
    if "my_chat_member" in update:
        return _membership(update_id, member(update, "my_chat_member"))
    return []


def callback_id(update: Any) -> str:
    """The id by which a pressed button is told that it was heard, or nothing."""
    query = update.get("callback_query") if isinstance(update, Mapping) else None
    found = query.get("id") if isinstance(query, Mapping) else None
    return found if isinstance(found, str) else ""


def _message(update_id: int, message: Mapping[str, Any], edited: bool) -> list[Incoming]:
    if any(note in message for note in NOTES):
        return []
    kind, text = _content(message)
    if edited:
        if kind is not Kind.TEXT:
            return []  # a location that moves is edited every few seconds
        kind = Kind.EDITED
    if member(message, "chat", "type", kind=str) != "private":
        kind, text = Kind.GROUP, ""
    return [_incoming(update_id, message, message.get("from"), kind, text)]


def _content(message: Mapping[str, Any]) -> tuple[Kind, str]:
    text = message.get("text") or message.get("caption") or ""
    if not isinstance(text, str):
        raise Malformed("text: not a str")
    if text.partition(" ")[0].partition("@")[0] == "/start":
        return Kind.START, text.partition(" ")[2].strip()
    if text:
        return Kind.TEXT, text
    return next((kind for key, kind in KINDS.items() if key in message), Kind.UNKNOWN), ""


def _pressed(update_id: int, query: Mapping[str, Any]) -> list[Incoming]:
    if "message" not in query or "data" not in query:
        return []  # a button of another kind than ours
    message = member(query, "message")
    data = member(query, "data", kind=str)
    return [_incoming(update_id, message, query.get("from"), Kind.BUTTON, data)]


def _membership(update_id: int, change: Mapping[str, Any]) -> list[Incoming]:
    status = member(change, "new_chat_member", "status", kind=str)
    private = member(change, "chat", "type", kind=str) == "private"
    if private and status in GONE:
        return [_incoming(update_id, change, change.get("from"), Kind.BLOCKED, "")]
    if not private and status not in GONE:
        return [_incoming(update_id, change, change.get("from"), Kind.GROUP, "")]
    return []


def _incoming(
    update_id: int, message: Mapping[str, Any], sender: Any, kind: Kind, text: str
) -> Incoming:
    address = str(number(message, "chat", "id"))
    language = sender.get("language_code") if isinstance(sender, Mapping) else None
    hint = language if isinstance(language, str) else ""
    return Incoming(str(update_id), address, kind, text, hint, float(update_id))
