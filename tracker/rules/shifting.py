"""What a correction does to a channel's cells: two ledgers of one day compared, before and after."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from tracker.rules.ledger import Cell, Ledger, Rated, ledger
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Outcome


@dataclass(frozen=True)
class Shift:
    """An owed cell that stands otherwise after a correction: discharged, open again, or discharged in another way."""

    slot: Slot
    criterion: Criterion
    before: Cell
    after: Cell

    @property
    def opens(self) -> bool:
        """Whether it loses what discharged it."""
        return self.before.discharged and not self.after.discharged

    @property
    def alike(self) -> tuple[date, date, str, str]:
        """The same for cells of one slot that stand alike before and alike after; sorts by slot."""
        return self.slot.due_on, self.slot.begins_on, repr(_reads(self.before)), repr(_reads(self.after))

    @property
    def discharges(self) -> bool:
        """Whether it is discharged only by the correction."""
        return self.after.discharged and not self.before.discharged


def with_others(book: Ledger, gone: Collection[int], added: Iterable[Rated]) -> Ledger:
    """The same channel on the same day without some ratings and with others."""
    kept = [one for one in book.rated if one.id not in gone]
    return ledger(book.duties, [*kept, *added], book.on, book.last_year)


def shifts(before: Ledger, after: Ledger) -> tuple[Shift, ...]:
    """The cells that stand otherwise, in the order of the slots; both ledgers are of one day and the same duties.

    Which rating discharges a cell is no difference as long as the cell reads the same.
    """
    then = {(line.slot, cell.criterion): cell for line in after.lines for cell in line.cells}
    found = []
    for line in before.lines:
        for cell in line.cells:
            other = then.get((line.slot, cell.criterion), cell)
            if _reads(cell) != _reads(other):
                found.append(Shift(line.slot, cell.criterion, cell, other))
    return tuple(found)


def _reads(cell: Cell) -> tuple[Outcome, int, bool]:
    return cell.outcome, cell.days_late, cell.entered_afterwards
