"""A period of the evidence is told from what lies in it, whatever else is stored, and says the same as the whole."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tracker.evidence import stored
from tracker.evidence.filters import Filters
from tracker.evidence.rows import rows
from tracker.models import Channel
from tracker.rules.slots import slots_of_year
from tracker.rules.words import Criterion, Level, Outcome

ON = date(2026, 10, 13)
YEARS = range(2020, 2027)
SOME = {Criterion.LEGALITY: Level.CLEAR}


def reviewed(of: Channel, days_after_due: int, *, but: tuple[str, ...] = ()) -> None:
    """Meet about every quarter so many days after its end, which may be negative."""
    for slot in (slot for year in YEARS for slot in slots_of_year(year, 4) if slot.key not in but):
        held_on = slot.due_on + timedelta(days=days_after_due)
        if held_on <= ON:
            factories.closed_meeting(held_on, {of: SOME} if slot.number == 2 else [of])


@pytest.fixture
def lives(app: Flask, clock_at: Any) -> None:
    """Four channels: in the middle of each quarter, always ten days late, late until one is missed, sometimes twice."""
    clock_at(ON)
    of = factories.unit()
    for days, but in ((-45, ()), (10, ()), (20, ("2023-4-2",))):
        reviewed(factories.channel(of, since=date(2020, 1, 1)), days, but=but)
    twice = factories.channel(of, since=date(2020, 1, 1))
    reviewed(twice, -45)
    reviewed(twice, 5, but=("2025-4-4",))


PERIODS = [
    (date(2026, 1, 1), None),
    (date(2025, 1, 1), date(2025, 12, 31)),
    (date(2023, 8, 1), date(2024, 2, 1)),
    (date(2022, 12, 31), date(2022, 12, 31)),
    (None, date(2021, 1, 5)),
    (date(1, 1, 1), date(9999, 12, 31)),
]


def test_it_says_what_the_whole_says_of_it(lives: None) -> None:
    whole = list(rows(Filters(), ON))
    for first, last in PERIODS:
        period = Filters(from_on=first, until_on=last)
        takes = period.test()
        assert takes is not None
        expected = [row for row in whole if takes(row)]
        assert list(rows(period, ON)) == expected
        assert expected
    assert list(rows(Filters(from_on=date(2030, 1, 1)), ON)) == []


def test_two_years_are_read_of_a_longer_life_and_all_only_where_being_late_carries_over(
    lives: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    ratings = stored.ratings

    def counted(*given: Any) -> Any:
        found = ratings(*given)
        read.append(sum(map(len, found.values())))
        return found

    monkeypatch.setattr(stored, "ratings", counted)
    of_each = []
    for channel_id in stored.channel_ids(Filters()):
        read.clear()
        missed = Filters(date(2025, 1, 1), date(2025, 12, 31), channel_id=channel_id, outcome=Outcome.MISSED)
        list(rows(missed, ON))
        of_each.append(tuple(read))
    assert of_each == [(23,), (26, 63), (26, 62), (46,)]
