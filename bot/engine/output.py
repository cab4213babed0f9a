"""Collects the replies of one turn, each whole: text, buttons and custom data together."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.messages import Button, Reply


class CollectedReplies(OutputChannel):
    """Rasa's own collecting channel would send ``custom`` as a message of its own."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.replies: list[Reply] = []

    def name(self) -> str:
        """The channel's name, for channel-specific responses."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one reply."""
        given = message.get("buttons") or ()
        buttons = tuple(Button(b["title"], b["payload"], b.get("picture", "")) for b in given)
        self.replies.append(Reply(message.get("text") or "", buttons, message.get("custom") or {}))
