"""The life of one channel by years: every slot as a row of a table and as a bar of the timeline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.models import Explanation
from tracker.rules.ledger import Cell, SlotLine
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Outcome
from tracker.rules.year import Year, lines_of, year_of
from tracker.standings import ChannelStanding, Shown

YEARS_SHOWN = 30  # a day typed wrongly must not make a page of a thousand years

Explained = Mapping[tuple[date, date], Sequence[Explanation]]  # by first day and due date of the slot


@dataclass(frozen=True)
class SlotRow:
    """One slot with what became of it. `days`: overdue, or late at most. `held` are days and meetings, by day."""

    slot: Slot
    outcome: Outcome
    overdue: bool
    days: int
    cells: tuple[tuple[Criterion, Cell | None, Shown | None], ...]
    held: tuple[tuple[date, int], ...]
    explanations: Sequence[Explanation]
    afterwards: bool

    @property
    def unexplained(self) -> bool:
        """Whether the slot is missed and nobody has said why."""
        return self.outcome is Outcome.MISSED and not self.explanations


@dataclass(frozen=True)
class YearOfLife:
    """One calendar year: its slots in order, its reading, and the days that stand on its timeline."""

    year: int
    rows: tuple[SlotRow, ...]
    reading: Year
    review_days: tuple[date, ...]
    planned: tuple[date, ...]
    today: date | None

    def at(self, day: date) -> str:
        """Where a day begins on the timeline, as an SVG length; a day before or after the year is at its edge."""
        first, last = date(self.year, 1, 1), date(self.year + 1, 1, 1)
        return f"{100 * min(max((day - first).days / (last - first).days, 0), 1):.2f}%"

    def wide(self, begin: date, end: date) -> str:
        """How long the days from one to another (not included) are on the timeline, as an SVG length."""
        return f"{float(self.at(end)[:-1]) - float(self.at(begin)[:-1]):.2f}%"


def years_of(
    one: ChannelStanding, explained: Explained, planned: Iterable[date], on: date
) -> list[YearOfLife]:
    """The years from the first obligation or rating until this one, the newest first."""
    days = sorted({rated.held_on for rated in one.ledger.rated})
    begun = [duty.from_on for duty in one.ledger.duties] + days[:1]
    first = max(min([on.year, *(day.year for day in begun)]), on.year - YEARS_SHOWN + 1)
    ahead = list(planned)
    return [
        YearOfLife(
            year,
            tuple(row_of(one, line, explained, on) for line in _apart(lines_of(one.ledger, year))),
            year_of(one.ledger, year),
            tuple(day for day in days if day.year == year),
            tuple(day for day in ahead if day.year == year),
            on if on.year == year else None,
        )
        for year in range(on.year, first - 1, -1)
    ]


def _apart(lines: Sequence[SlotLine]) -> list[SlotLine]:
    """The slots of a year without those not owed that lie over others: a changed cadence leaves both kinds."""
    kept = [line for line in lines if line.cells]
    for line in lines:
        slot = line.slot
        if not line.cells and all(
            slot.due_on < k.slot.begins_on or k.slot.due_on < slot.begins_on for k in kept
        ):
            kept.append(line)
    return sorted(kept, key=lambda line: line.slot)


def row_of(one: ChannelStanding, line: SlotLine, explained: Explained, on: date) -> SlotRow:
    """One slot as a row: its cells in the order of the criteria, with the rating that discharged each."""
    by_criterion = {cell.criterion: cell for cell in line.cells}
    cells: list[tuple[Criterion, Cell | None, Shown | None]] = []
    for criterion in Criterion:
        cell = by_criterion.get(criterion)
        rating = one.ratings[cell.rating_id] if cell is not None and cell.rating_id is not None else None
        cells.append((criterion, cell, rating))
    overdue = line.outcome is Outcome.OPEN and line.slot.due_on < on
    late = max((cell.days_late for cell in line.cells), default=0) if line.outcome is Outcome.LATE else 0
    return SlotRow(
        slot=line.slot,
        outcome=line.outcome,
        overdue=overdue,
        days=(on - line.slot.due_on).days if overdue else late,
        cells=tuple(cells),
        held=tuple(
            sorted({(rating.held_on, rating.meeting_id) for _, _, rating in cells if rating is not None})
        ),
        explanations=explained.get((line.slot.begins_on, line.slot.due_on), ()),
        afterwards=any(cell.entered_afterwards for cell in line.cells),
    )
