"""The ledger of one channel: which cells it owes, and which rating discharged which of them.

Nothing here is stored; a ledger is made anew from obligations and ratings whenever it is asked for. All
days are plain dates in the organisation's zone (docs/promise.md, rules 2 to 5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from itertools import islice
from types import MappingProxyType
from typing import TypeAlias

from tracker.rules.duties import Duty, owed_criteria, refuse_overlap, slots_in_force
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Outcome

__all__ = ["Cell", "Duty", "Ledger", "Rated", "SlotLine", "ledger"]

WORST_FIRST: tuple[Outcome, ...] = (
    Outcome.MISSED,
    Outcome.OPEN,
    Outcome.COMING,
    Outcome.LATE,
    Outcome.KEPT,
)
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


@dataclass(frozen=True)
class SlotLine:
    """A slot with its owed cells, in the order of Criterion."""

    slot: Slot
    cells: tuple[Cell, ...]

    @cached_property
    def outcome(self) -> Outcome:
        """The first of missed, open, coming, late, kept that a cell has; not owed without cells (rule 3)."""
        found = {cell.outcome for cell in self.cells}
        return next((outcome for outcome in WORST_FIRST if outcome in found), Outcome.NOT_OWED)

    @cached_property
    def whole(self) -> bool:
        """Whether something is owed and all of it is discharged (rule 6)."""
        return bool(self.cells) and all(cell.discharged for cell in self.cells)


@dataclass(frozen=True)
class Ledger:
    """All slots of a channel as they stand on a day, sorted by due date, then by first day.

    `rated` are the ratings held until that day, in the order of their days; `lines` reach to the end of
    `last_year` and show slots that are not owed as well.
    """

    on: date
    duties: tuple[Duty, ...]
    rated: tuple[Rated, ...]
    lines: tuple[SlotLine, ...]
    last_year: int

    @cached_property
    def discharging(self) -> Mapping[int, tuple[Slot, ...]]:
        """The slots each rating discharges a cell of; a rating that is not in it is extra (rule 4)."""
        found: dict[int, tuple[Slot, ...]] = {}
        for line in self.lines:
            for cell in line.cells:
                if cell.rating_id is not None:
                    found[cell.rating_id] = (*found.get(cell.rating_id, ()), line.slot)
        return MappingProxyType(found)

    @property
    def in_force(self) -> bool:
        """Whether an obligation is in force on the ledger's day."""
        return any(duty.in_force(self.on) for duty in self.duties)


def ledger(duties: Iterable[Duty], rated: Iterable[Rated], on: date, last_year: int | None = None) -> Ledger:
    """The ledger of one channel on a day; ratings held after that day are ignored.

    The standing is read from a ledger that reaches at least to the year after `on`, which is the default.
    A day in the past is told with what is known now about meetings held until then (rule 7). ValueError if
    the duties overlap.
    """
    last_year = on.year + 1 if last_year is None else last_year
    ordered = tuple(sorted(duties, key=lambda duty: duty.from_on))
    known = tuple(sorted((one for one in rated if one.held_on <= on), key=_by_day))
    plan = _plan(ordered, on, last_year)
    lines = plan.lines
    discharged = _discharged(plan, known)
    if discharged:
        touched = {at for at, _ in discharged}
        lines = tuple(_with(line, at, discharged) if at in touched else line for at, line in enumerate(lines))
    return Ledger(on, ordered, known, lines, last_year)


def _with(line: SlotLine, at: int, discharged: Mapping[tuple[int, Criterion], Cell]) -> SlotLine:
    return SlotLine(line.slot, tuple(discharged.get((at, cell.criterion), cell) for cell in line.cells))


_Owed: TypeAlias = tuple[
    int, Slot, date
]  # a cell of one criterion: number of the line, slot, end of its grace


@dataclass(frozen=True)
class _Plan:
    """What is owed before any rating is looked at: the same for all channels with the same duties."""

    lines: tuple[SlotLine, ...]
    owed: Mapping[Criterion, tuple[_Owed, ...]]


@lru_cache(maxsize=4096)
def _plan(duties: tuple[Duty, ...], on: date, last_year: int) -> _Plan:
    refuse_overlap(duties)
    lines: list[SlotLine] = []
    owed: dict[Criterion, list[_Owed]] = {criterion: [] for criterion in Criterion}
    for slot in slots_in_force(duties, last_year):
        criteria = owed_criteria(duties, slot)
        for criterion in criteria:
            owed[criterion].append((len(lines), slot, slot.grace_ends_on))
        outcome = _undischarged(slot, on)
        cells = tuple(Cell(criterion, outcome, None, None, 0, False) for criterion in criteria)
        lines.append(SlotLine(slot, cells))
    return _Plan(tuple(lines), {criterion: tuple(found) for criterion, found in owed.items()})


def _undischarged(slot: Slot, on: date) -> Outcome:
    if on > slot.grace_ends_on:
        return Outcome.MISSED
    return Outcome.COMING if on < slot.begins_on else Outcome.OPEN


def _by_day(one: Rated) -> tuple[date, Criterion, datetime, int]:
    return one.held_on, one.criterion, one.closed_at or NEVER, one.id


def _discharged(plan: _Plan, known: tuple[Rated, ...]) -> dict[tuple[int, Criterion], Cell]:
    """The discharged cells by line and criterion; `known` comes in the order of held days (rules 3 to 5).

    Ratings of one criterion held on one day are one: the last closed is shown, the first entered says since
    when that day counts.
    """
    days: dict[Criterion, dict[date, list[Rated]]] = {}
    for one in known:
        days.setdefault(one.criterion, {}).setdefault(one.held_on, []).append(one)
    found: dict[tuple[int, Criterion], Cell] = {}
    for criterion, held in days.items():
        owed = plan.owed[criterion]
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


def _was_missed(cell: _Owed, owed: tuple[_Owed, ...], entered: Mapping[date, date]) -> bool:
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


def _matched(owed: tuple[_Owed, ...], days: Iterable[date]) -> dict[int, date]:
    """By number of the line: which day, of days in their order, discharges the cell of a criterion (rule 4)."""
    found: dict[int, date] = {}
    over = 0  # so many of the first cells are beyond reach of this day and all later ones
    for held_on in days:
        while over < len(owed) and owed[over][2] < held_on:
            over += 1
        for cell in _taken(islice(owed, over, None), held_on, found):
            found[cell[0]] = held_on
    return found


def _taken(owed: Iterable[_Owed], held_on: date, found: Mapping[int, date]) -> list[_Owed]:
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
