"""What a decision does to a channel: its state from a day on, and what it owes from then on."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.deciding import Course, StateFrom, Turn, decided, redecided, resumes, state_on, turned
from tracker.rules.foreseeing import Run, foreseen
from tracker.rules.ledger import Duty, ledger
from tracker.rules.obligating import RuleBroken, preview
from tracker.rules.slots import CADENCES, Slot
from tracker.rules.words import ChannelState, Criterion, Decision

ACTIVE, CRISIS_ONLY, DORMANT = ChannelState.ACTIVE, ChannelState.CRISIS_ONLY, ChannelState.DORMANT
CLOSED = ChannelState.CLOSED
ALL, LEGALITY = frozenset(Criterion), frozenset({Criterion.LEGALITY})
BEGIN, TODAY, NEXT = date(2026, 1, 1), date(2026, 11, 17), date(2027, 1, 1)
RUNNING = Course(None, (StateFrom(BEGIN, ACTIVE),), (Duty(BEGIN, None, 4, ALL),))


def owing(course: Course, day: date) -> tuple[int, frozenset[Criterion]] | None:
    """How often, and on what, a channel is reviewed by what is in force on a day."""
    return next(((one.n, one.criteria) for one in course.duties if one.in_force(day)), None)


def refusal(course: Course, decision: Decision, from_on: date) -> str:
    with pytest.raises(RuleBroken) as broken:
        decided(course, decision, from_on, TODAY)
    return broken.value.rule


@pytest.mark.parametrize("decision", [Decision.CRISIS_ONLY, Decision.DORMANT])
def test_at_rest_only_legality_stays_owed(decision: Decision) -> None:
    after = decided(RUNNING, decision, NEXT, TODAY)
    assert state_on(after.states, NEXT).value == decision.value
    assert state_on(after.states, TODAY) is ACTIVE, "the state changes on its day, not before"
    assert owing(after, date(2026, 12, 31)) == (4, ALL)
    assert owing(after, NEXT) == (4, LEGALITY)


@pytest.mark.parametrize("decision", [Decision.CLOSE, Decision.REPLACE])
def test_closed_nothing_is_owed_from_that_day_on(decision: Decision) -> None:
    after = decided(RUNNING, decision, NEXT, TODAY)
    assert after.states[-1] == StateFrom(NEXT, CLOSED)
    assert after.duties == (Duty(BEGIN, date(2026, 12, 31), 4, ALL),)


@pytest.mark.parametrize("decision", [Decision.CONTINUE, Decision.ADJUST])
def test_to_continue_or_adjust_an_active_channel_changes_nothing(decision: Decision) -> None:
    assert decided(RUNNING, decision, NEXT, TODAY) == RUNNING
    assert decided(RUNNING, decision, None, TODAY) == RUNNING


@pytest.mark.parametrize("decision", [Decision.CRISIS_ONLY, Decision.DORMANT])
def test_to_continue_a_channel_at_rest_takes_it_up_again_with_all_it_owed(decision: Decision) -> None:
    at_rest = decided(RUNNING, decision, NEXT, TODAY)
    after = decided(at_rest, Decision.CONTINUE, date(2027, 7, 1), date(2027, 5, 4))
    assert resumes(at_rest, date(2027, 5, 4))
    assert owing(after, date(2027, 6, 30)) == (4, LEGALITY)
    assert owing(after, date(2027, 7, 1)) == (4, ALL)
    assert after.states[-1] == StateFrom(date(2027, 7, 1), ACTIVE)


def test_taken_up_again_it_owes_no_criterion_that_was_never_promised() -> None:
    two = frozenset({Criterion.LEGALITY, Criterion.STRATEGY})
    course = Course(None, RUNNING.states, (Duty(BEGIN, None, 4, two),))
    at_rest = decided(course, Decision.DORMANT, NEXT, TODAY)
    assert owing(decided(at_rest, Decision.CONTINUE, NEXT, TODAY), NEXT) == (4, two)


def test_to_continue_on_the_day_a_rest_was_to_begin_calls_it_off() -> None:
    at_rest = decided(RUNNING, Decision.DORMANT, NEXT, TODAY)
    called_off = decided(at_rest, Decision.CONTINUE, NEXT, TODAY)
    assert called_off.states == RUNNING.states
    assert preview(RUNNING.duties, called_off.duties, (), TODAY) == ()
    assert decided(at_rest, Decision.CONTINUE, date(2026, 12, 1), TODAY) == at_rest, (
        "active until then anyway"
    )


def test_another_day_for_the_same_decision_replaces_what_was_planned() -> None:
    later = decided(RUNNING, Decision.CLOSE, date(2027, 4, 1), TODAY)
    earlier = decided(later, Decision.CLOSE, NEXT, TODAY)
    assert earlier == decided(RUNNING, Decision.CLOSE, NEXT, TODAY)


def test_a_day_before_the_opening_is_refused_whatever_was_decided() -> None:
    opened = Course(date(2026, 10, 15), (StateFrom(date(2026, 10, 15), ACTIVE),), RUNNING.duties)
    for decision in Decision:
        assert refusal(opened, decision, date(2026, 10, 14)) == "before_opening"
        decided(opened, decision, date(2026, 10, 15), TODAY)


def test_a_day_in_a_slot_that_has_ended_is_refused_and_one_in_the_running_slot_is_not() -> None:
    assert refusal(RUNNING, Decision.DORMANT, date(2026, 9, 30)) == "slot_ended"
    assert refusal(RUNNING, Decision.CLOSE, date(2026, 9, 30)) == "slot_ended"
    assert decided(RUNNING, Decision.CLOSE, date(2026, 10, 1), TODAY) != RUNNING
    assert decided(RUNNING, Decision.ADJUST, date(2026, 9, 30), TODAY) == RUNNING, "nothing is reached"


def test_a_channel_that_owes_nothing_is_not_changed_in_a_slot_that_has_ended_either() -> None:
    gone = decided(RUNNING, Decision.CLOSE, date(2026, 10, 1), TODAY)
    with pytest.raises(RuleBroken) as broken:
        turned(gone, Turn(date(2026, 10, 1), ACTIVE), date(2027, 1, 1))
    assert broken.value.rule == "slot_ended"


def test_after_closing_nothing_else_is_decided() -> None:
    gone = decided(RUNNING, Decision.CLOSE, NEXT, TODAY)
    for decision in (Decision.DORMANT, Decision.CRISIS_ONLY, Decision.CLOSE, Decision.REPLACE):
        assert refusal(gone, decision, date(2027, 1, 2)) == "closed"
    assert decided(gone, Decision.CLOSE, NEXT, TODAY) == gone
    assert decided(gone, Decision.CONTINUE, date(2027, 2, 1), TODAY) == gone


def test_a_new_cadence_leaves_a_planned_rest_and_a_rest_leaves_a_planned_cadence() -> None:
    rest_first = decided(RUNNING, Decision.DORMANT, date(2027, 7, 1), TODAY)
    one = turned(rest_first, Turn(NEXT, n=12), TODAY)
    cadence_first = turned(RUNNING, Turn(NEXT, n=12), TODAY)
    other = decided(cadence_first, Decision.DORMANT, date(2027, 7, 1), TODAY)
    assert one == other
    assert owing(one, date(2027, 6, 30)) == (12, ALL)
    assert owing(one, date(2027, 7, 1)) == (12, LEGALITY)
    assert decided(cadence_first, Decision.DORMANT, date(2026, 12, 1), TODAY).duties == (
        Duty(BEGIN, date(2026, 11, 30), 4, ALL),
        Duty(date(2026, 12, 1), date(2026, 12, 31), 4, LEGALITY),
        Duty(NEXT, None, 12, LEGALITY),
    )


def test_a_rest_does_not_make_owed_what_is_promised_only_later() -> None:
    later = Course(date(2020, 1, 1), (StateFrom(date(2020, 1, 1), ACTIVE),), (Duty(NEXT, None, 4, ALL),))
    after = decided(later, Decision.DORMANT, date(2026, 12, 1), TODAY)
    assert after.duties == (Duty(NEXT, None, 4, LEGALITY),)


def test_a_cadence_changes_only_where_a_slot_of_both_starts() -> None:
    with pytest.raises(RuleBroken) as broken:
        turned(RUNNING, Turn(date(2026, 12, 1), n=12), TODAY)
    assert broken.value.rule == "cadence_day"


def test_before_its_first_day_a_channel_is_planned() -> None:
    assert state_on((), TODAY) is ChannelState.PLANNED
    assert state_on(RUNNING.states, date(2025, 12, 31)) is ChannelState.PLANNED
    assert decided(Course(), Decision.CLOSE, TODAY, TODAY).states == (StateFrom(TODAY, CLOSED),)


def slots(*keys: str) -> list[Slot]:
    return [Slot.of_key(key) for key in keys]


def test_what_goes_on_is_told_as_one_run_from_its_first_slot_on() -> None:
    seen = foreseen(RUNNING, decided(RUNNING, Decision.DORMANT, NEXT, TODAY), TODAY)
    (first,) = slots("2027-4-1")
    assert seen.runs == (Run(first, None, (Criterion.COST_BENEFIT, Criterion.STRATEGY), False),)
    assert (seen.now.state, seen.begins, seen.dropped) == (ACTIVE, (StateFrom(NEXT, DORMANT),), ())


def test_what_ends_again_is_told_with_its_last_slot() -> None:
    at_rest = decided(RUNNING, Decision.DORMANT, date(2027, 7, 1), TODAY)
    earlier = decided(at_rest, Decision.DORMANT, NEXT, TODAY)
    first, last = slots("2027-4-1", "2027-4-2")
    seen = foreseen(at_rest, earlier, TODAY)
    assert seen.runs == (Run(first, last, (Criterion.COST_BENEFIT, Criterion.STRATEGY), False),)
    assert seen.dropped == (StateFrom(date(2027, 7, 1), DORMANT),)


def test_a_new_cadence_is_told_as_what_stops_and_what_begins() -> None:
    seen = foreseen(RUNNING, turned(RUNNING, Turn(NEXT, n=12), TODAY), TODAY)
    quarter, january = slots("2027-4-1", "2027-12-1")
    assert seen.runs == (
        Run(quarter, None, tuple(Criterion), False),
        Run(january, None, tuple(Criterion), True),
    )


def test_what_changes_nothing_is_told_as_nothing() -> None:
    assert not foreseen(RUNNING, RUNNING, TODAY).anything


DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
STEPS = st.one_of(
    st.tuples(DAYS, st.sampled_from(Decision)),
    st.builds(Turn, DAYS, n=st.sampled_from(CADENCES)),
    st.builds(Turn, DAYS, state=st.sampled_from(ChannelState)),
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.lists(st.tuples(STEPS, st.integers(0, 200)), max_size=8))
def test_whatever_is_decided_in_whatever_order(steps: list[tuple[Turn | tuple[date, Decision], int]]) -> None:
    """Time goes forward: what has ended stays, states and obligations tell one story, twice is as good as once."""
    course, today = RUNNING, date(2026, 2, 1)
    for step, days in steps:
        today = date.fromordinal(today.toordinal() + days)
        try:
            after = (
                turned(course, step, today)
                if isinstance(step, Turn)
                else decided(course, step[1], step[0], today)
            )
        except RuleBroken:
            continue
        ledger(after.duties, (), today)  # it refuses an overlap
        assert not any(slot.due_on < today for slot, _, _ in preview(course.duties, after.duties, (), today))
        for duty in after.duties:
            state = state_on(after.states, duty.from_on)
            assert state not in {CLOSED, ChannelState.PLANNED}
            assert duty.criteria == (ALL if state is ACTIVE else LEGALITY)
        for one in after.states:
            in_force = owing(after, one.from_on)
            assert (in_force is None) == (one.state in {CLOSED, ChannelState.PLANNED})
        again = turned(after, step, today) if isinstance(step, Turn) else None
        assert again in {None, after}
        course = after


CHANGING = (Decision.CRISIS_ONLY, Decision.DORMANT, Decision.CLOSE, Decision.REPLACE)
MONTHS = [date(2026 + k // 12, k % 12 + 1, 1) for k in range(36)]


def life(course: Course) -> list[object]:
    """How a channel is run, and what it owes, month by month."""
    return [(state_on(course.states, day), owing(course, day)) for day in MONTHS]


@pytest.mark.parametrize("was", CHANGING)
@pytest.mark.parametrize("now", CHANGING)
def test_a_corrected_decision_leaves_the_channel_as_if_it_had_been_made_at_first(
    was: Decision, now: Decision
) -> None:
    wrong = decided(RUNNING, was, NEXT, TODAY)
    for day in (NEXT, date(2027, 4, 1)):
        again = redecided(wrong, (was, NEXT), (now, day), TODAY)
        assert life(again) == life(decided(RUNNING, now, day, TODAY))


@pytest.mark.parametrize("was", CHANGING)
def test_a_withdrawn_decision_is_turned_back(was: Decision) -> None:
    assert life(redecided(decided(RUNNING, was, NEXT, TODAY), (was, NEXT), None, TODAY)) == life(RUNNING)


def test_what_was_decided_since_is_not_undone_by_a_correction() -> None:
    at_rest = decided(RUNNING, Decision.DORMANT, NEXT, TODAY)
    since = decided(at_rest, Decision.CLOSE, date(2027, 7, 1), TODAY)
    assert redecided(since, (Decision.DORMANT, NEXT), None, TODAY) == since


def test_what_has_counted_in_a_slot_that_ended_stays() -> None:
    at_rest = decided(RUNNING, Decision.DORMANT, NEXT, TODAY)
    with pytest.raises(RuleBroken, match="ended"):
        redecided(at_rest, (Decision.DORMANT, NEXT), None, date(2027, 5, 1))


def test_what_was_replaced_since_but_counted_in_a_slot_that_ended_stays_as_well() -> None:
    at_rest = decided(RUNNING, Decision.DORMANT, NEXT, TODAY)
    again = decided(at_rest, Decision.CONTINUE, date(2027, 7, 1), TODAY)
    with pytest.raises(RuleBroken, match="ended"):
        redecided(again, (Decision.DORMANT, NEXT), (Decision.CLOSE, NEXT), date(2027, 8, 1))


def test_a_decision_that_changed_nothing_leaves_nothing_to_undo() -> None:
    opened = (Decision.CONTINUE, BEGIN)
    resumed = Course(None, (StateFrom(BEGIN, ACTIVE), StateFrom(NEXT, ACTIVE)), RUNNING.duties)
    for course, was in (
        (RUNNING, opened),
        (resumed, (Decision.CONTINUE, NEXT)),
        (RUNNING, (Decision.ADJUST, None)),
    ):
        assert redecided(course, was, None, TODAY) == course


DECISIONS = st.tuples(st.sampled_from(Decision), DAYS)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.lists(STEPS, max_size=4), DECISIONS)
def test_undoing_and_deciding_the_same_again_gives_the_same_course(
    steps: list[Turn | tuple[date, Decision]], decision: tuple[Decision, date]
) -> None:
    course, today = RUNNING, date(2026, 2, 1)
    for step in steps:
        with suppress(RuleBroken):
            course = (
                turned(course, step, today)
                if isinstance(step, Turn)
                else decided(course, step[1], step[0], today)
            )
    try:
        once = decided(course, *decision, today)
    except RuleBroken:
        return
    assert redecided(course, None, decision, today) == once
    assert redecided(once, decision, decision, today) == once
    if all(one.from_on < decision[1] for one in (*course.states, *course.duties)):
        assert life(redecided(once, decision, None, today)) == life(course), "nothing else was planned"
