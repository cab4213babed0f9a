"""What flags, questions and answers are called at the desk. The questionnaire's data says it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n.languages import Language

LEVELS = ("red", "amber", "info")  # the worst first


@dataclass(frozen=True)
class Flag:
    """A flag in words. ``level`` is one of LEVELS."""

    id: str
    level: str
    label: str
    reason: str = ""

    @property
    def rank(self) -> int:
        """0 for the worst level."""
        return LEVELS.index(self.level)


def flag(flag_id: str, language: Language) -> Flag:
    """The flag in the caseworker's language."""
    return Flag(flag_id, "red" if flag_id.endswith("urgent") else "amber", flag_id)
