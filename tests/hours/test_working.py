"""Working hours: Kajaani's week, holidays, the nights on which clocks change."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import FINLAND
from bot.composition import working_hours
from bot.content.contacts import Hours
from bot.hours.holidays import holiday_name
from bot.hours.working import NoHours, WorkingHours

WEEKDAYS = (0, 1, 2, 3, 4)
OFFICE = WorkingHours([Hours(WEEKDAYS, dt.time(9), dt.time(15))], [dt.date(2026, 12, 31)])
HOUR = dt.timedelta(hours=1)

moments = st.datetimes(
    dt.datetime(2024, 1, 1), dt.datetime(2030, 12, 31), timezones=st.just(dt.timezone.utc)
)
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
weeks = st.lists(
    st.builds(Hours, st.lists(st.integers(0, 6), min_size=1, unique=True).map(tuple), times, times),
    min_size=1,
    max_size=4,
).filter(lambda week: any(h.opens < h.closes for h in week))


def at(text: str) -> dt.datetime:
    """A moment of clocks in Finland."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=FINLAND)


@pytest.mark.parametrize(
    ("moment", "is_open", "opens"),
    [
        ("2026-11-24T09:00", True, "2026-11-24T09:00"),
        ("2026-11-24T14:59", True, "2026-11-24T14:59"),
        ("2026-11-24T15:00", False, "2026-11-25T09:00"),  # at closing time nobody is there
        ("2026-11-27T16:00", False, "2026-11-30T09:00"),  # a Friday afternoon
        ("2026-12-23T15:00", False, "2026-12-28T09:00"),  # Christmas Eve is a day off
        ("2026-12-30T15:00", False, "2027-01-04T09:00"),  # closed by data, New Year, weekend
        ("2026-06-18T20:00", False, "2026-06-22T09:00"),  # Midsummer Eve
        ("2026-10-25T03:30", False, "2026-10-26T09:00"),  # the hour that comes twice
        ("2026-03-29T03:30", False, "2026-03-30T09:00"),  # the hour that does not exist
    ],
)
def test_the_week_and_the_year(moment: str, is_open: bool, opens: str) -> None:
    assert OFFICE.is_open(at(moment)) is is_open
    assert OFFICE.next_opening(at(moment)) == at(opens)
    assert OFFICE.next_opening(at(moment)).tzinfo == dt.timezone.utc


def test_working_time_leaves_out_nights_weekends_and_holidays() -> None:
    assert OFFICE.working_time_between(at("2026-11-24T14:30"), at("2026-11-25T09:30")) == HOUR
    assert OFFICE.working_time_between(at("2026-12-23T14:00"), at("2026-12-28T10:00")) == 2 * HOUR
    assert OFFICE.working_time_between(at("2026-11-25T10:00"), at("2026-11-24T10:00")) == 0 * HOUR
    assert OFFICE.working_day == 6 * HOUR


def test_an_office_that_works_at_night_loses_and_gains_the_hour() -> None:
    """Lengths are true ones: clocks that change make a night of seven hours eight, or six."""
    night = WorkingHours([Hours((6,), dt.time(0), dt.time(7))])
    for day, length in (("2026-10-25", 8), ("2026-03-29", 6), ("2026-10-18", 7)):
        midnight = at(f"{day}T00:00")
        whole = night.working_time_between(midnight, at(f"{day}T12:00"))
        assert whole == length * HOUR, day
    within = night.working_time_between(at("2026-10-25T02:00"), at("2026-10-25T06:00"))
    assert within == 5 * HOUR


def test_the_configured_municipality_has_hours() -> None:
    assert working_hours().is_open(at("2026-11-24T12:00"))
    assert not working_hours().is_open(at("2026-12-06T12:00"))


def test_holidays_have_names_in_the_languages_of_the_desk() -> None:
    day = dt.date(2026, 12, 6)
    names = [holiday_name(day, code) for code in ("fi", "sv", "en")]
    assert names == ["Itsenäisyyspäivä", "Självständighetsdagen", "Independence Day"]
    assert holiday_name(dt.date(2026, 12, 7), "fi") == ""


def test_no_hours_and_no_zone_are_refused() -> None:
    with pytest.raises(NoHours):
        WorkingHours([])
    with pytest.raises(NoHours):
        WorkingHours([Hours((0,), dt.time(15), dt.time(9))])
    with pytest.raises(ValueError, match="zone"):
        OFFICE.is_open(dt.datetime(2026, 11, 24, 12))
    always_away = WorkingHours(
        OFFICE.weekly, {dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(900)}
    )
    with pytest.raises(NoHours):
        always_away.next_opening(at("2026-02-01T12:00"))


@settings(max_examples=60, deadline=None)
@given(weeks, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    week: list[Hours], moment: dt.datetime
) -> None:
    office = WorkingHours(week)
    opening = office.next_opening(moment)
    assert office.is_open(opening)
    assert opening >= moment
    assert office.working_time_between(moment, opening) == dt.timedelta()
    assert (opening == moment) is office.is_open(moment)


@settings(max_examples=60, deadline=None)
@given(weeks, moments, st.lists(st.timedeltas(dt.timedelta(), dt.timedelta(days=9)), max_size=2))
def test_working_time_adds_up(
    week: list[Hours], start: dt.datetime, steps: list[dt.timedelta]
) -> None:
    """Whoever cuts a time in two has lost nothing; it is never longer than the time itself."""
    office, moment, total = WorkingHours(week), start, dt.timedelta()
    for step in steps:
        total += office.working_time_between(moment, moment + step)
        moment += step
    assert office.working_time_between(start, moment) == total
    assert dt.timedelta() <= total <= moment - start


@settings(max_examples=60, deadline=None)
@given(weeks, moments, st.lists(st.timedeltas(dt.timedelta(), dt.timedelta(days=9)), max_size=3))
def test_working_time_is_the_sum_of_its_parts(
    week: list[Hours], start: dt.datetime, steps: list[dt.timedelta]
) -> None:
    office = WorkingHours(week)
    moments = [start, *itertools.accumulate(steps, initial=start)]
    parts = (office.working_time_between(a, b) for a, b in itertools.pairwise(moments))
    assert office.working_time_between(start, moments[-1]) == sum(parts, dt.timedelta())


@settings(max_examples=40, deadline=None)
@given(moments)
def test_the_zone_in_which_a_moment_is_told_does_not_matter(moment: dt.datetime) -> None:
    elsewhere = moment.astimezone(ZoneInfo("Asia/Kolkata"))
    assert OFFICE.is_open(moment) == OFFICE.is_open(elsewhere)
    assert OFFICE.next_opening(moment) == OFFICE.next_opening(elsewhere)
