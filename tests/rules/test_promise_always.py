"""What holds for every history of a channel, however odd."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.ledger import Duty, Rated, ledger
from tracker.rules.obligating import may_change_cadence_on
from tracker.rules.slots import CADENCES, slot_on, slots_of_year
from tracker.rules.standing import position
from tracker.rules.words import Criterion, Outcome, Standing
from tracker.rules.year import lines_of, year_of

thorough = settings(deadline=None, derandomize=True, max_examples=150)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
WORSE = [Standing.NOT_OWED, Standing.CURRENT, Standing.DUE_SOON, Standing.OVERDUE]
CHANGE_DAYS = [date(year, month, 1) for year in range(2024, 2028) for month in (1, 2, 4, 5, 7, 9, 10)]


@st.composite
def duties(draw: st.DrawFn) -> list[Duty]:
    """Up to four obligations one after the other, with pauses, cadences changing as the rules allow."""
    found: list[Duty] = []
    begin = draw(st.sampled_from(CHANGE_DAYS))
    for _ in range(draw(st.integers(1, 4))):
        cadences = [
            n
            for n in CADENCES
            if not found or n == found[-1].n or may_change_cadence_on(begin, found[-1].n, n)
        ]
        criteria = draw(st.frozensets(st.sampled_from(Criterion), min_size=1))
        days = draw(st.none() | st.integers(0, 500))
        until = None if days is None else begin + timedelta(days=days)
        found.append(Duty(begin, until, draw(st.sampled_from(cadences)), criteria))
        if until is None:
            break
        ahead = [day for day in [until + timedelta(days=1), *CHANGE_DAYS] if day > until]
        begin = draw(st.sampled_from(ahead))
    return found


@st.composite
def ratings(draw: st.DrawFn) -> list[Rated]:
    rows = draw(st.lists(st.tuples(st.sampled_from(Criterion), DAYS, st.integers(0, 200)), max_size=25))
    return [
        Rated(number, criterion, held_on, held_on + timedelta(days=after))
        for number, (criterion, held_on, after) in enumerate(rows)
    ]


@thorough
@given(st.sampled_from(CADENCES), st.data())
def test_a_team_that_is_always_late_by_the_same_days_within_the_grace_never_misses(
    n: int, data: st.DataObject
) -> None:
    shortest = min(slot.grace_days for slot in slots_of_year(2026, n))
    late = data.draw(st.integers(0, shortest))
    slots = [slot for year in range(2024, 2036) for slot in slots_of_year(year, n)]
    rated = [
        Rated(at, criterion, slot.due_on + timedelta(days=late), slot.due_on + timedelta(days=late))
        for at, slot in enumerate(slots)
        for criterion in Criterion
    ]
    book = ledger([Duty(date(2024, 1, 1), None, n, frozenset(Criterion))], rated, date(2036, 6, 30))
    expected = Outcome.LATE if late else Outcome.KEPT
    assert {line.outcome for line in book.lines if line.slot.year < 2036} == {expected}
    assert {cell.days_late for line in book.lines if line.slot.year < 2036 for cell in line.cells} == {late}


@thorough
@given(duties(), ratings(), DAYS)
def test_no_rating_discharges_two_cells_of_a_criterion_unless_the_slots_overlap(
    owed: list[Duty], rated: list[Rated], on: date
) -> None:
    for slots in ledger(owed, rated, on).discharging.values():
        for one, other in pairwise(slots):
            assert one.begins_on <= other.due_on
            assert other.begins_on <= one.due_on


@thorough
@given(duties(), ratings(), DAYS)
def test_every_discharge_lies_in_the_slot_or_in_its_grace_and_says_so(
    owed: list[Duty], rated: list[Rated], on: date
) -> None:
    by_id = {one.id: one for one in rated}
    for line in ledger(owed, rated, on).lines:
        for cell in line.cells:
            if cell.rating_id is None:
                assert cell.outcome in (Outcome.MISSED, Outcome.OPEN, Outcome.COMING)
                continue
            one = by_id[cell.rating_id]
            assert (one.criterion, one.held_on) == (cell.criterion, cell.held_on)
            assert line.slot.begins_on <= one.held_on <= min(on, line.slot.grace_ends_on)
            assert cell.days_late == max(0, (one.held_on - line.slot.due_on).days)
            assert cell.outcome is (Outcome.LATE if cell.days_late else Outcome.KEPT)


@thorough
@given(duties(), ratings(), DAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_ratings_are_read_is_irrelevant(
    owed: list[Duty], rated: list[Rated], on: date, chance: Random
) -> None:
    book = ledger(owed, rated, on)
    shuffled, duties_shuffled = list(rated), list(owed)
    chance.shuffle(shuffled)
    chance.shuffle(duties_shuffled)
    assert ledger(duties_shuffled, shuffled, on) == book


@thorough
@given(duties(), ratings(), DAYS, DAYS, st.sampled_from(Criterion))
def test_a_rating_more_never_makes_anything_worse(
    owed: list[Duty], rated: list[Rated], on: date, held_on: date, criterion: Criterion
) -> None:
    before = ledger(owed, rated, on)
    after = ledger(owed, [*rated, Rated(999, criterion, held_on, held_on)], on)
    for was, now in zip(before.lines, after.lines, strict=True):
        assert all(
            new.discharged or not old.discharged for old, new in zip(was.cells, now.cells, strict=True)
        )
    stood, stands = position(before), position(after)
    assert WORSE.index(stands.standing) <= WORSE.index(stood.standing)
    assert stands.days_overdue <= stood.days_overdue


@thorough
@given(duties(), ratings(), DAYS)
def test_the_standing_and_its_due_date_agree(owed: list[Duty], rated: list[Rated], on: date) -> None:
    book = ledger(owed, rated, on)
    where = position(book)
    assert (where.slot.due_on if where.slot else None) == where.due_on
    if where.standing is Standing.OVERDUE:
        assert where.due_on is not None
        assert where.due_on < on
        assert where.days_overdue == (on - where.due_on).days
    else:
        assert where.days_overdue == 0
        assert where.due_on is None or where.due_on >= on
    if where.standing is Standing.NOT_OWED:
        assert not any(duty.in_force(on) for duty in owed)


@thorough
@given(duties(), ratings(), DAYS, st.integers(2023, 2030))
def test_the_counts_of_a_year_add_up(owed: list[Duty], rated: list[Rated], on: date, year: int) -> None:
    book = ledger(owed, rated, on)
    seen = year_of(book, year)
    assert seen.kept + seen.late + seen.missed + seen.open + seen.coming == seen.owed
    assert seen.owed + seen.not_owed == len(lines_of(book, year))
    assert seen.slots_forecast.needed == seen.open + seen.coming == len(seen.slots_forecast.by)
    assert seen.count_forecast.needed == max(0, seen.owed - seen.review_days)
    assert not (seen.missed and seen.slots_forecast.reachable)
    assert not any(last < on for last in seen.slots_forecast.by)


@thorough
@given(duties(), ratings(), DAYS, st.integers(2024, 2027))
def test_a_year_is_reachable_just_when_reviewing_every_day_from_now_on_would_reach_it(
    owed: list[Duty], rated: list[Rated], on: date, year: int
) -> None:
    rated = [one for one in rated if one.held_on <= on]
    end = max(date(year + 1, 12, 31), on)
    days = [on + timedelta(days=ahead) for ahead in range((date(year + 1, 6, 30) - on).days)]
    daily = [Rated(-1, criterion, day, day) for day in days for criterion in Criterion]
    best = Counter(line.outcome for line in lines_of(ledger(owed, rated + daily, end), year))
    assert year_of(ledger(owed, rated, on), year).slots_forecast.reachable == (best[Outcome.MISSED] == 0)


@thorough
@given(st.sampled_from(CADENCES), DAYS)
def test_a_channel_reviewed_in_its_slot_is_never_overdue_in_the_next(n: int, day: date) -> None:
    slot = slot_on(day, n)
    following = slot_on(slot.due_on + timedelta(days=1), n)
    rated = [Rated(1, criterion, day, day) for criterion in Criterion]
    book = ledger([Duty(slot.begins_on, None, n, frozenset(Criterion))], rated, following.due_on)
    assert position(book).standing is Standing.DUE_SOON
    assert position(book).due_on == following.due_on
