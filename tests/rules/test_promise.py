"""What is owed and what discharges it: a worked example for each of the rules 2 to 5."""

from datetime import UTC, date, datetime

import pytest

from tracker.rules.ledger import Duty, Ledger, Rated, SlotLine, ledger
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Outcome

ALL = frozenset(Criterion)
LATER = date(2027, 12, 31)


def duty(
    from_on: date, until_on: date | None = None, n: int = 4, criteria: frozenset[Criterion] = ALL
) -> Duty:
    return Duty(from_on, until_on, n, criteria)


QUARTERLY = [duty(date(2026, 1, 1))]


def full(held_on: date, first_id: int = 1, entered_on: date | None = None) -> list[Rated]:
    return [
        Rated(first_id + more, criterion, held_on, entered_on or held_on)
        for more, criterion in enumerate(Criterion)
    ]


def line(book: Ledger, key: str) -> SlotLine:
    return next(one for one in book.lines if one.slot == Slot.of_key(key))


def outcomes(book: Ledger, year: int = 2026, n: int = 4) -> list[str]:
    return [one.outcome.value for one in book.lines if (one.slot.year, one.slot.n) == (year, n)]


def owes(duties: list[Duty], key: str) -> set[Criterion]:
    return {cell.criterion for cell in line(ledger(duties, [], LATER), key).cells}


class TestOwed:
    def test_a_channel_opened_on_10_january_owes_the_first_quarter(self) -> None:
        assert owes([duty(date(2026, 1, 10))], "2026-4-1") == ALL

    def test_a_channel_opened_on_1_march_does_not_but_owes_the_second(self) -> None:
        assert owes([duty(date(2026, 3, 1))], "2026-4-1") == set()
        assert owes([duty(date(2026, 3, 1))], "2026-4-2") == ALL

    def test_a_channel_closed_on_20_february_owes_nothing_for_the_first_quarter(self) -> None:
        assert owes([duty(date(2026, 1, 1), date(2026, 2, 19))], "2026-4-1") == set()

    def test_a_channel_closed_on_1_april_still_owes_the_first_quarter(self) -> None:
        assert owes([duty(date(2026, 1, 1), date(2026, 3, 31))], "2026-4-1") == ALL

    def test_a_channel_closed_on_the_due_date_owes_nothing(self) -> None:
        assert owes([duty(date(2026, 1, 1), date(2026, 3, 30))], "2026-4-1") == set()

    def test_half_of_the_days_is_not_enough_and_one_more_is(self) -> None:
        assert owes([duty(date(2026, 2, 15))], "2026-4-1") == set()  # 45 of 90 days
        assert owes([duty(date(2026, 2, 14))], "2026-4-1") == ALL

    def test_days_before_and_after_a_pause_add_up(self) -> None:
        before, after = duty(date(2026, 1, 1), date(2026, 1, 31)), duty(date(2026, 3, 10))
        assert owes([before, after], "2026-4-1") == ALL  # 31 and 22 days

    def test_a_criterion_that_was_narrowed_away_is_not_owed(self) -> None:
        narrowed = duty(date(2026, 2, 1), criteria=frozenset({Criterion.LEGALITY}))
        assert owes([duty(date(2026, 1, 1), date(2026, 1, 31)), narrowed], "2026-4-1") == {Criterion.LEGALITY}

    def test_the_criterion_must_be_in_force_on_the_last_day_too(self) -> None:
        narrowed = duty(date(2026, 3, 20), criteria=frozenset({Criterion.LEGALITY}))
        assert owes([duty(date(2026, 1, 1), date(2026, 3, 19)), narrowed], "2026-4-1") == {Criterion.LEGALITY}

    def test_days_of_another_cadence_do_not_count(self) -> None:
        monthly = duty(date(2026, 4, 1), n=12)
        duties = [duty(date(2026, 1, 1), date(2026, 3, 31)), monthly]
        assert owes(duties, "2026-4-1") == ALL
        assert owes(duties, "2026-4-2") == set()
        assert owes(duties, "2026-12-3") == set()
        assert owes(duties, "2026-12-4") == ALL

    def test_slots_that_are_not_owed_are_shown_for_every_cadence_of_their_year(self) -> None:
        book = ledger([duty(date(2026, 1, 1), date(2026, 3, 31)), duty(date(2026, 4, 1), n=12)], [], LATER)
        shown = [(one.slot.year, one.slot.n) for one in book.lines]
        assert (shown.count((2026, 4)), shown.count((2026, 12))) == (4, 12)
        assert (2027, 4) not in shown
        assert [one.slot for one in book.lines] == sorted(one.slot for one in book.lines)

    def test_overlapping_obligations_are_refused(self) -> None:
        with pytest.raises(ValueError, match="overlap"):
            ledger([duty(date(2026, 1, 1), date(2026, 6, 30)), duty(date(2026, 6, 30))], [], LATER)


class TestCells:
    def test_a_review_inside_the_quarter_keeps_it(self) -> None:
        book = ledger(QUARTERLY, full(date(2026, 2, 10)), date(2026, 2, 10))
        assert outcomes(book) == ["kept", "coming", "coming", "coming"]

    def test_the_first_and_the_last_day_are_inside(self) -> None:
        for held_on in (date(2026, 4, 1), date(2026, 6, 30)):
            rated = full(date(2026, 1, 1)) + full(held_on, 10)
            assert outcomes(ledger(QUARTERLY, rated, held_on))[:2] == ["kept", "kept"]

    def test_a_slot_in_progress_or_in_its_grace_is_open_and_then_missed(self) -> None:
        assert outcomes(ledger(QUARTERLY, [], date(2026, 4, 30))) == ["open", "open", "coming", "coming"]
        assert outcomes(ledger(QUARTERLY, [], date(2026, 5, 1))) == ["missed", "open", "coming", "coming"]

    def test_the_outcome_is_the_worst_of_the_cells(self) -> None:
        rated = full(date(2026, 2, 1))[:2]
        assert line(ledger(QUARTERLY, rated, date(2026, 4, 1)), "2026-4-1").outcome is Outcome.OPEN
        assert line(ledger(QUARTERLY, rated, date(2026, 5, 1)), "2026-4-1").outcome is Outcome.MISSED
        rated += full(date(2026, 4, 10), 10)
        assert line(ledger(QUARTERLY, rated, date(2026, 5, 1)), "2026-4-1").outcome is Outcome.LATE

    def test_cells_stand_in_the_order_of_the_criteria(self) -> None:
        book = ledger(QUARTERLY, list(reversed(full(date(2026, 2, 1)))), LATER)
        assert [cell.criterion for cell in line(book, "2026-4-1").cells] == list(Criterion)

    def test_of_several_ratings_on_one_day_the_last_closed_is_shown_and_one_counts(self) -> None:
        day, legality = date(2026, 2, 1), Criterion.LEGALITY
        rated = [
            Rated(9, legality, day, day, datetime(2026, 2, 1, 9, tzinfo=UTC)),
            Rated(3, legality, day, day, datetime(2026, 2, 1, 17, tzinfo=UTC)),
            Rated(5, legality, day, day, datetime(2026, 2, 1, 17, tzinfo=UTC)),
        ]
        book = ledger(QUARTERLY, rated, LATER)
        assert dict(book.discharging) == {5: (Slot.of_key("2026-4-1"),)}

    def test_a_day_counts_once_even_if_two_slots_wait_for_it(self) -> None:
        rated = full(date(2026, 4, 10)) + full(date(2026, 4, 10), 10)
        assert outcomes(ledger(QUARTERLY, rated, date(2026, 4, 30)))[:2] == ["late", "open"]

    def test_meetings_held_after_the_day_asked_for_are_unknown(self) -> None:
        assert outcomes(ledger(QUARTERLY, full(date(2026, 2, 10)), date(2026, 2, 9)))[0] == "open"


class TestLate:
    def test_a_review_in_the_grace_takes_the_cell_of_the_slot_before(self) -> None:
        book = ledger(QUARTERLY, full(date(2026, 4, 10)), date(2026, 4, 10))
        assert outcomes(book)[:2] == ["late", "open"]
        assert [cell.days_late for cell in line(book, "2026-4-1").cells] == [10, 10, 10]

    def test_the_last_day_of_the_grace_is_late_and_the_next_is_missed(self) -> None:
        assert outcomes(ledger(QUARTERLY, full(date(2026, 4, 30)), LATER))[:2] == ["late", "missed"]
        assert outcomes(ledger(QUARTERLY, full(date(2026, 5, 1)), LATER))[:2] == ["missed", "kept"]

    def test_a_second_review_in_the_grace_keeps_its_own_slot(self) -> None:
        book = ledger(QUARTERLY, full(date(2026, 4, 10)) + full(date(2026, 4, 20), 10), LATER)
        assert outcomes(book)[:2] == ["late", "kept"]

    def test_each_criterion_goes_its_own_way(self) -> None:
        rated = full(date(2026, 3, 1))[:1] + full(date(2026, 4, 10), 10)
        book = ledger(QUARTERLY, rated, date(2026, 4, 10))
        assert [cell.outcome.value for cell in line(book, "2026-4-1").cells] == ["kept", "late", "late"]
        assert [cell.outcome.value for cell in line(book, "2026-4-2").cells] == ["kept", "open", "open"]

    def test_of_several_ended_slots_in_their_grace_the_one_due_first_takes_it(self) -> None:
        duties = [duty(date(2025, 1, 1), date(2025, 12, 31), n=1), duty(date(2026, 1, 1), n=12)]
        book = ledger(duties, full(date(2026, 2, 5)), date(2026, 2, 5))
        assert line(book, "2025-1-1").outcome is Outcome.LATE
        assert line(book, "2026-12-1").outcome is Outcome.OPEN
        book = ledger(duties, full(date(2026, 2, 5)) + full(date(2026, 2, 6), 10), date(2026, 2, 6))
        assert line(book, "2026-12-1").outcome is Outcome.LATE
        assert line(book, "2026-12-2").outcome is Outcome.OPEN

    def test_with_twelve_a_year_the_grace_is_ten_days(self) -> None:
        monthly = [duty(date(2026, 1, 1), n=12)]
        assert outcomes(ledger(monthly, full(date(2026, 2, 10)), LATER), n=12)[:2] == ["late", "missed"]
        assert outcomes(ledger(monthly, full(date(2026, 2, 11)), LATER), n=12)[:2] == ["missed", "kept"]

    def test_a_rating_that_discharges_nothing_is_extra(self) -> None:
        book = ledger(QUARTERLY, full(date(2026, 2, 1)) + full(date(2026, 3, 1), 10), LATER)
        assert set(book.discharging) == {1, 2, 3}

    def test_a_review_in_january_is_late_for_december_of_the_year_before(self) -> None:
        book = ledger(QUARTERLY, full(date(2027, 1, 30)), date(2027, 1, 30))
        assert outcomes(book)[3] == "late"
        assert outcomes(book, 2027)[0] == "open"

    def test_a_closed_channel_can_still_be_reviewed_late(self) -> None:
        closed = [duty(date(2026, 1, 1), date(2026, 3, 31))]
        assert outcomes(ledger(closed, full(date(2026, 4, 12)), LATER)) == ["late", *["not_owed"] * 3]


class TestMissed:
    def test_what_is_missed_is_not_worked_off_by_a_later_review(self) -> None:
        rated = full(date(2026, 5, 5)) + full(date(2026, 5, 6), 10) + full(date(2026, 5, 7), 20)
        assert outcomes(ledger(QUARTERLY, rated, date(2026, 5, 8)))[:2] == ["missed", "kept"]

    def test_a_meeting_held_in_time_and_closed_later_discharges_and_is_marked(self) -> None:
        book = ledger(QUARTERLY, full(date(2026, 3, 20), entered_on=date(2026, 5, 1)), date(2026, 5, 4))
        assert outcomes(book)[0] == "kept"
        assert all(cell.entered_afterwards for cell in line(book, "2026-4-1").cells)

    def test_a_late_meeting_entered_on_the_last_day_of_the_grace_is_not_marked(self) -> None:
        book = ledger(QUARTERLY, full(date(2026, 4, 2), entered_on=date(2026, 4, 30)), LATER)
        assert not any(cell.entered_afterwards for cell in line(book, "2026-4-1").cells)

    def test_a_rating_added_by_a_correction_marks_its_own_cell_only(self) -> None:
        day = date(2026, 3, 1)
        rated = full(day)[:2] + full(day, 1, entered_on=date(2026, 7, 1))[2:]
        marked = [cell.entered_afterwards for cell in line(ledger(QUARTERLY, rated, LATER), "2026-4-1").cells]
        assert marked == [False, False, True]

    def test_a_cell_that_had_a_rating_in_time_is_not_marked_by_a_later_one_of_the_same_day(self) -> None:
        day = date(2026, 3, 1)
        book = ledger(QUARTERLY, full(day) + full(day, 10, entered_on=date(2026, 7, 1)), LATER)
        cells = line(book, "2026-4-1").cells
        assert [(cell.rating_id, cell.entered_afterwards) for cell in cells] == [
            (10, False),
            (11, False),
            (12, False),
        ]
