"""One copy in memory of what a file holds, however many engines a process opens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class LastLoaded(Generic[T]):
    """Keeps what was read from a file last, and hands it out again for the same content."""

    def __init__(self, load: Callable[[Path], T]) -> None:
        self._load = load
        self._kept: tuple[str, T] | None = None

    def __call__(self, path: Path) -> T:
        """What the file holds; by content, since Rasa unpacks a model to a new folder each time."""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if self._kept is None or self._kept[0] != digest:
            self._kept = (digest, self._load(path))
        return self._kept[1]
