"""Counts say how much work there is, and nothing of a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.counts import SMALL, as_csv, tables, total
from bot.desk.services import Services
from bot.desk.talk_counts import talk_counts
from bot.handoff.talk import ENDED, LEFT, LIVE, Talk, begin
from bot.records.advance import Listed
from bot.records.database import now
from tests.desk.conftest import Browser

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
    text = as_csv(tables(_records(ar=4)), {"total": total(_records(ar=4))})
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


def _talk(state: str = ENDED, wait: float = 0.0, language: str = "so", **more: object) -> Talk:
    taken = {"taken_by": "anna", "taken_at": MARCH + wait * 60} if wait else {}
    return Talk("t", "web:x", "kajaani", "web", language, state, MARCH, **taken, **more)


def test_how_long_people_waited_and_how_it_went() -> None:
    """Half waited at most seven minutes; who left a message at night did not wait."""
    answered = [_talk(wait=wait) for wait in (2, 5, 7, 30, 45)]
    night = [_talk(LIVE, wait=600, from_message=True)]
    left = [_talk(LEFT, language="ar") for _ in range(6)]
    gone = [_talk(language="ar") for _ in range(7)]
    counted = talk_counts([*answered, *night, *left, *gone])
    assert (counted.total, counted.wait) == (19, 7)
    outcomes, languages = counted.tables
    assert dict(outcomes.cells) == {"answered": 6, "gone": 7, "unanswered": 6}
    assert dict(languages.cells) == {"ar": 13, "so": 6}


def test_few_talks_tell_nothing_of_whoever_had_them() -> None:
    counted = talk_counts([_talk(wait=wait) for wait in (2, 5, 7, 30)])
    assert (counted.total, counted.wait) == (None, None)
    assert all(not table.cells and table.others for table in counted.tables)
    assert talk_counts([]).total == 0


async def test_the_lead_sees_the_talks_of_her_own_town(
    services: Services, signed_in: Callable[..., Awaitable[Browser]]
) -> None:
    for number in range(5):
        services.talking.talks.begin(
            begin(f"t-{number}", f"web:{number}", "kajaani", "web", "so", now(), True)
        )
    lead = await signed_in("lea.lead", "lead")
    page = await lead.get("/desk/counts")
    assert "Talks in all: 5" in page
    assert "Waits now" in page
    assert "Somali" in page
    text = await lead.get("/desk/counts.csv")
    assert "talks,,5" in text
    assert "talk_outcome,waiting,5" in text
    assert "talk_wait_median_minutes,,<5" in text
    other = await signed_in("olli.outo", "lead", municipality="sotkamo")
    assert "Talks in all: 0" in await other.get("/desk/counts")
