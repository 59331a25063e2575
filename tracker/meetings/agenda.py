"""What belongs on an agenda: the slots that a meeting held on a day could still discharge a cell of."""

from datetime import date

from tracker.rules.ledger import Ledger
from tracker.rules.slots import Slot


def due_by(ledger: Ledger, day: date) -> tuple[Slot, ...]:
    """The slots begun by a day, not whole, and not past their grace on it; by due date (docs/promise.md, rule 4).

    The ledger must reach to the end of the year of that day.
    """
    return tuple(
        line.slot
        for line in ledger.lines
        if line.cells and not line.whole and line.slot.begins_on <= day <= line.slot.grace_ends_on
    )
