"""How far back must be read: what was late may carry over from year to year."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.test_promise_always import duties, ratings
from tracker.rules.carrying import clipped, settled
from tracker.rules.ledger import Duty, Ledger, Rated, ledger
from tracker.rules.slots import slots_of_year
from tracker.rules.words import Criterion

ON = date(2028, 6, 30)
QUARTERLY = [Duty(date(2020, 1, 1), None, 4, frozenset(Criterion))]


def since(rated: list[Rated], year: int) -> list[Rated]:
    return [one for one in rated if one.held_on.year >= year - 1]


def told(book: Ledger, year: int) -> list[object]:
    """What is said of the slots from the last due date of the year before on."""
    return [line for line in book.lines if line.slot.due_on >= date(year - 1, 12, 31) and line.cells]


@settings(deadline=None, derandomize=True, max_examples=300)
@given(duties(), ratings(), st.integers(2025, 2027))
def test_where_it_is_settled_two_years_tell_what_all_years_tell(
    owed: list[Duty], rated: list[Rated], year: int
) -> None:
    if settled(owed, since(rated, year), year, ON.year + 1):
        some = ledger(clipped(owed, year - 1), since(rated, year), ON)
        assert told(some, year) == told(ledger(owed, rated, ON), year)


def held(*days: date) -> list[Rated]:
    return [Rated(at, Criterion.STRATEGY, day, day) for at, day in enumerate(days)]


def test_a_meeting_in_the_middle_of_a_slot_settles_what_follows() -> None:
    middle = held(*(slot.begins_on + timedelta(days=45) for slot in slots_of_year(2025, 4)))
    assert settled(QUARTERLY, middle, 2026, 2027)


def test_always_ten_days_late_is_never_settled() -> None:
    late = held(
        *(slot.due_on + timedelta(days=10) for year in (2024, 2025, 2026) for slot in slots_of_year(year, 4))
    )
    assert not settled(QUARTERLY, since(late, 2026), 2026, 2027)


def test_until_a_slot_was_missed() -> None:
    late = [slot.due_on + timedelta(days=10) for year in (2024, 2025) for slot in slots_of_year(year, 4)]
    del late[5]
    assert settled(QUARTERLY, since(held(*late), 2026), 2026, 2027)


def test_a_duty_that_ended_before_is_left_out() -> None:
    ended = Duty(date(2020, 1, 1), date(2023, 12, 31), 4, frozenset(Criterion))
    open_ended = Duty(date(2024, 2, 1), None, 12, frozenset(Criterion))
    assert clipped([open_ended, ended], 2025) == (Duty(date(2025, 1, 1), None, 12, frozenset(Criterion)),)
