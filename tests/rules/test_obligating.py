"""A change ends one obligation and begins another, and never reaches into a slot that has ended."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.ledger import Duty, ledger
from tracker.rules.obligating import RuleBroken, change, criteria_owed, may_change_cadence_on, preview
from tracker.rules.slots import CADENCES, Slot
from tracker.rules.words import ChannelState, Criterion

ALL = frozenset(Criterion)
LEGALITY = frozenset({Criterion.LEGALITY})
OPEN_END = (Duty(date(2026, 1, 1), None, 4, ALL),)


def test_a_quarter_begins_a_slot_of_four_and_of_twelve_and_another_month_does_not() -> None:
    assert may_change_cadence_on(date(2026, 4, 1), 4, 12)
    assert not may_change_cadence_on(date(2026, 5, 1), 12, 4)
    assert not may_change_cadence_on(date(2026, 5, 1), 4, 12)
    assert not may_change_cadence_on(date(2026, 4, 2), 4, 4)


def test_a_dormant_channel_owes_legality_and_nothing_else() -> None:
    for state in (ChannelState.DORMANT, ChannelState.CRISIS_ONLY):
        assert criteria_owed(state, ALL) == LEGALITY
        assert criteria_owed(state, {Criterion.STRATEGY}) == frozenset()
    assert criteria_owed(ChannelState.ACTIVE, ALL) == ALL
    assert criteria_owed(ChannelState.PLANNED, ALL) == criteria_owed(ChannelState.CLOSED, ALL) == frozenset()


def test_closing_ends_the_obligation_on_the_day_before() -> None:
    assert change(OPEN_END, date(2026, 2, 20), 4, ()) == (Duty(date(2026, 1, 1), date(2026, 2, 19), 4, ALL),)


def test_what_was_to_begin_later_is_dropped() -> None:
    planned = change(OPEN_END, date(2026, 7, 1), 12, ALL)
    assert change(planned, date(2026, 4, 1), 4, LEGALITY) == (
        Duty(date(2026, 1, 1), date(2026, 3, 31), 4, ALL),
        Duty(date(2026, 4, 1), None, 4, LEGALITY),
    )


def test_resuming_leaves_the_pause_as_it_was() -> None:
    paused = change(OPEN_END, date(2026, 4, 1), 4, ())
    assert change(paused, date(2026, 9, 1), 4, ALL) == (*paused, Duty(date(2026, 9, 1), None, 4, ALL))


def test_a_change_to_what_is_in_force_changes_nothing() -> None:
    assert change(OPEN_END, date(2026, 5, 7), 4, ALL) == OPEN_END


def test_the_cadence_changes_only_where_a_slot_of_both_starts() -> None:
    with pytest.raises(RuleBroken) as broken:
        change(OPEN_END, date(2026, 5, 1), 12, ALL)
    assert broken.value.rule == "cadence_day"
    assert change(OPEN_END, date(2026, 7, 1), 12, ALL)[-1].n == 12


def test_no_change_reaches_into_a_slot_that_has_ended() -> None:
    assert change(OPEN_END, date(2026, 2, 20), 4, (), on=date(2026, 3, 31))
    with pytest.raises(RuleBroken) as broken:
        change(OPEN_END, date(2026, 2, 20), 4, (), on=date(2026, 4, 1))
    assert broken.value.rule == "slot_ended"


def test_the_first_obligation_of_a_channel_may_begin_in_the_past() -> None:
    assert change((), date(2020, 1, 1), 4, ALL, on=date(2026, 4, 1)) == (
        Duty(date(2020, 1, 1), None, 4, ALL),
    )


def test_a_cadence_that_cuts_no_year_is_refused() -> None:
    with pytest.raises(RuleBroken):
        change((), date(2026, 1, 1), 5, ALL)


def test_the_preview_says_which_cells_become_owed_and_which_stop() -> None:
    after = change(OPEN_END, date(2026, 10, 1), 12, LEGALITY)
    seen = preview(OPEN_END, after, (), date(2026, 8, 1))
    assert (Slot.of_key("2026-12-10"), Criterion.LEGALITY, True) in seen
    assert (Slot.of_key("2026-4-4"), Criterion.STRATEGY, False) in seen
    assert not any(slot.due_on < date(2026, 10, 1) for slot, _, _ in seen)
    assert preview(OPEN_END, OPEN_END, (), date(2026, 8, 1)) == ()


STEPS = st.tuples(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.sampled_from(CADENCES),
    st.frozensets(st.sampled_from(Criterion)),
)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.lists(STEPS, max_size=8), st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_however_often_it_changes_obligations_never_overlap_and_ended_slots_stay(
    steps: list[tuple[date, int, frozenset[Criterion]]], on: date
) -> None:
    duties: tuple[Duty, ...] = ()
    for from_on, n, criteria in steps:
        try:
            after = change(duties, from_on, n, criteria, on=on)
        except RuleBroken:
            continue
        ledger(after, (), on)  # it refuses an overlap
        if duties:
            assert not any(slot.due_on < on for slot, _, _ in preview(duties, after, (), on))
        duties = after
