"""When which reminder is owed, counted in the working days of the region."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.ledger import Duty, Rated, SlotLine, ledger
from tracker.rules.reminding import Owed, Timing, quieted, stages_due, timeline, week_of
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Stage
from tracker.rules.workdays import Workdays

BW = Workdays("DE-BW")
FIRST = date(2026, 4, 1)  # the first working day after 31 March


def line(on: date, *held: date, key: str = "2026-4-1") -> SlotLine:
    slot = Slot.of_key(key)
    rated = [Rated(at, one, day, day) for day in held for at, one in enumerate(Criterion)]
    book = ledger([Duty(date(2026, 1, 1), None, slot.n, frozenset(Criterion))], rated, on)
    return next(one for one in book.lines if one.slot == slot)


def stages(on: date, *held: date, quiet_until: date | None = None, planned: bool = False) -> list[str]:
    return [one.stage.value for one in stages_due(line(on, *held), on, BW, quiet_until, planned)]


def test_easter_and_weekends_are_no_working_days() -> None:
    assert BW.after(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert BW.before(date(2026, 4, 7), 1) == date(2026, 4, 2)
    assert BW.before(date(2026, 4, 7), 0) == date(2026, 4, 7)


def test_epiphany_is_a_holiday_in_stuttgart_and_not_in_berlin() -> None:
    assert not BW.is_workday(date(2026, 1, 6))
    assert Workdays("DE-BE").is_workday(date(2026, 1, 6))
    assert Workdays("DE").is_workday(date(2026, 1, 6))


@pytest.mark.parametrize(
    "region", ["", "XX", "DE-XX", "DE-", "de", "CountryHoliday", "DE-BW-1", "HolidayBase"]
)
def test_an_unknown_region_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="region"):
        Workdays(region)


def test_the_notice_is_owed_from_fifteen_working_days_before_until_the_due_date() -> None:
    assert stages(date(2026, 3, 9)) == []
    assert stages_due(line(date(2026, 3, 12)), date(2026, 3, 12), BW) == (
        Owed(Stage.NOTICE, date(2026, 3, 10)),
    )
    assert stages(date(2026, 3, 31)) == ["notice"]


def test_a_meeting_planned_in_the_slot_spares_the_notice() -> None:
    assert stages(date(2026, 3, 12), planned=True) == []


def test_what_is_reviewed_is_not_reminded_of() -> None:
    assert stages(date(2026, 3, 12), date(2026, 3, 1)) == []
    assert stages(date(2026, 4, 12), date(2026, 4, 12)) == []


def test_overdue_is_owed_from_the_first_working_day_after_and_the_notice_no_longer() -> None:
    assert stages(FIRST) == ["overdue"]
    autumn = line(date(2026, 10, 1), key="2026-4-3")
    assert stages_due(autumn, date(2026, 10, 1), BW) == (Owed(Stage.OVERDUE, date(2026, 10, 1)),)
    may = line(date(2026, 6, 1), key="2026-12-5")  # due on a Sunday
    assert stages_due(may, date(2026, 6, 1), BW)[0].owed_on == date(2026, 6, 1)


def test_escalation_comes_after_ten_working_days_or_half_the_grace_if_that_is_earlier() -> None:
    assert stages(date(2026, 4, 14)) == ["overdue"]
    assert stages(date(2026, 4, 15)) == ["overdue", "escalation"]  # Easter: the tenth would be the 16th
    july = date(2026, 7, 14)  # the tenth working day after 30 June
    assert stages_due(line(july, key="2026-4-2"), july, BW)[-1] == Owed(Stage.ESCALATION, july)


def test_then_once_a_calendar_week_until_the_grace_is_over() -> None:
    assert stages(date(2026, 4, 19)) == ["overdue", "escalation"]
    monday, sunday = (stages_due(line(on), on, BW)[-1] for on in (date(2026, 4, 20), date(2026, 4, 26)))
    assert monday == sunday == Owed(Stage.WEEKLY, date(2026, 4, 20), "2026-W17")
    assert stages_due(line(date(2026, 4, 30)), date(2026, 4, 30), BW)[-1].week == "2026-W18"


def test_when_the_grace_is_over_only_missed_is_owed() -> None:
    assert stages_due(line(date(2026, 5, 20)), date(2026, 5, 20), BW) == (
        Owed(Stage.MISSED, date(2026, 5, 1)),
    )


def test_a_planned_meeting_quiets_until_its_day_and_never_beyond_the_grace() -> None:
    assert stages(date(2026, 4, 22), quiet_until=date(2026, 4, 22)) == []
    assert stages(date(2026, 4, 23), quiet_until=date(2026, 4, 22))[0] == "overdue"
    assert stages(date(2026, 5, 1), quiet_until=date(2026, 5, 10)) == ["missed"]


def test_a_meeting_planned_for_after_the_grace_quiets_nothing() -> None:
    assert quieted(date(2026, 4, 30), line(FIRST), FIRST)
    assert not quieted(date(2026, 5, 1), line(FIRST), FIRST)
    assert not quieted(None, line(FIRST), FIRST)


def test_the_week_around_new_year_is_named_by_the_iso_calendar() -> None:
    assert (week_of(date(2027, 1, 3)), week_of(date(2026, 4, 6))) == ("2026-W53", "2026-W15")


def test_the_timeline_of_a_quarter_reads_as_the_page_says_it() -> None:
    said = [(one.stage.value, one.owed_on.isoformat()) for one in timeline(Slot.of_key("2026-4-1"), BW)]
    assert said == [
        ("notice", "2026-03-10"), ("overdue", "2026-04-01"), ("escalation", "2026-04-15"), ("weekly", "2026-04-20"),
        ("weekly", "2026-04-27"), ("missed", "2026-05-01"),
    ]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["2026-4-1", "2026-4-2", "2026-12-5", "2026-2-1", "2026-1-1"]),
    st.integers(0, 30),
    st.integers(1, 5),
    st.integers(5, 30),
)
def test_the_timeline_is_what_is_owed_day_by_day(
    key: str, notice: int, overdue: int, escalation: int
) -> None:
    """Nobody reviews, nobody plans: every stage that comes up on some day stands in the timeline, and no other."""
    slot, timing = Slot.of_key(key), Timing(notice, overdue, escalation)
    found: dict[tuple[str, str], date] = {}
    day = slot.begins_on
    while day <= slot.grace_ends_on + timedelta(days=1):
        for one in stages_due(line(day, key=key), day, BW, timing=timing):
            found.setdefault((one.stage.value, one.week), one.owed_on)
        day += timedelta(days=1)
    assert {(one.stage.value, one.week): one.owed_on for one in timeline(slot, BW, timing)} == found
