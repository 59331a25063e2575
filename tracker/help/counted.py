"""How the examples of the glossary are counted out: the ledger of an imagined channel, by the rules of the promise.

Every example is a channel reviewed four times a year on all three criteria. Days are plain dates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tracker.rules.discharging import Rated
from tracker.rules.duties import Duty
from tracker.rules.ledger import Ledger, SlotLine, ledger
from tracker.rules.slots import Slot
from tracker.rules.standing import Position, position
from tracker.rules.words import Criterion, Standing

N = 4
DAY = timedelta(days=1)
ALL = frozenset(Criterion)


@dataclass(frozen=True)
class Example:
    """What is told, and the outcome or standing that the rules find for it."""

    says: str
    line: SlotLine | None = None
    position: Position | None = None

    @property
    def days_late(self) -> int:
        """How late the slot was discharged; 0 where it was not late."""
        return max((cell.days_late for cell in self.line.cells), default=0) if self.line else 0

    @property
    def afterwards(self) -> bool:
        """Whether a rating of it was entered after the grace."""
        return self.line is not None and any(cell.entered_afterwards for cell in self.line.cells)


def book_of(year: int, held: Iterable[tuple[date, date]], on: date, duty: Duty | None = None) -> Ledger:
    """The ledger on a day; held are days of meetings on all criteria, each with the day on which it was closed."""
    rated = [
        Rated(10 * k + at, criterion, held_on, closed_on)
        for k, (held_on, closed_on) in enumerate(held)
        for at, criterion in enumerate(Criterion)
    ]
    return ledger([duty or Duty(date(year, 1, 1), None, N, ALL)], rated, on)


def line_of(book: Ledger, slot: Slot) -> SlotLine:
    return next(line for line in book.lines if line.slot == slot)


@lru_cache(maxsize=16)
def first_day(year: int, wanted: Standing) -> date:
    """The first day of the year on which a channel of which nothing is rated stands like that."""
    on = date(year, 1, 1)
    while position(book_of(year, (), on)).standing is not wanted:
        on += DAY
    return on
