"""Slots: the n equal parts of a calendar year, each due on its last day.

A slot is told apart by year, number and n; nothing about it is stored. All days are plain dates in the
organisation's zone (docs/promise.md, rule 1).
"""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from itertools import pairwise

CADENCES: tuple[int, ...] = (1, 2, 3, 4, 6, 12)


@dataclass(frozen=True, order=True, slots=True)
class Slot:
    """One n-th of a calendar year; sorts by due date, then by first day."""

    due_on: date
    begins_on: date
    n: int

    @property
    def days(self) -> int:
        """How many days the slot has, both ends counted."""
        return (self.due_on - self.begins_on).days + 1

    @property
    def grace_days(self) -> int:
        """A third of the slot's days, rounded down (rule 4)."""
        return self.days // 3

    @property
    def grace_ends_on(self) -> date:
        """The last day on which the slot can still be discharged late."""
        return self.due_on + timedelta(days=self.grace_days)

    @property
    def number(self) -> int:
        """Which of the n slots of its year it is, from 1."""
        return self.due_on.month * self.n // 12

    @property
    def year(self) -> int:
        """The calendar year the slot lies in."""
        return self.due_on.year

    @property
    def key(self) -> str:
        """The slot in one word: year, n and number, as in "2026-4-2" for the second quarter of 2026."""
        return f"{self.year}-{self.n}-{self.number}"

    @classmethod
    def of_key(cls, key: str) -> "Slot":
        """The slot that a key names; ValueError if it names none."""
        parts = key.split("-")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError(f"not a slot: {key!r}")
        year, n, number = (int(part) for part in parts)
        if not (MINYEAR <= year < MAXYEAR and n in CADENCES and 1 <= number <= n):
            raise ValueError(f"not a slot: {key!r}")
        slot = slots_of_year(year, n)[number - 1]
        if slot.key != key:
            raise ValueError(f"not a slot: {key!r}")
        return slot


@lru_cache(maxsize=1024)
def slots_of_year(year: int, n: int) -> tuple[Slot, ...]:
    """The n slots of a year in their order; ValueError unless n is one of CADENCES."""
    if n not in CADENCES:
        raise ValueError(f"not a cadence: {n}")
    months = 12 // n
    firsts = [date(year, month, 1) for month in range(1, 13, months)] + [date(year + 1, 1, 1)]
    return tuple(
        Slot(due_on=after - timedelta(days=1), begins_on=first, n=n) for first, after in pairwise(firsts)
    )


def slot_on(day: date, n: int) -> Slot:
    """The slot of cadence n in which a day lies."""
    slots = slots_of_year(day.year, n)
    return slots[(day.month - 1) * n // 12]
