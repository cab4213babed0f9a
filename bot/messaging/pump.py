"""Taking work from a queue, a few at a time, until cancelled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
Item = TypeVar("Item")
GRACE = 10.0  # seconds for what is in work when the service stops
IDLE = 1.0  # seconds after which the queue is looked at without a call


class Pump(Generic[Item]):
    """Claims items and works them side by side; the queue keeps the order of each person."""

    def __init__(
        self,
        claim: Callable[[int], Sequence[Item]],
        work: Callable[[Item], Awaitable[None]],
        width: int,
    ) -> None:
        self._claim = claim
        self._work = work
        self._width = width
        self._called = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()

    def call(self) -> None:
        """There may be something to do."""
        self._called.set()

    async def run(self) -> None:
        """Work until cancelled; what is in work then is brought to its end, if that is soon."""
        try:
            while True:
                self._called.clear()
                self._start_some()
                # Not wait_for: until Python 3.12 it loses a cancellation that comes with the call.
                later = asyncio.get_running_loop().call_later(IDLE, self.call)
                try:
                    await self._called.wait()
                finally:
                    later.cancel()
        finally:
            if self._running:
                _, late = await asyncio.wait(self._running, timeout=GRACE)
                for task in late:  # left to its lease
                    task.cancel()

    def _start_some(self) -> None:
        free = self._width - len(self._running)
        if free <= 0:
            return
        try:
            items = self._claim(free)
        except Exception as error:  # noqa: BLE001  # the database is away: looked at again soon
            log.error("queue not readable, tried again: %s", type(error).__name__)
            return
        for item in items:
            task = asyncio.create_task(self._one(item))
            self._running.add(task)
            task.add_done_callback(self._ended)

    async def _one(self, item: Item) -> None:
        try:
            await self._work(item)
        except Exception as error:  # noqa: BLE001  # the lease runs out and it is taken again
            log.error("work failed, tried again: %s", type(error).__name__)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._called.set()
