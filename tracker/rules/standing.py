"""How a channel stands on the day of its ledger, and which slot is due next (docs/promise.md, rule 6)."""

from dataclasses import dataclass
from datetime import date

from tracker.rules.ledger import Ledger, SlotLine
from tracker.rules.slots import Slot
from tracker.rules.words import Outcome, Standing


@dataclass(frozen=True)
class Position:
    """A standing with its due date: `slot` is the oldest overdue one, else the next that is due, if any."""

    standing: Standing
    due_on: date | None
    days_overdue: int
    slot: Slot | None


def position(ledger: Ledger) -> Position:
    """The standing on the ledger's day; the ledger must reach to the end of the year after that day."""
    on = ledger.on
    oldest = _oldest_overdue(ledger)
    if oldest is not None:
        return Position(Standing.OVERDUE, oldest.due_on, (on - oldest.due_on).days, oldest)
    upcoming = next(
        (line.slot for line in ledger.lines if line.cells and line.slot.due_on >= on and not line.whole), None
    )
    due_on = upcoming.due_on if upcoming else None
    return Position(_standing(ledger), due_on, 0, upcoming)


def _oldest_overdue(ledger: Ledger) -> Slot | None:
    """The first slot that is past due and lacking, is not outdone by a later whole one, and still matters."""
    on, in_force = ledger.on, ledger.in_force
    last_whole = max((line.slot.due_on for line in ledger.lines if line.whole), default=date.min)
    for line in ledger.lines:
        slot = line.slot
        if slot.due_on >= on:
            break
        lacking = bool(line.cells) and not line.whole
        if lacking and slot.due_on >= last_whole and (in_force or on <= slot.grace_ends_on):
            return slot
    return None


def _standing(ledger: Ledger) -> Standing:
    """The standing of a channel that is not overdue."""
    on = ledger.on
    if not ledger.in_force and not any(_owed_in_grace(line, on) for line in ledger.lines):
        return Standing.NOT_OWED
    if any(_due_soon(line, on) for line in ledger.lines):
        return Standing.DUE_SOON
    return Standing.CURRENT


def _owed_in_grace(line: SlotLine, on: date) -> bool:
    return bool(line.cells) and line.slot.due_on < on <= line.slot.grace_ends_on


def _due_soon(line: SlotLine, on: date) -> bool:
    slot = line.slot
    if not slot.begins_on <= on <= slot.due_on:
        return False
    return (slot.due_on - on).days <= slot.grace_days and any(
        cell.outcome is Outcome.OPEN for cell in line.cells
    )
