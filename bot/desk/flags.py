"""Flags as the desk shows them."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = ("red", "amber", "info")  # the worst first


@dataclass(frozen=True)
class FlagWords:
    """A flag in words. ``level`` is one of LEVELS; ``reasons`` are the answers that raised it."""

    id: str
    level: str
    label: str
    reasons: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """0 for the worst level."""
        return LEVELS.index(self.level)
