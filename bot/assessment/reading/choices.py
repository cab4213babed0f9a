"""Options, by what a person writes: their words in her language, a yes or a no."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot.assessment.questions import Option
from bot.assessment.reading.text import holds, normalise

Titles = Callable[[Option], Iterable[str]]
YES, NO = "yes", "no"


def read_choice(text: str, options: Sequence[Option], titles: Titles) -> str | None:
    """The id of the one option that the text names, or None."""
    plain = normalise(text)
    exact = [option.id for option in options if plain in _forms(option, titles)]
    if len(exact) == 1:
        return exact[0]
    inside = [option.id for option in options if _named(plain, option, titles)]
    return inside[0] if len(inside) == 1 else None


def read_several(text: str, options: Sequence[Option], titles: Titles) -> list[str] | None:
    """The ids of all options that the text names, or None."""
    plain = normalise(text)
    found = [option.id for option in options if _named(plain, option, titles)]
    return found or None


def read_yes_or_no(intent: str, options: Sequence[Option]) -> str | None:
    """Yes or no, where the language model heard one and the question knows both."""
    meant = {"affirm": YES, "deny": NO}.get(intent)
    return meant if meant in {option.id for option in options} else None


def _forms(option: Option, titles: Titles) -> set[str]:
    return {normalise(title) for title in titles(option)}


def _named(plain: str, option: Option, titles: Titles) -> bool:
    return any(holds(plain, form) for form in _forms(option, titles))
