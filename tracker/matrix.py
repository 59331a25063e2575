"""The matrix: channels by unit against the slots of a year, in the columns of the most common cadence.

A channel with another cadence is laid over these columns: a slot stands in the column its due date lies in and
reaches back over columns without one; where several slots fall into a column, the worst is shown and all are told.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tracker.models import Unit
from tracker.rules.ledger import WORST_FIRST, SlotLine, is_overdue
from tracker.rules.slots import Slot, slots_of_year
from tracker.rules.words import Criterion, Outcome
from tracker.rules.year import lines_of
from tracker.standings import ChannelStanding

USUAL = 4  # the columns of a year in which nothing is owed


@dataclass(frozen=True)
class Told:
    """One slot of a channel for the eye and the ear: `marks` name a level, "none" or "na" for each criterion."""

    slot: Slot
    outcome: Outcome
    overdue: bool
    days: int  # overdue, or late at most; 0 otherwise
    marks: tuple[tuple[Criterion, str], ...]
    afterwards: bool


@dataclass(frozen=True)
class Square:
    """One cell of the matrix: the slot it shows, worst first, and the others that fall into it."""

    span: int
    shown: Told | None  # None: no obligation was in force in that part of the year
    others: tuple[Told, ...] = ()

    @property
    def alike(self) -> int:
        """How many of its slots have the outcome that is shown."""
        shown = self.shown
        if shown is None:
            return 0
        return 1 + sum((one.outcome, one.overdue) == (shown.outcome, shown.overdue) for one in self.others)


@dataclass(frozen=True)
class Row:
    """One channel with its squares; their spans add up to the number of columns."""

    standing: ChannelStanding
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class Group:
    """The channels of one unit, in the order of the concept."""

    unit: Unit
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Matrix:
    """The columns, and the rows by unit."""

    columns: tuple[Slot, ...]
    groups: tuple[Group, ...]


def matrix(
    found: Sequence[ChannelStanding], year: int, on: date, among: Sequence[ChannelStanding] = ()
) -> Matrix:
    """The matrix of a year as it stands on a day. `among` are all the channels, where `found` is a page of them."""
    columns = slots_of_year(year, _most_common(among or found, year))
    ordered = sorted(found, key=lambda one: (one.channel.unit.position, one.channel.unit_id))
    groups = groupby(ordered, key=lambda one: one.channel.unit)
    return Matrix(
        columns,
        tuple(
            Group(unit, tuple(Row(one, _squares(one, columns, on)) for one in ones)) for unit, ones in groups
        ),
    )


def _most_common(found: Sequence[ChannelStanding], year: int) -> int:
    """The cadence that most channels owe in the year; of equals, the quicker one."""
    counts: Counter[int] = Counter()
    for one in found:
        counts.update({line.slot.n for line in lines_of(one.ledger, year) if line.cells})
    return max(counts, key=lambda n: (counts[n], n), default=USUAL)


def _squares(one: ChannelStanding, columns: tuple[Slot, ...], on: date) -> tuple[Square, ...]:
    lines = lines_of(one.ledger, columns[0].year)
    squares: list[Square] = []
    waiting = 0
    for column in columns:
        waiting += 1
        within = [line for line in lines if column.begins_on <= line.slot.due_on <= column.due_on]
        owed = [line for line in within if line.cells]
        if not within:
            continue
        chosen = sorted(owed, key=_badness) if owed else within[-1:]
        worst, *rest = [told(one, line, on) for line in chosen]
        squares.append(Square(waiting, worst, tuple(sorted(rest, key=lambda other: other.slot))))
        waiting = 0
    if waiting:
        squares.append(Square(waiting, None))
    return tuple(squares)


def _badness(line: SlotLine) -> tuple[int, Slot]:
    return WORST_FIRST.index(line.outcome), line.slot


def told(one: ChannelStanding, line: SlotLine, on: date) -> Told:
    """What is shown of one slot: its outcome, the days, and the level of every criterion."""
    cells = {cell.criterion: cell for cell in line.cells}
    marks: list[tuple[Criterion, str]] = []
    for criterion in Criterion:
        cell = cells.get(criterion)
        if cell is None:
            marks.append((criterion, "na"))
        else:
            marks.append((criterion, "none" if cell.rating_id is None else one.ratings[cell.rating_id].level))
    overdue = is_overdue(line, on)
    days = (on - line.slot.due_on).days if overdue else 0
    if line.outcome is Outcome.LATE:
        days = max(cell.days_late for cell in line.cells)
    afterwards = any(cell.entered_afterwards for cell in line.cells)
    return Told(line.slot, line.outcome, overdue, days, tuple(marks), afterwards)
