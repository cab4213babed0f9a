"""One lock a conversation for as long as somebody needs it, and room for so many at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from bot.messages import TooBusy


class Locks:
    """Keeps the messages of one conversation in order within this process."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncIterator[None]:
        """Wait for the key's turn. Waiters are served in the order in which they came."""
        lock, users = self._held.get(key, (asyncio.Lock(), 0))
        self._held[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._held[key]
            if users == 1:
                del self._held[key]
            else:
                self._held[key] = (lock, users - 1)


class Room:
    """Lets in at most so many at once; the next one is sent away, not kept waiting."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._within = 0

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be within. Raises ``TooBusy``."""
        if self._within >= self._most:
            raise TooBusy
        self._within += 1
        try:
            yield
        finally:
            self._within -= 1
