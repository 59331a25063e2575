"""Entered afterwards is what was missed until somebody entered it, and nothing else (docs/promise.md, rule 5)."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.test_promise_always import duties
from tracker.rules.ledger import Cell, Duty, Ledger, Rated, ledger
from tracker.rules.words import Criterion

LATER = date(2026, 12, 31)
CROWDED = st.dates(date(2026, 1, 1), date(2026, 9, 30))  # many ratings for few slots, so that they meet
LEGALITY = [Duty(date(2026, 1, 1), None, 4, frozenset({Criterion.LEGALITY}))]


def rated(key: int, held_on: date, entered_on: date | None = None) -> Rated:
    return Rated(key, Criterion.LEGALITY, held_on, entered_on or held_on)


@st.composite
def ratings(draw: st.DrawFn) -> list[Rated]:
    rows = draw(st.lists(st.tuples(st.sampled_from(Criterion), CROWDED, st.integers(0, 150)), max_size=12))
    return [
        Rated(number, criterion, held_on, held_on + timedelta(days=after))
        for number, (criterion, held_on, after) in enumerate(rows)
    ]


def cell(book: Ledger, key: str) -> Cell:
    return next(line.cells[0] for line in book.lines if line.slot.key == key)


def test_a_kept_cell_is_not_marked_when_an_earlier_meeting_is_entered_much_later() -> None:
    book = ledger(
        LEGALITY, [rated(1, date(2026, 3, 10)), rated(2, date(2026, 3, 5), date(2026, 6, 1))], LATER
    )
    assert not cell(book, "2026-4-1").entered_afterwards


def test_a_cell_discharged_in_its_grace_is_not_marked_by_an_earlier_day_of_it_either() -> None:
    book = ledger(
        LEGALITY, [rated(1, date(2026, 4, 20)), rated(2, date(2026, 4, 10), date(2026, 9, 1))], LATER
    )
    assert (cell(book, "2026-4-1").days_late, cell(book, "2026-4-1").entered_afterwards) == (10, False)


def test_a_cell_that_only_got_its_rating_because_another_was_entered_afterwards_is_marked() -> None:
    """Until September the meeting of 10 April made up for the first quarter, and the second was missed."""
    in_april = rated(1, date(2026, 4, 10))
    before = ledger(LEGALITY, [in_april], LATER)
    after = ledger(LEGALITY, [in_april, rated(2, date(2026, 3, 10), date(2026, 9, 1))], LATER)
    assert not cell(before, "2026-4-2").discharged
    assert not cell(after, "2026-4-1").entered_afterwards
    assert cell(after, "2026-4-2").entered_afterwards


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.just(LEGALITY) | duties(), ratings(), st.sampled_from([date(2026, 6, 1), date(2027, 1, 31)]))
def test_a_cell_is_marked_just_when_what_was_entered_until_its_grace_ended_left_it_open(
    owed: list[Duty], found: list[Rated], on: date
) -> None:
    for at, line in enumerate(ledger(owed, found, on).lines):
        known_then = [one for one in found if one.entered_on <= line.slot.grace_ends_on]
        then = ledger(owed, known_then, on).lines[at]
        for now, was in zip(line.cells, then.cells, strict=True):
            assert now.entered_afterwards == (now.discharged and not was.discharged)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.just(LEGALITY) | duties(), ratings(), CROWDED, st.integers(0, 400))
def test_what_is_entered_when_everything_is_over_marks_no_cell_that_was_discharged_by_then(
    owed: list[Duty], found: list[Rated], held_on: date, after: int
) -> None:
    later = held_on + timedelta(days=after)
    before = ledger(owed, found, date(2028, 12, 31))
    more = [Rated(900, criterion, held_on, later) for criterion in Criterion]
    for was, now in zip(before.lines, ledger(owed, [*found, *more], date(2028, 12, 31)).lines, strict=True):
        for old, new in zip(was.cells, now.cells, strict=True):
            if old.discharged and not old.entered_afterwards and later > was.slot.grace_ends_on:
                assert not new.entered_afterwards
