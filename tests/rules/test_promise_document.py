"""docs/promise.md cannot lie: the rules are asked for every row of every table in it.

A table is known by its first head, a column of what is seen by its own. Days are of 2026 unless a year stands there.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tracker.rules.deciding import STATE_OF_DECISION, Course, StateFrom, decided
from tracker.rules.discharging import Rated
from tracker.rules.duties import Duty
from tracker.rules.ledger import Ledger, SlotLine, ledger
from tracker.rules.obligating import criteria_owed, may_change_cadence_on
from tracker.rules.slots import Slot, slots_of_year
from tracker.rules.standing import position
from tracker.rules.words import ChannelState, Criterion, Decision, Outcome
from tracker.rules.year import Forecast, Year, year_of

DOCUMENT = Path(__file__).parents[2] / "docs/promise.md"
YEAR, DAY, ALL = 2026, timedelta(days=1), frozenset(Criterion)
FIRST = date(YEAR, 1, 1)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
QUARTERS = {"first quarter": 0, "second quarter": 1, "third quarter": 2, "fourth quarter": 3}
CRITERIA = {one.value.replace("_", "-"): one for one in Criterion}
DECISIONS = {"let it rest": Decision.DORMANT, **{one.value.replace("_", " "): one for one in Decision}}
Row = dict[str, str]


def tables() -> Iterator[tuple[str, Row]]:
    """The number of the rule and, by their heads, the cells of each row of each table."""
    rule, heads = "", []
    for line in DOCUMENT.read_text("utf-8").splitlines():
        if found := re.match(r"## (\d)\.", line):
            rule = found[1]
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            heads = []
        elif not heads:
            heads = cells
        elif not line.startswith("|--"):
            yield rule, dict(zip(heads, cells, strict=True))


def day(said: str) -> date:
    number, month, year = re.fullmatch(r"(\d+) (\w+)(?: (\d{4}))?", said.strip()).groups()  # type: ignore[union-attr]
    return date(int(year or YEAR), MONTHS.index(month) + 1, int(number))


def days(said: str) -> list[date]:
    return [day(one) for one in said.split(";")]


def criteria(said: str) -> set[Criterion]:
    if said in {"all three", "nothing"}:
        return set(ALL) if said == "all three" else set()
    return {CRITERIA[one.strip()] for one in said.split(",")}


def rated(said: str) -> list[Rated]:
    """`17 March: legality; 14 July, closed on 4 August`: ratings of those days, by default on all criteria."""
    found: list[Rated] = []
    for meeting in said.split(";") if said != "nothing" else []:
        held, _, on = meeting.partition(":")
        held, _, closed = held.partition(", closed on ")
        for one in criteria(on.strip() or "all three"):
            found.append(Rated(len(found), one, day(held), day(closed or held)))
    return found


def owed(book: Ledger, slot: Slot) -> set[Criterion]:
    return {cell.criterion for cell in line_of(book, slot).cells}


def line_of(book: Ledger, slot: Slot) -> SlotLine:
    return next(line for line in book.lines if line.slot == slot)


def the_slots_of_a_cadence(row: Row) -> None:
    assert [slot.due_on for slot in slots_of_year(YEAR, int(row["times a year"]))] == days(row["due on"])


def what_an_obligation_owes(row: Row) -> None:
    kind, said = row["obligation"].split(",")[0].split(" ", 1)
    duty = Duty(day(said), None, 4, ALL) if kind == "from" else Duty(FIRST, day(said), 4, ALL)
    slot = slots_of_year(YEAR, 4)[0]
    assert owed(ledger([duty], [], slot.due_on), slot) == criteria(row["owed for the first quarter"])
    assert row["because"].startswith(f"{duty.days_within(slot)} of {slot.days} days")


def when_a_cadence_may_change(row: Row) -> None:
    old, new = (int(row[which].split()[0]) for which in ("from", "to"))
    year = [FIRST + k * DAY for k in range(365)]
    assert [one for one in year if may_change_cadence_on(one, old, new)] == days(row["may change on"])


def what_a_decision_does(row: Row) -> None:
    for said in row["Decision"].split(", "):
        state = STATE_OF_DECISION.get(DECISIONS[said])
        stays = {None: "as it", ChannelState.CLOSED: "closed"}.get(state, "at rest")
        assert row["The channel from that day on"].startswith(stays)
        left = row["Owed from that day on"].split(":")[0].removesuffix(" only")
        if state:
            assert criteria_owed(state, ALL) == criteria(left)
        else:
            assert left.startswith("as it was")


def what_is_owed_after_a_decision(row: Row) -> None:
    today = date(YEAR, 11, 17)
    said, _, from_on = row["decided on 17 November"].partition(" from ")
    before = Course(FIRST, (StateFrom(FIRST, ChannelState.ACTIVE),), (Duty(FIRST, None, 4, ALL),))
    after = decided(before, DECISIONS[said], day(from_on) if from_on else None, today)
    book = ledger(after.duties, [], today, last_year=YEAR + 1)
    slots = slots_of_year(YEAR, 4)[3], slots_of_year(YEAR + 1, 4)[0]
    heads = "owed for the fourth quarter", "owed for the first quarter of 2027"
    there = {line.slot for line in book.lines}
    assert [owed(book, slot) if slot in there else set() for slot in slots] == [
        criteria(row[head]) for head in heads
    ]


def how_long_a_slot_can_be_made_up_for(row: Row) -> None:
    name, _, cadence = row["slot"].partition(", ")
    slot = slots_of_year(YEAR, 12)[MONTHS.index(name)] if cadence else slots_of_year(YEAR, 4)[QUARTERS[name]]
    assert (slot.days, slot.grace_days) == (int(row["days"]), int(row["grace"]))
    assert slot.grace_ends_on == day(row["can be made up for until"])


def what_is_seen(row: Row) -> None:
    on, ratings = day(row["seen on"]), rated(row["rated on"])
    book = ledger([Duty(FIRST, None, 4, ALL)], ratings, on)
    for head, said in list(row.items())[2:]:
        if head in QUARTERS:
            assert outcome(line_of(book, slots_of_year(YEAR, 4)[QUARTERS[head]])) == said
        else:
            SEEN[head](book, said)


def outcome(line: SlotLine) -> str:
    late = max(cell.days_late for cell in line.cells)
    said = f"late by {late} days" if line.outcome is Outcome.LATE else line.outcome.value
    return said + (", entered afterwards" if any(cell.entered_afterwards for cell in line.cells) else "")


def stands(book: Ledger, said: str) -> None:
    found = position(book)
    by = f" by {found.days_overdue} days" if found.days_overdue else ""
    how, _, due = said.partition(", due on ")
    assert (f"{found.standing.value.replace('_', ' ')}{by}", found.due_on) == (how, day(due))


def extra(book: Ledger, said: str) -> None:
    left = {one.held_on for one in book.rated if one.id not in book.discharging}
    assert left == (set() if said == "none" else set(days(said)))


def count(name: str) -> Callable[[Ledger, str], None]:
    def check(book: Ledger, said: str) -> None:
        assert getattr(year_of(book, YEAR), name) == int(said)

    return check


def review_days(book: Ledger, said: str) -> None:
    found: Year = year_of(book, YEAR)
    assert f"{found.review_days} of {found.owed}" == said


def longest_gap(book: Ledger, said: str) -> None:
    found = year_of(book, YEAR).longest_gap_days
    assert ("unknown" if found is None else f"{found} days") == said


def forecast(name: str) -> Callable[[Ledger, str], None]:
    def check(book: Ledger, said: str) -> None:
        needed, _, by = said.partition(": ")
        by, _, but = by.partition(", but ")
        assert getattr(year_of(book, YEAR), name) == Forecast(int(needed), tuple(days(by)), not but)

    return check


SEEN: dict[str, Callable[[Ledger, str], None]] = {
    "stands": stands,
    "extra": extra,
    **{name: count(name) for name in ("kept", "late", "missed", "open", "coming")},
    "days with a review": review_days,
    "longest gap": longest_gap,
    "slots still needed, by the end of their grace": forecast("slots_forecast"),
    "days still needed": forecast("count_forecast"),
}
TABLES: dict[str, Callable[[Row], None]] = {
    "times a year": the_slots_of_a_cadence,
    "obligation": what_an_obligation_owes,
    "from": when_a_cadence_may_change,
    "Decision": what_a_decision_does,
    "decided on 17 November": what_is_owed_after_a_decision,
    "rated on": what_is_seen,
    "slot": how_long_a_slot_can_be_made_up_for,
}
ROWS = [pytest.param(row, id=f"rule {rule}: {'; '.join(row.values())}"[:90]) for rule, row in tables()]


@pytest.mark.parametrize("row", ROWS)
def test_the_rules_say_what_the_document_says(row: Row) -> None:
    TABLES[next(iter(row))](row)


def test_every_rule_but_the_last_has_its_examples() -> None:
    assert {rule for rule, _row in tables()} == set("1234567")
    assert len(ROWS) > 40
    assert "\n> " not in DOCUMENT.read_text("utf-8"), "an example that no test reads"
