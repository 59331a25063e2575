"""Two deeds measured in turn, A B A B …, by CPU time and by the clock; and the row a table shows of it."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

Deed = Callable[[], Any]


@dataclass(frozen=True)
class Took:
    """Seconds of one round of both."""

    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


@dataclass(frozen=True)
class Row:
    """One line of the table. `wanted` is the most that may be found, if anything was asked."""

    what: str
    found: float
    wanted: float | None
    unit: str = ""
    more: str = ""  # spread, seconds, what else is worth saying

    @property
    def fine(self) -> bool:
        """Whether what was asked was reached."""
        return self.wanted is None or self.found <= self.wanted

    def __str__(self) -> str:
        wanted = "" if self.wanted is None else f"{self.wanted:.4g}{self.unit}"
        sign = "" if self.wanted is None else "ok" if self.fine else "MISSED"
        return f"{self.what:<62}{self.found:>9.2f}{self.unit:<4}{wanted:>10} {sign:<7} {self.more}"


def in_turn(
    what: str,
    wanted: float | None,
    ours: Deed,
    theirs: Deed,
    rounds: int = 15,
    times: int = 1,
    *,
    warm: bool = True,
) -> Row:
    """The ratio of the time two deeds take: the median of so many rounds, each of both so many times.

    One of each goes before, unmeasured, if it is to be `warm`. The ratio is of CPU time; beside it stand what nine of
    ten rounds lay between, the ratio by the clock, and the milliseconds.
    """
    if warm:
        ours(), theirs()
    cpu: list[Took] = []
    wall: list[Took] = []
    for _round in range(rounds):
        (mine, my_wall), (other, other_wall) = timed(ours, times), timed(theirs, times)
        cpu.append(Took(mine, other))
        wall.append(Took(my_wall, other_wall))
    ratios = sorted(one.ratio for one in cpu)
    low, high = (quantiles(ratios, n=20)[at] for at in (0, -1)) if rounds > 4 else (ratios[0], ratios[-1])
    ms = [1000 * median(values) for values in ([one.ours for one in cpu], [one.theirs for one in cpu])]
    more = f"{max(low, ratios[0]):.2f}–{min(high, ratios[-1]):.2f}; wall {median(one.ratio for one in wall):.2f}; "
    return Row(what, median(ratios), wanted, "", more + f"{ms[0]:.1f} ms to {ms[1]:.1f}")


def timed(deed: Deed, times: int = 1) -> tuple[float, float]:
    """Mean seconds of CPU time and of the clock."""
    gc.collect()
    cpu, wall = process_time(), perf_counter()
    for _time in range(times):
        deed()
    return (process_time() - cpu) / times, (perf_counter() - wall) / times
