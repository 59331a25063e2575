"""How a channel stands on a day, and what its year looks like: worked examples of the rules 6 and 7."""

from datetime import date

import pytest

from tracker.rules.ledger import Duty, Ledger, Rated, ledger
from tracker.rules.standing import Position, position
from tracker.rules.words import Criterion, Standing
from tracker.rules.year import Forecast, lines_of, year_of

OPEN_END = [Duty(date(2026, 1, 1), None, 4, frozenset(Criterion))]
Q1, Q2, Q3, Q4 = date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)


def book(on: date, *held: date, duties: list[Duty] = OPEN_END) -> Ledger:
    rated = [
        Rated(10 * at + c, one, day, day) for at, day in enumerate(held) for c, one in enumerate(Criterion)
    ]
    return ledger(duties, rated, on)


def stands(on: date, *held: date, duties: list[Duty] = OPEN_END) -> tuple[str, date | None, int]:
    where: Position = position(book(on, *held, duties=duties))
    return where.standing.value, where.due_on, where.days_overdue


class TestStanding:
    def test_due_today_is_not_overdue_and_tomorrow_is(self) -> None:
        assert stands(Q1) == ("due_soon", Q1, 0)
        assert stands(date(2026, 4, 1)) == ("overdue", Q1, 1)

    def test_due_soon_begins_as_many_days_before_as_the_grace_is_long(self) -> None:
        assert stands(date(2026, 2, 28)) == ("current", Q1, 0)
        assert stands(date(2026, 3, 1)) == ("due_soon", Q1, 0)

    def test_after_keeping_the_second_quarter_the_third_is_due(self) -> None:
        assert stands(date(2026, 6, 10), date(2026, 2, 1), date(2026, 6, 10)) == ("current", Q3, 0)

    def test_a_late_review_ends_being_overdue_and_leaves_the_current_quarter_open(self) -> None:
        assert stands(date(2026, 4, 10), date(2026, 4, 10)) == ("current", Q2, 0)

    def test_missed_slots_stay_overdue_from_the_oldest_until_a_later_one_is_whole(self) -> None:
        assert stands(date(2026, 8, 15)) == ("overdue", Q1, 137)
        assert stands(date(2026, 5, 10), date(2026, 5, 10)) == ("current", Q3, 0)

    def test_a_review_of_one_criterion_does_not_end_being_overdue(self) -> None:
        one = [Rated(1, Criterion.LEGALITY, date(2026, 4, 10), date(2026, 4, 10))]
        assert position(ledger(OPEN_END, one, date(2026, 4, 10))).standing is Standing.OVERDUE

    def test_a_closed_channel_is_overdue_while_the_grace_runs_and_then_not_owed(self) -> None:
        closed = [Duty(date(2026, 1, 1), Q1, 4, frozenset(Criterion))]
        assert stands(date(2026, 4, 30), duties=closed) == ("overdue", Q1, 30)
        assert stands(date(2026, 5, 1), duties=closed) == ("not_owed", None, 0)

    def test_a_closed_channel_that_kept_its_last_slot_is_current_until_the_grace_is_over(self) -> None:
        closed = [Duty(date(2026, 1, 1), Q1, 4, frozenset(Criterion))]
        assert stands(date(2026, 4, 30), date(2026, 2, 1), duties=closed) == ("current", None, 0)
        assert stands(date(2026, 5, 1), date(2026, 2, 1), duties=closed) == ("not_owed", None, 0)

    def test_a_channel_yet_to_open_is_not_owed_and_says_when_it_will_be_due(self) -> None:
        assert stands(date(2026, 1, 5), duties=[Duty(date(2026, 1, 10), None, 4, frozenset(Criterion))]) == (
            "not_owed",
            Q1,
            0,
        )

    def test_without_any_obligation_nothing_is_owed(self) -> None:
        assert stands(Q1, duties=[]) == ("not_owed", None, 0)

    def test_on_31_december_next_year_is_due_after_this_one_is_kept(self) -> None:
        assert stands(Q4, date(2026, 2, 1), date(2026, 5, 1), date(2026, 8, 1), Q4)[1] == date(2027, 3, 31)

    @pytest.mark.parametrize(("on", "days"), [(date(2026, 3, 28), 87), (date(2026, 3, 30), 89)])
    def test_the_clock_change_in_spring_is_one_day_like_any_other(self, on: date, days: int) -> None:
        year_before = [Duty(date(2025, 10, 1), None, 4, frozenset(Criterion))]
        assert stands(on, duties=year_before) == ("overdue", date(2025, 12, 31), days)

    @pytest.mark.parametrize(("on", "days"), [(date(2026, 10, 24), 24), (date(2026, 10, 26), 26)])
    def test_so_is_the_one_in_autumn(self, on: date, days: int) -> None:
        assert stands(on, date(2026, 5, 1)) == ("overdue", Q3, days)


class TestYear:
    def test_a_year_that_is_half_over(self) -> None:
        seen = year_of(book(date(2026, 7, 15), date(2026, 2, 1), date(2026, 4, 20)), 2026)
        assert (seen.owed, seen.kept, seen.late, seen.missed, seen.open, seen.coming) == (4, 2, 0, 0, 1, 1)
        assert (seen.review_days, seen.longest_gap_days) == (2, 78)
        assert seen.slots_forecast == Forecast(2, (date(2026, 10, 30), date(2027, 1, 30)), True)
        assert seen.count_forecast == Forecast(2, (Q4,), True)

    def test_a_missed_slot_is_lost_for_the_slots_and_not_for_the_count(self) -> None:
        seen = year_of(book(date(2026, 5, 2)), 2026)
        assert (seen.missed, seen.slots_forecast.needed, seen.slots_forecast.reachable) == (1, 3, False)
        assert seen.count_forecast == Forecast(4, (Q4,), True)

    def test_late_in_january_counts_as_slot_of_the_old_and_day_of_the_new_year(self) -> None:
        now = book(date(2027, 1, 10), date(2026, 2, 1), date(2026, 5, 1), date(2026, 8, 1), date(2027, 1, 10))
        old, new = year_of(now, 2026), year_of(now, 2027)
        assert (old.late, old.review_days, old.longest_gap_days) == (1, 3, 92)
        assert (new.open, new.review_days, new.longest_gap_days) == (1, 1, 162)
        assert old.slots_forecast == Forecast(0, (), True)
        assert old.count_forecast == Forecast(1, (Q4,), False)

    def test_on_31_december_today_is_the_one_day_left(self) -> None:
        held = date(2026, 2, 1), date(2026, 5, 1)
        assert year_of(book(Q4, *held, date(2026, 8, 1)), 2026).count_forecast == Forecast(1, (Q4,), True)
        assert year_of(book(Q4, *held), 2026).count_forecast == Forecast(2, (Q4,), False)
        assert year_of(book(Q4, *held, Q4), 2026).count_forecast == Forecast(1, (Q4,), False)

    def test_a_year_to_come_has_coming_slots_only_however_far_away(self) -> None:
        for year in (2027, 2031):
            seen = year_of(book(date(2026, 5, 2)), year)
            assert (seen.owed, seen.coming, seen.review_days, seen.longest_gap_days) == (4, 4, 0, None)
            assert seen.slots_forecast.reachable
            assert seen.count_forecast.reachable

    def test_a_year_owed_in_part(self) -> None:
        seen = year_of(book(Q2, duties=[Duty(date(2026, 6, 1), None, 4, frozenset(Criterion))]), 2026)
        assert (seen.owed, seen.not_owed, seen.coming, seen.count_forecast.needed) == (2, 2, 2, 2)

    def test_the_gap_is_unknown_below_two_review_days(self) -> None:
        assert year_of(book(Q2, date(2026, 2, 1)), 2026).longest_gap_days is None

    def test_the_time_since_the_last_review_runs_and_is_no_gap_yet(self) -> None:
        now = book(Q2, date(2026, 2, 1), date(2026, 3, 1))
        assert (year_of(now, 2026).longest_gap_days, year_of(now, 2026).running_gap_days) == (28, 121)
        assert year_of(now, 2025).running_gap_days is None
        assert year_of(book(Q2), 2026).running_gap_days is None

    def test_a_leap_day_lengthens_the_gap(self) -> None:
        now = ledger(
            OPEN_END,
            [
                Rated(at, Criterion.LEGALITY, day, day)
                for at, day in enumerate((date(2028, 2, 28), date(2028, 3, 1)))
            ],
            date(2028, 4, 1),
        )
        assert year_of(now, 2028).longest_gap_days == 2

    def test_what_was_entered_afterwards_is_counted_apart(self) -> None:
        rated = [Rated(at, one, date(2026, 3, 1), date(2026, 6, 1)) for at, one in enumerate(Criterion)]
        seen = year_of(ledger(OPEN_END, rated, Q2), 2026)
        assert (seen.kept, seen.entered_afterwards) == (1, 1)

    def test_two_slots_whose_grace_needs_the_same_last_day_cannot_both_be_reached(self) -> None:
        duties = [
            Duty(date(2025, 1, 1), date(2025, 12, 31), 1, frozenset(Criterion)),
            Duty(date(2026, 1, 1), None, 12, frozenset(Criterion)),
        ]
        assert year_of(book(date(2026, 2, 9), duties=duties), 2026).slots_forecast.reachable
        assert not year_of(book(date(2026, 2, 10), duties=duties), 2026).slots_forecast.reachable

    def test_the_lines_of_a_year_are_the_slots_due_in_it(self) -> None:
        assert [line.slot.due_on for line in lines_of(book(Q1), 2026)] == [Q1, Q2, Q3, Q4]
