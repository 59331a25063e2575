"""A channel's year in three readings, side by side: slots, review days, and the longest gap.

So that nobody has to argue about what "four times a year" means (docs/promise.md, rule 7).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from tracker.rules.ledger import Ledger, Rated, SlotLine, is_overdue, ledger
from tracker.rules.words import Criterion, Outcome


@dataclass(frozen=True)
class Forecast:
    """What is still needed, by which last days, and whether it can still be reached.

    Without anything needed there are no last days. It stays reachable as long as nothing is lost.
    """

    needed: int
    by: tuple[date, ...]
    reachable: bool


@dataclass(frozen=True)
class Year:
    """The counts of one year; all but the last six fields count slots that are due in it.

    `owed` are the slots with an owed cell; kept, late, missed, open and coming add up to it.
    `entered_afterwards` are those among them with a cell whose rating was entered after the grace.
    `review_days` are days of this calendar year, so a meeting in January that is late for the fourth
    quarter counts as a day of the new year and as a slot of the old one. `longest_gap_days` lies between
    two review days; the time from the last one until the ledger's day is no gap yet, it runs: `running_gap_days`,
    told of the ledger's own year alone and unknown where nothing was reviewed. `overdue` are those of the open
    slots whose due date is past.
    """

    year: int
    owed: int
    kept: int
    late: int
    missed: int
    open: int
    overdue: int
    coming: int
    not_owed: int
    entered_afterwards: int
    review_days: int
    longest_gap_days: int | None
    running_gap_days: int | None
    slots_forecast: Forecast
    count_forecast: Forecast


def lines_of(book: Ledger, year: int) -> tuple[SlotLine, ...]:
    """The slots due in a year, of every cadence in force in it; any year may be asked for."""
    if year > book.last_year:
        book = ledger(book.duties, book.rated, book.on, year)
    return tuple(line for line in book.lines if line.slot.year == year)


def year_of(book: Ledger, year: int) -> Year:
    """The year as it stands on the ledger's day.

    A year to come has coming slots, no review days and no gap. In a year owed in part only the owed slots
    count. A rating of any criterion makes a review day, even one that discharges nothing.
    """
    lines = lines_of(book, year)
    counts = Counter(line.outcome for line in lines)
    owed = len(lines) - counts[Outcome.NOT_OWED]
    days = sorted({one.held_on for one in book.rated if one.held_on.year <= year})
    within = [day for day in days if day.year == year]
    return Year(
        year=year,
        owed=owed,
        kept=counts[Outcome.KEPT],
        late=counts[Outcome.LATE],
        missed=counts[Outcome.MISSED],
        open=counts[Outcome.OPEN],
        overdue=sum(is_overdue(line, book.on) for line in lines),
        coming=counts[Outcome.COMING],
        not_owed=counts[Outcome.NOT_OWED],
        entered_afterwards=sum(any(cell.entered_afterwards for cell in line.cells) for line in lines),
        review_days=len(within),
        longest_gap_days=_longest_gap(days[-len(within) - 1 :]),
        running_gap_days=(book.on - days[-1]).days if days and year == book.on.year else None,
        slots_forecast=_slots_forecast(book, year, lines),
        count_forecast=_count_forecast(book.on, year, owed, within),
    )


def _longest_gap(days: list[date]) -> int | None:
    """Days between neighbouring review days at most; unknown below two of them."""
    return max(((after - before).days for before, after in pairwise(days)), default=None)


def _count_forecast(on: date, year: int, owed: int, within: list[date]) -> Forecast:
    """Review days short of the slots owed, until 31 December.

    Every day still to come may be one; today may as well, unless it is one already. That a slot was missed
    does not matter here: this reading counts days only.
    """
    needed = max(0, owed - len(within))
    last = date(year, 12, 31)
    left = max(0, (last - max(on, date(year, 1, 1))).days + 1) - (on in within)
    return Forecast(needed, (last,) if needed else (), needed <= left)


def _slots_forecast(book: Ledger, year: int, lines: tuple[SlotLine, ...]) -> Forecast:
    """The owed slots neither whole nor missed, each until its grace ends; lost once one is missed."""
    needed = [line for line in lines if line.outcome in (Outcome.OPEN, Outcome.COMING)]
    missed = any(line.outcome is Outcome.MISSED for line in lines)
    by = tuple(line.slot.grace_ends_on for line in needed)
    return Forecast(len(needed), by, not missed and _days_suffice(book, year, needed))


def _days_suffice(book: Ledger, year: int, needed: list[SlotLine]) -> bool:
    """Whether all needed slots could still be discharged, one day a slot, the slot due first going first.

    As a rating never takes a discharge away, the best that can be done is a full review every day. It is
    acted out only where the last day of a slot is closer than the number of open slots.
    """
    waiting = sum(line.outcome is Outcome.OPEN for line in book.lines)
    if all((line.slot.grace_ends_on - book.on).days >= waiting for line in needed):
        return True
    days = [book.on + timedelta(days=ahead) for ahead in range(waiting + 1)]
    imagined = [Rated(-1, criterion, day, day) for day in days for criterion in Criterion]
    later = ledger(book.duties, [*book.rated, *imagined], days[-1], max(year, book.last_year))
    return all(line.outcome is not Outcome.MISSED for line in lines_of(later, year))
