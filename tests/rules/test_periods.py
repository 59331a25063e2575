"""Periods that figures are about: told by a key, and the slot they are if they are one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.periods import Period, last_ended, latest, numbered

days = st.dates(date(1990, 1, 1), date(2199, 12, 31))


def test_a_slot_is_told_by_its_key_any_other_period_by_its_days() -> None:
    quarter, other = Period(date(2026, 9, 30), date(2026, 7, 1)), Period(date(2026, 8, 15), date(2026, 7, 1))
    assert quarter.key == "2026-4-3"
    assert other.key == "2026-07-01_2026-08-15"
    assert other.slot is None
    assert quarter.days == 92


@given(days, days)
def test_a_key_leads_back_to_its_period(one: date, other: date) -> None:
    period = Period(max(one, other), min(one, other))
    assert Period.of_key(period.key) == period


@pytest.mark.parametrize(
    "key", ["", "_", "2026", "2026-4-5", "2026-02-30_2026-03-01", "x_y", "2026-4-3_", "2026-5-1"]
)
def test_what_names_no_period_is_an_error(key: str) -> None:
    with pytest.raises(ValueError):
        Period.of_key(key)


def test_the_quarter_that_ended_last_is_the_one_before_the_running_one() -> None:
    assert last_ended(date(2026, 1, 1)).key == "2025-4-4"
    assert last_ended(date(2026, 3, 31)).key == "2025-4-4"
    assert last_ended(date(2026, 4, 1)).key == "2026-4-1"
    assert [one.key for one in latest(date(2026, 2, 1), 4, 3)] == ["2026-4-1", "2025-4-4", "2025-4-3"]


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_slot_that_a_year_does_not_have_is_an_error(number: int) -> None:
    with pytest.raises(ValueError):
        numbered(2026, 4, number)
