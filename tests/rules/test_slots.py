"""Slots cut the year into equal parts that never move."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.slots import CADENCES, Slot, slot_on, slots_of_year

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
quick = settings(deadline=None, derandomize=True, max_examples=100)


def test_four_slots_a_year_are_the_quarters() -> None:
    assert [slot.due_on for slot in slots_of_year(2026, 4)] == [
        date(2026, 3, 31),
        date(2026, 6, 30),
        date(2026, 9, 30),
        date(2026, 12, 31),
    ]


def test_the_grace_of_every_quarter_is_thirty_days() -> None:
    for year in (2024, 2026):
        assert [slot.grace_days for slot in slots_of_year(year, 4)] == [30, 30, 30, 30]


def test_the_grace_of_the_first_quarter_ends_with_april() -> None:
    assert slot_on(date(2026, 2, 1), 4).grace_ends_on == date(2026, 4, 30)


def test_the_grace_is_rounded_down() -> None:
    february = slot_on(date(2026, 2, 1), 12)
    assert (february.days, february.grace_days) == (28, 9)


def test_a_leap_day_belongs_to_its_month_and_makes_the_slot_longer() -> None:
    leap = slot_on(date(2028, 2, 29), 12)
    assert (leap.due_on, leap.days) == (date(2028, 2, 29), 29)
    assert slot_on(date(2028, 2, 29), 4).days == 91


def test_the_last_of_december_is_the_due_date_of_the_last_slot_of_every_cadence() -> None:
    for n in CADENCES:
        assert slot_on(date(2026, 12, 31), n) == slots_of_year(2026, n)[-1]
        assert slots_of_year(2026, n)[-1].due_on == date(2026, 12, 31)
        assert slot_on(date(2027, 1, 1), n).number == 1


def test_a_slot_is_named_by_year_cadence_and_number() -> None:
    assert slot_on(date(2026, 5, 17), 4).key == "2026-4-2"
    assert Slot.of_key("2026-4-2") == slot_on(date(2026, 5, 17), 4)


@pytest.mark.parametrize(
    "key",
    ["", "2026", "2026-4", "2026-5-1", "2026-4-0", "2026-4-5", "2026-4-x", "0-4-1", "2026-04-2", "²-4-1"],
)
def test_what_names_no_slot_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="not a slot"):
        Slot.of_key(key)


def test_another_cadence_is_refused() -> None:
    with pytest.raises(ValueError, match="not a cadence"):
        slots_of_year(2026, 5)


def test_slots_sort_by_due_date_and_then_by_first_day() -> None:
    year, quarter, month = (slots_of_year(2026, n)[-1] for n in (1, 4, 12))
    assert sorted([month, quarter, slots_of_year(2026, 12)[0], year])[1:] == [year, quarter, month]


@quick
@given(DAYS, st.sampled_from(CADENCES))
def test_every_day_lies_in_exactly_one_slot_which_its_key_finds_again(day: date, n: int) -> None:
    around = [slot for slot in slots_of_year(day.year, n) if slot.begins_on <= day <= slot.due_on]
    assert around == [slot_on(day, n)] == [Slot.of_key(around[0].key)]


@quick
@given(st.integers(1990, 2100), st.sampled_from(CADENCES))
def test_the_slots_of_a_year_touch_and_cover_it(year: int, n: int) -> None:
    slots = slots_of_year(year, n)
    assert [slot.number for slot in slots] == list(range(1, n + 1))
    assert slots[0].begins_on == date(year, 1, 1)
    assert slots[-1].due_on == date(year, 12, 31)
    for slot, following in pairwise(slots):
        assert following.begins_on == slot.due_on + timedelta(days=1)
