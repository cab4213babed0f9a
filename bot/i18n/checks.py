"""Is every translation complete, and does it keep what must be kept?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.i18n.languages import Languages


def problems_of_all(languages: Languages) -> Iterator[str]:
    """One line a problem."""
    yield from ()
