"""Counts say how much work there is, and nothing of a person."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.counts import SMALL, as_csv, tables, total
from bot.records.advance import Listed

MARCH = 1_772_400_000.0  # 2026-03-01


def _records(**languages: int) -> list[Listed]:
    return [
        Listed(f"{code}-{n}", "new", MARCH, code, None, MARCH, ("interpreter",))
        for code, count in languages.items()
        for n in range(count)
    ]


def _shown(records: list[Listed], name: str) -> dict[str, int | None]:
    return dict(next(t for t in tables(records) if t.name == name).cells)


def test_small_numbers_are_hidden() -> None:
    shown = _shown(_records(ar=9, so=4, uk=3, fa=6), "language")
    assert shown == {"ar": 9, "fa": 6, "so": None, "uk": None}


def test_a_single_hidden_number_is_not_left_alone() -> None:
    """Eleven in all, nine of them Arabic: the rest would be no secret."""
    assert _shown(_records(ar=9, fa=7, so=2), "language") == {"ar": 9, "fa": None, "so": None}


def test_fewer_than_five_records_have_no_total() -> None:
    assert total(_records(ar=4)) is None
    assert total(_records(ar=5)) == 5
    assert total([]) == 0
    assert "total,,<5" in as_csv(tables(_records(ar=4)), total(_records(ar=4)))


def test_weeks_are_those_of_the_calendar() -> None:
    assert _shown(_records(ar=5), "week") == {"2026-W09": 5}


@given(st.dictionaries(st.sampled_from(["ar", "so", "fa", "uk", "ti"]), st.integers(1, 12)))
def test_nobody_can_compute_a_hidden_number(languages: dict[str, int]) -> None:
    """With total and shown numbers known, every hidden number stays open between two values."""
    records = _records(**languages)
    shown = _shown(records, "language")
    hidden = [code for code, count in shown.items() if count is None]
    assert all(languages[code] >= SMALL for code in shown if code not in hidden)
    if not hidden or total(records) is None or len(hidden) == len(shown) == 1:
        return
    rest = len(records) - sum(count or 0 for count in shown.values())
    ways = itertools.islice(
        (w for w in itertools.product(range(1, rest + 1), repeat=len(hidden)) if sum(w) == rest), 2
    )
    assert len(list(ways)) == 2
