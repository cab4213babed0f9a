"""Against guessing: after some wrong tries nobody may try again for a while."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

TRIES, PERIOD = 10, 600  # wrong tries within so many seconds
REMEMBERED = 10_000  # names of whoever tried; the oldest are forgotten first


class Attempts:
    """Counts wrong tries by name (an address, a reference) in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def exhausted(self, *names: str) -> bool:
        """Whether one of the names has tried too often."""
        return any(len(self._recent(name)) >= TRIES for name in names)

    def wrong(self, *names: str) -> None:
        """Count a wrong try."""
        for name in names:
            recent = self._recent(name)
            recent.append(self._clock())
            self._wrong[name] = recent
            self._wrong.move_to_end(name)
        while len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)

    def _recent(self, name: str) -> deque[float]:
        since = self._clock() - PERIOD
        return deque(at for at in self._wrong.get(name, ()) if at > since)
