"""A machine's translation of what the person wrote: made after her message is safe and answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.handoff.talk import Talk
from bot.records.talks import Talks

OFFICE_LANGUAGE = "fi"
# Text, from, to: the machine's translation, or nothing.
Translate = Callable[[str, str, str], Awaitable[str]]


class Interpreter:
    """Translates in the background, so that neither she nor her message waits for a service."""

    def __init__(self, translate: Translate, kept: Talks) -> None:
        self._translate = translate
        self._talks = kept
        self._working: set[asyncio.Task[None]] = set()

    def later(self, talk: Talk, delivery: str, text: str) -> None:
        """Translate a message of hers that is kept already, for the worker."""
        if talk.language == OFFICE_LANGUAGE:
            return
        task = asyncio.create_task(self._one(talk, delivery, text))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def close(self) -> None:
        """Stop; a message that is not translated yet stays as she wrote it."""
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)

    async def _one(self, talk: Talk, delivery: str, text: str) -> None:
        translated = await self._translate(text, talk.language, OFFICE_LANGUAGE)
        message = self._talks.messages.delivered(talk.sender, delivery)
        if translated and message:
            self._talks.messages.translated(message, {"to": OFFICE_LANGUAGE, "text": translated})
