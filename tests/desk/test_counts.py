"""Counts say how much work there is, and nothing of a person."""

from __future__ import annotations

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


def _shown(records: list[Listed], name: str) -> dict[str, int]:
    return dict(next(t for t in tables(records) if t.name == name).cells)


def test_what_is_rare_is_not_even_named() -> None:
    table = next(t for t in tables(_records(ar=9, so=4, uk=3, fa=6)) if t.name == "language")
    assert (dict(table.cells), table.others) == ({"ar": 9, "fa": 6}, True)


def test_the_total_does_not_tell_how_few_the_others_are() -> None:
    """Eighteen in all, sixteen of them shown: two would be no secret."""
    assert _shown(_records(ar=9, fa=7, so=2), "language") == {"ar": 9}


def test_fewer_than_five_records_have_no_total() -> None:
    assert total(_records(ar=4)) is None
    assert total(_records(ar=5)) == 5
    assert total([]) == 0
    text = as_csv(tables(_records(ar=4)), total(_records(ar=4)))
    assert "total,,<5" in text
    assert "language,others," in text
    assert "ar" not in text.replace("language", "").replace("others", "")


def test_weeks_are_those_of_the_calendar() -> None:
    assert _shown(_records(ar=5), "week") == {"2026-W09": 5}


@given(st.dictionaries(st.sampled_from(["ar", "so", "fa", "uk", "ti"]), st.integers(1, 12)))
def test_no_small_number_can_be_computed(languages: dict[str, int]) -> None:
    """Neither a number that is shown nor what is left of the total is from one to four."""
    records = _records(**languages)
    shown = _shown(records, "language")
    assert all(languages[code] >= SMALL for code in shown)
    whole = total(records)
    if whole is not None:
        left = whole - sum(shown.values())
        assert left == 0 or left >= SMALL
