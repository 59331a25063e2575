"""The ledger of one channel: which cells it owes, and which rating discharged which of them.

Nothing here is stored; a ledger is made anew from obligations and ratings whenever it is asked for. All
days are plain dates in the organisation's zone (docs/promise.md, rules 2 to 5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType

from tracker.rules.discharging import Cell, Owed, Rated, by_day, discharged
from tracker.rules.duties import Duty, owed_criteria, refuse_overlap, slots_in_force
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Outcome

__all__ = ["Cell", "Duty", "Ledger", "Rated", "SlotLine", "is_overdue", "ledger"]

WORST_FIRST: tuple[Outcome, ...] = (
    Outcome.MISSED,
    Outcome.OPEN,
    Outcome.COMING,
    Outcome.LATE,
    Outcome.KEPT,
)


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


def is_overdue(line: SlotLine, on: date) -> bool:
    """Whether a slot is past its due date and still lacking, in its grace."""
    return line.outcome is Outcome.OPEN and line.slot.due_on < on


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
    known = tuple(sorted((one for one in rated if one.held_on <= on), key=by_day))
    planned = plan(ordered, on, last_year)
    lines = planned.lines
    found = discharged(planned.owed, known)
    if found:
        touched = {at for at, _ in found}
        lines = tuple(_with(line, at, found) if at in touched else line for at, line in enumerate(lines))
    return Ledger(on, ordered, known, lines, last_year)


def _with(line: SlotLine, at: int, found: Mapping[tuple[int, Criterion], Cell]) -> SlotLine:
    return SlotLine(line.slot, tuple(found.get((at, cell.criterion), cell) for cell in line.cells))


@dataclass(frozen=True)
class Plan:
    """What is owed before any rating is looked at: the same for all channels with the same duties."""

    lines: tuple[SlotLine, ...]
    owed: Mapping[Criterion, tuple[Owed, ...]]


@lru_cache(maxsize=4096)
def plan(duties: tuple[Duty, ...], on: date, last_year: int) -> Plan:
    """What these duties, by their first day, owe until the end of a year; ValueError if they overlap."""
    refuse_overlap(duties)
    lines: list[SlotLine] = []
    owed: dict[Criterion, list[Owed]] = {criterion: [] for criterion in Criterion}
    for slot in slots_in_force(duties, last_year):
        criteria = owed_criteria(duties, slot)
        for criterion in criteria:
            owed[criterion].append(Owed(len(lines), slot, slot.grace_ends_on))
        outcome = _undischarged(slot, on)
        cells = tuple(Cell(criterion, outcome, None, None, 0, False) for criterion in criteria)
        lines.append(SlotLine(slot, cells))
    return Plan(tuple(lines), {criterion: tuple(found) for criterion, found in owed.items()})


def _undischarged(slot: Slot, on: date) -> Outcome:
    if on > slot.grace_ends_on:
        return Outcome.MISSED
    return Outcome.COMING if on < slot.begins_on else Outcome.OPEN
