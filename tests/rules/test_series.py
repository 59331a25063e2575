"""The days of a series: the second Tuesday of every quarter and the like."""

from datetime import MAXYEAR, date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.series import LAST, NTHS, Every, Series, next_days, nth_weekday

TUESDAY, FRIDAY = 1, 4
thorough = settings(deadline=None, derandomize=True, max_examples=150)
DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))


@st.composite
def any_series(draw: st.DrawFn) -> Series:
    every = draw(st.sampled_from(Every))
    month = draw(st.integers(1, every.months))
    return Series(every, month, draw(st.sampled_from(NTHS)), draw(st.integers(0, 6)))


def test_the_second_tuesday_in_the_first_month_of_every_quarter() -> None:
    assert next_days(Series(Every.QUARTER, 1, 2, TUESDAY), date(2026, 3, 1), 4) == (
        date(2026, 4, 14),
        date(2026, 7, 14),
        date(2026, 10, 13),
        date(2027, 1, 12),
    )


def test_the_day_it_starts_from_counts() -> None:
    series = Series(Every.QUARTER, 1, 2, TUESDAY)
    assert next_days(series, date(2026, 4, 14), 1) == (date(2026, 4, 14),)
    assert next_days(series, date(2026, 4, 15), 1) == (date(2026, 7, 14),)


def test_the_last_friday_of_every_month_may_be_the_fourth_or_the_fifth() -> None:
    assert next_days(Series(Every.MONTH, 1, LAST, FRIDAY), date(2026, 12, 1), 3) == (
        date(2026, 12, 25),
        date(2027, 1, 29),
        date(2027, 2, 26),
    )


def test_twice_a_year_in_the_sixth_month_of_each_half() -> None:
    days = next_days(Series(Every.HALF_YEAR, 6, 1, 0), date(2026, 7, 1), 3)
    assert days == (date(2026, 12, 7), date(2027, 6, 7), date(2027, 12, 6))


@pytest.mark.parametrize(
    ("month", "nth", "weekday"), [(0, 1, 0), (4, 1, 0), (1, 5, 0), (1, 0, 0), (1, 1, 7), (1, 1, -1)]
)
def test_what_no_quarter_has_is_refused(month: int, nth: int, weekday: int) -> None:
    with pytest.raises(ValueError, match="not a series"):
        Series(Every.QUARTER, month, nth, weekday)


def test_where_the_calendar_ends_there_are_fewer() -> None:
    assert len(next_days(Series(Every.QUARTER, 3, LAST, FRIDAY), date(MAXYEAR, 11, 1), 4)) == 1


@thorough
@given(any_series(), DAYS, st.integers(0, 12))
def test_the_days_asked_for_come_in_order_from_the_day_on_at_most_one_in_a_period(
    series: Series, since: date, count: int
) -> None:
    days = next_days(series, since, count)
    assert len(days) == count
    assert all(day >= since for day in days)
    periods = [(day.year, (day.month - 1) // series.every.months) for day in days]
    assert all(
        (y * 12 + p * series.every.months) + series.every.months == later_y * 12 + later * series.every.months
        for (y, p), (later_y, later) in pairwise(periods)
    )


@thorough
@given(any_series(), DAYS)
def test_each_is_the_weekday_wanted_in_the_month_wanted_and_the_nth_of_it(
    series: Series, since: date
) -> None:
    for day in next_days(series, since, 5):
        assert day.weekday() == series.weekday
        assert (day.month - 1) % series.every.months == series.month - 1
        if series.nth == LAST:
            assert (day + timedelta(days=7)).month != day.month
        else:
            assert (day.day - 1) // 7 == series.nth - 1


@thorough
@given(any_series(), DAYS)
def test_going_on_from_the_day_after_the_first_gives_the_rest(series: Series, since: date) -> None:
    first, *rest = next_days(series, since, 5)
    assert next_days(series, first + timedelta(days=1), 4) == tuple(rest)


@thorough
@given(any_series(), DAYS)
def test_none_is_left_out(series: Series, since: date) -> None:
    """Found the slow way: every day from the first on that fits is in the list."""
    days = next_days(series, since, 2)
    between = (since + timedelta(days=k) for k in range((days[-1] - since).days + 1))
    fitting = [
        day
        for day in between
        if (day.month - 1) % series.every.months == series.month - 1
        and day == nth_weekday(day.year, day.month, series.nth, series.weekday)
    ]
    assert fitting == list(days)
