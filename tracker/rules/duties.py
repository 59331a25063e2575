"""What a channel owes: from which day until which, how often, and so in which slots.

All days are plain dates in the organisation's zone (docs/promise.md, rule 2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.rules.slots import Slot, slots_of_year
from tracker.rules.words import Criterion


@dataclass(frozen=True)
class Duty:
    """The plain value of an obligation; both days are included, no last day means open."""

    from_on: date
    until_on: date | None
    n: int
    criteria: frozenset[Criterion]

    def in_force(self, day: date) -> bool:
        """Whether anything is owed under it on that day."""
        return bool(self.criteria) and self.from_on <= day and (self.until_on is None or day <= self.until_on)

    def days_within(self, slot: Slot) -> int:
        """On how many days of the slot it is in force."""
        last = slot.due_on if self.until_on is None else min(self.until_on, slot.due_on)
        return max(0, (last - max(self.from_on, slot.begins_on)).days + 1)


def refuse_overlap(duties: tuple[Duty, ...]) -> None:
    """ValueError if two of a channel's duties, given by their first day, share a day."""
    for one, other in pairwise(duties):
        if one.until_on is None or one.until_on >= other.from_on:
            raise ValueError(f"obligations overlap on {other.from_on}")


def slots_in_force(duties: tuple[Duty, ...], last_year: int) -> list[Slot]:
    """Every slot of every cadence in force in its year, by due date, then by first day."""
    found: set[Slot] = set()
    for duty in duties:
        until = last_year if duty.until_on is None else min(last_year, duty.until_on.year)
        for year in range(duty.from_on.year, until + 1):
            found.update(slots_of_year(year, duty.n))
    return sorted(found)


def owed_criteria(duties: Iterable[Duty], slot: Slot) -> tuple[Criterion, ...]:
    """The criteria a slot owes: in force on more than half of its days and on its last day (rule 2)."""
    same = [duty for duty in duties if duty.n == slot.n]
    last = [duty for duty in same if duty.in_force(slot.due_on)]
    return tuple(
        criterion
        for criterion in Criterion
        if any(criterion in duty.criteria for duty in last)
        and 2 * sum(duty.days_within(slot) for duty in same if criterion in duty.criteria) > slot.days
    )
