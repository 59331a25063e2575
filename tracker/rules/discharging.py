"""Which rating discharges which owed cell of a channel (docs/promise.md, rules 3 to 5).

All days are plain dates in the organisation's zone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import NamedTuple

from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Outcome

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Rated:
    """The plain value of a rating in a closed meeting.

    `entered_on` is the day, in the organisation's zone, on which it was closed, or added by a correction;
    `closed_at` is that moment in UTC.
    """

    id: int
    criterion: Criterion
    held_on: date
    entered_on: date
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Cell:
    """One owed criterion of a slot, and the rating that discharged it, if one did."""

    criterion: Criterion
    outcome: Outcome
    rating_id: int | None
    held_on: date | None
    days_late: int
    entered_afterwards: bool

    @property
    def discharged(self) -> bool:
        """Whether a rating has discharged it, in time or late."""
        return self.rating_id is not None


class Owed(NamedTuple):
    """A cell of one criterion: the number of its line, its slot, and the last day on which it can be discharged."""

    at: int
    slot: Slot
    grace_ends_on: date


def discharged(
    owed_of: Mapping[Criterion, Sequence[Owed]], known: Iterable[Rated]
) -> dict[tuple[int, Criterion], Cell]:
    """The discharged cells by line and criterion; `known` comes by_day, the owed cells by due date.

    Ratings of one criterion held on one day are one: the last closed is shown, the first entered says since
    when that day counts.
    """
    days: dict[Criterion, dict[date, list[Rated]]] = {}
    for one in known:
        days.setdefault(one.criterion, {}).setdefault(one.held_on, []).append(one)
    found: dict[tuple[int, Criterion], Cell] = {}
    for criterion, held in days.items():
        owed = owed_of[criterion]
        entered = {held_on: min(one.entered_on for one in same) for held_on, same in held.items()}
        behind = any(held_on < entered_on for held_on, entered_on in entered.items())
        matched = _matched(owed, held)
        for cell in owed:
            at, slot, _grace_ends_on = cell
            if (held_on := matched.get(at)) is None:
                continue
            days_late = max(0, (held_on - slot.due_on).days)
            found[at, criterion] = Cell(
                criterion,
                Outcome.LATE if days_late else Outcome.KEPT,
                held[held_on][-1].id,
                held_on,
                days_late,
                behind and _was_missed(cell, owed, entered),
            )
    return found


def _was_missed(cell: Owed, owed: Sequence[Owed], entered: Mapping[date, date]) -> bool:
    """Whether a cell, discharged by now, was still open when its grace was over, by what was entered until then.

    Rule 5 asks that, not when the rating that is shown was entered: another one may have discharged it in time.
    """
    at, _slot, grace_ends_on = cell
    if not any(held_on <= grace_ends_on < entered_on for held_on, entered_on in entered.items()):
        return False
    in_time = [
        held_on for held_on, entered_on in entered.items() if max(held_on, entered_on) <= grace_ends_on
    ]
    return at not in _matched(owed, in_time)


def _matched(owed: Sequence[Owed], days: Iterable[date]) -> dict[int, date]:
    """By number of the line: which day, of days in their order, discharges the cell of a criterion (rule 4)."""
    found: dict[int, date] = {}
    over = 0  # so many of the first cells are beyond reach of this day and all later ones
    for held_on in days:
        while over < len(owed) and owed[over][2] < held_on:
            over += 1
        for cell in _taken(islice(owed, over, None), held_on, found):
            found[cell[0]] = held_on
    return found


def _taken(owed: Iterable[Owed], held_on: date, found: Mapping[int, date]) -> list[Owed]:
    """The cells a day's rating discharges: the first open one in its grace, else those it was held in.

    It was held in one slot, unless duties of different cadence left two overlapping slots owed.
    """
    own = []
    for cell in owed:
        at, slot, grace_ends_on = cell
        if held_on > grace_ends_on:
            continue
        if slot.due_on.year > held_on.year:
            break
        if at in found:
            continue
        if slot.due_on < held_on:
            return [cell]
        if slot.begins_on <= held_on:
            own.append(cell)
    return own


def by_day(one: Rated) -> tuple[date, Criterion, datetime, int]:
    """The order of ratings: by held day, criterion and moment of closing."""
    return one.held_on, one.criterion, one.closed_at or NEVER, one.id
