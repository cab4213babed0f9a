"""Taking turns on the event loop.

A turn of a conversation computes for tens of milliseconds without waiting for anything, so the
event loop would run all that are ready, one behind the other, before it looks at the network
again: in a flood even the question after the service's health would wait for all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Pace:
    """Lets one piece of work at a time onto the event loop, in the order of asking."""

    def __init__(self) -> None:
        self._one = asyncio.Lock()

    @asynccontextmanager
    async def piece(self) -> AsyncIterator[None]:
        """Wait for the others' pieces, and let the loop see to everything else before this one."""
        async with self._one:
            await asyncio.sleep(0)  # a lock that is free does not wait: this does
            yield
