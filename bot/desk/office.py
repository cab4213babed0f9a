"""What the desk knows of the office: its hours, its address, and what it says to newcomers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.hours.working import WorkingHours


@dataclass(frozen=True)
class Office:
    """One municipality's integration services.

    ``interpreted``: languages (codes) that are offered for an interpreter. ``invitation`` gives
    the words, in a language, with which the person of a reference is asked to choose a time.
    """

    hours: WorkingHours
    address: str
    interpreted: tuple[str, ...]
    invitation: Callable[[str, str], str]
