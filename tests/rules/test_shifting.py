"""What a correction does to the cells of a channel."""

from datetime import date

from tracker.rules.ledger import Duty, Rated, ledger
from tracker.rules.shifting import shifts, with_others
from tracker.rules.words import Criterion, Outcome

ON = date(2026, 4, 10)
DUTY = Duty(date(2026, 1, 1), None, 4, frozenset({Criterion.LEGALITY}))


def rated(number: int, held_on: date, entered_on: date | None = None) -> Rated:
    return Rated(number, Criterion.LEGALITY, held_on, entered_on or held_on)


def told(
    before: list[Rated], gone: set[int], added: list[Rated], on: date = ON
) -> list[tuple[int, Outcome, Outcome]]:
    book = ledger([DUTY], before, on)
    found = shifts(book, with_others(book, gone, added))
    return [(one.slot.number, one.before.outcome, one.after.outcome) for one in found]


def test_a_rating_that_goes_opens_its_cell_again() -> None:
    book = ledger([DUTY], [rated(1, date(2026, 3, 17))], ON)
    (one,) = shifts(book, with_others(book, {1}, []))
    assert (one.opens, one.discharges, one.criterion) == (True, False, Criterion.LEGALITY)
    assert (one.before.outcome, one.after.outcome) == (Outcome.KEPT, Outcome.OPEN)


def test_a_rating_for_which_another_steps_in_changes_nothing() -> None:
    two = [rated(1, date(2026, 3, 17)), rated(2, date(2026, 3, 24))]
    assert told(two, {1}, []) == []


def test_a_rating_that_stays_under_another_number_changes_nothing() -> None:
    assert told([rated(1, date(2026, 3, 17))], {1}, [rated(-1, date(2026, 3, 17))]) == []


def test_another_day_can_move_a_rating_from_one_slot_to_the_next() -> None:
    moved = told([rated(1, date(2026, 3, 17))], {1}, [rated(1, date(2026, 5, 5))], on=date(2026, 5, 6))
    assert moved == [(1, Outcome.KEPT, Outcome.MISSED), (2, Outcome.OPEN, Outcome.KEPT)]


def test_entered_after_the_grace_reads_otherwise_than_in_time() -> None:
    later, held_on = date(2026, 5, 5), date(2026, 3, 17)
    book = ledger([DUTY], [rated(1, held_on)], later)
    (one,) = shifts(book, with_others(book, {1}, [rated(2, held_on, later)]))
    assert (one.before.entered_afterwards, one.after.entered_afterwards) == (False, True)
    assert (one.opens, one.discharges) == (False, False)
