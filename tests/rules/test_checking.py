"""Which wording of an item is asked on a day, of which channel, and what its answers still lack."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.checking import CheckFault, CheckLine, asks, check_faults, counted, in_force, stale
from tracker.rules.words import Answer, Criterion

TODAY = date(2026, 7, 14)


@dataclass(frozen=True)
class Wording:
    number: int
    from_on: date
    until_on: date | None = None
    platforms: frozenset[str] | None = None
    unit_ids: frozenset[str] | None = None


def on(day: int) -> date:
    """A day of July 2026."""
    return date(2026, 7, day)


days = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@st.composite
def wordings(draw: st.DrawFn) -> list[Wording]:
    ends = st.one_of(st.none(), days)
    drawn = draw(st.lists(st.tuples(days, ends), max_size=6))
    listed = [Wording(k, begins, until) for k, (begins, until) in enumerate(drawn, start=1)]
    return draw(st.permutations(listed))


@given(wordings(), days)
def test_what_is_asked_has_begun_and_has_not_ended(listed: list[Wording], day: date) -> None:
    found = in_force(listed, day)
    if found is not None:
        assert found.from_on <= day
        assert found.until_on is None or day <= found.until_on


@given(wordings(), days)
def test_no_newer_wording_that_has_begun_is_passed_over(listed: list[Wording], day: date) -> None:
    begun = [one for one in listed if one.from_on <= day]
    found = in_force(listed, day)
    if found is not None:
        assert all(one.number <= found.number for one in begun)
    elif begun:
        newest = max(begun, key=lambda one: one.number)
        assert newest.until_on is not None
        assert newest.until_on < day


@given(wordings(), days, st.integers(1, 30))
def test_what_comes_later_changes_nothing_before_it_begins(
    listed: list[Wording], day: date, ahead: int
) -> None:
    later = Wording(len(listed) + 1, day + timedelta(days=ahead))
    assert in_force([*listed, later], day) == in_force(listed, day)
    assert in_force([*listed, later], later.from_on) == later


def test_a_wording_gives_way_to_the_next_on_its_day() -> None:
    first, second = Wording(1, on(1)), Wording(2, on(10))
    assert [in_force([first, second], on(day)) for day in (9, 10)] == [first, second]


def test_its_last_day_still_counts_and_nothing_older_comes_back() -> None:
    first, second = Wording(1, on(1)), Wording(2, on(10), until_on=on(20))
    assert in_force([first, second], on(20)) == second
    assert in_force([first, second], on(21)) is None


def test_one_written_later_for_an_earlier_day_takes_the_place_of_what_was_planned() -> None:
    now, planned, sooner = Wording(1, on(1)), Wording(2, on(20)), Wording(3, on(10))
    assert [in_force([now, planned, sooner], on(day)) for day in (9, 10, 20)] == [now, sooner, sooner]


@pytest.mark.parametrize(
    ("platforms", "units", "asked"),
    [(None, None, True), ({"facebook"}, None, True), ({"XING"}, None, False), (set(), None, False),
     (None, {"7"}, True), (None, {"70"}, False), (None, set(), False), ({"Facebook", "XING"}, {"7", "8"}, True)],
)  # fmt: skip
def test_it_is_asked_where_both_platform_and_unit_are_named(
    platforms: set[str] | None, units: set[str] | None, asked: bool
) -> None:
    wording = Wording(
        1, on(1), None, *(None if one is None else frozenset(one) for one in (platforms, units))
    )
    assert asks(wording, "Facebook", 7) is asked


def test_after_a_year_a_check_is_stale_and_one_never_made_is_not() -> None:
    assert not stale(TODAY - timedelta(days=365), TODAY)
    assert stale(TODAY - timedelta(days=366), TODAY)
    assert not stale(None, TODAY)


def test_partly_and_not_met_say_why_and_a_note_belongs_to_an_answer() -> None:
    lines = [CheckLine("a", Answer.MET), CheckLine("b", Answer.PARTLY), CheckLine("c", Answer.NOT_MET, " \n"),
             CheckLine("d", None, "nur so"), CheckLine("e", Answer.NOT_APPLICABLE), CheckLine("f")]  # fmt: skip
    found = {line.key: fault for line, fault in check_faults(lines, all_required=False)}
    assert found == {
        "b": CheckFault.NOTE_MISSING, "c": CheckFault.NOTE_MISSING, "d": CheckFault.ANSWER_MISSING,
    }  # fmt: skip
    assert dict(check_faults(lines[-1:], all_required=True)) == {lines[-1]: CheckFault.UNCHECKED}


def test_prompts_lack_nothing_even_where_all_items_are_required() -> None:
    prompt = CheckLine("a", criterion=Criterion.STRATEGY)
    assert check_faults([prompt], all_required=True) == ()


def test_not_applicable_counts_as_checked_and_not_checked_does_not() -> None:
    assert counted([Answer.MET, Answer.NOT_APPLICABLE, Answer.NOT_CHECKED, None]) == (2, 4)
