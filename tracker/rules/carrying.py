"""How far back the ratings of a channel must be known to tell the slots of a year and of later ones.

Being late carries over: a rating of January may discharge what was due in December, so that its own slot needs the next
one, and so on (docs/promise.md, rule 4). All days are plain dates in the organisation's zone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from tracker.rules.discharging import Rated, by_day, discharged
from tracker.rules.duties import Duty
from tracker.rules.ledger import plan


def clipped(duties: Iterable[Duty], year: int) -> tuple[Duty, ...]:
    """What is left of duties from the first day of a year on. Slots lie within a year, so those since then are owed
    as before.
    """
    first = date(year, 1, 1)
    return tuple(
        replace(duty, from_on=max(duty.from_on, first))
        for duty in sorted(duties, key=lambda duty: duty.from_on)
        if duty.until_on is None or duty.until_on >= first
    )


def settled(duties: Iterable[Duty], rated: Sequence[Rated], year: int, last_year: int) -> bool:
    """Whether ratings held since the year before are enough: `rated` are all of those, as far as they are known.

    No obligations overlap, so that one cell of a criterion at most waits at the turn of a year for a rating after it.
    It is enough if from the last due date of the year before on all is the same, discharged as that cell was or not.
    """
    before = plan(clipped(duties, year - 2), date.max, last_year)
    turn, last = date(year - 2, 12, 31), date(year - 1, 12, 31)
    waiting = {
        criterion: cell
        for criterion, cells in before.owed.items()
        for cell in cells
        if cell.slot.due_on == turn
    }
    if not any(
        one.criterion in waiting and one.held_on <= waiting[one.criterion].grace_ends_on for one in rated
    ):
        return True
    known = sorted(rated, key=by_day)
    without = {
        criterion: [cell for cell in cells if cell.slot.due_on > turn]
        for criterion, cells in before.owed.items()
    }
    late, kept = discharged(before.owed, known), discharged(without, known)
    later = [at for at, line in enumerate(before.lines) if line.slot.due_on >= last]
    return all(
        late.get((at, criterion)) == kept.get((at, criterion)) for criterion in waiting for at in later
    )
