"""The readings of several channels, summed."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.rules.year import Year


@dataclass(frozen=True)
class Sums:
    """Over some channels: slots by outcome, review days, and how many can still be kept whole."""

    channels: int
    owed: int
    kept: int
    late: int
    missed: int
    open: int
    overdue: int  # of the open ones
    coming: int
    entered_afterwards: int
    whole: int  # channels that have kept, or can still keep, every slot
    longest_gap_days: int | None  # of any channel; unknown where none has two review days
    running_gap_days: int | None  # of the channel whose last review is the longest ago
    counted: int  # channels with as many review days as slots owed, or that can still have them


def summed(readings: Iterable[Year]) -> Sums:
    """Of channels that owe something in the year."""
    owing = [one for one in readings if one.owed]
    return Sums(
        channels=len(owing),
        owed=sum(one.owed for one in owing),
        kept=sum(one.kept for one in owing),
        late=sum(one.late for one in owing),
        missed=sum(one.missed for one in owing),
        open=sum(one.open for one in owing),
        overdue=sum(one.overdue for one in owing),
        coming=sum(one.coming for one in owing),
        entered_afterwards=sum(one.entered_afterwards for one in owing),
        whole=sum(one.slots_forecast.reachable for one in owing),
        longest_gap_days=_most(one.longest_gap_days for one in owing),
        running_gap_days=_most(one.running_gap_days for one in owing),
        counted=sum(one.count_forecast.reachable for one in owing),
    )


def _most(days: Iterable[int | None]) -> int | None:
    return max((one for one in days if one is not None), default=None)
