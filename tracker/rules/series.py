"""Series of meetings: days such as the second Tuesday of every quarter, found by the calendar alone.

The periods are those of the calendar year (January to March is a quarter), as with slots. All days are plain dates.
"""

from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum, auto

LAST = -1  # the last such weekday of the month, be it the fourth or the fifth
NTHS = (1, 2, 3, 4, LAST)


class Every(StrEnum):
    """How often the meetings of a series recur."""

    MONTH = auto()
    QUARTER = auto()
    HALF_YEAR = auto()

    @property
    def months(self) -> int:
        """How long the period is."""
        return {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6}[self]


@dataclass(frozen=True)
class Series:
    """The nth weekday (0 is Monday) of the k-th month of every period; ValueError if there is no such thing."""

    every: Every
    month: int
    nth: int
    weekday: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= self.every.months and self.nth in NTHS and 0 <= self.weekday <= 6):
            raise ValueError(f"not a series: {self}")


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The nth (1 to 4, or LAST) such weekday (0 is Monday) of a month."""
    if nth == LAST:
        ends = date(year, month, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)
        return ends - timedelta(days=(ends.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def next_days(series: Series, since: date, count: int) -> tuple[date, ...]:
    """The first `count` days of a series on or after a day, in order; fewer where the calendar ends."""
    found: list[date] = []
    for year in range(since.year, MAXYEAR + 1):
        for month in range(series.month, 13, series.every.months):
            if len(found) == count:
                return tuple(found)
            day = nth_weekday(year, month, series.nth, series.weekday)
            if day >= since:
                found.append(day)
    return tuple(found)
