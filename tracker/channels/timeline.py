"""The whole life of a channel as happenings on days: narrowed, put in order, and cut into pages of whole years.

Plain values and no database: what happened is read in timeline_queries, said in timeline_words and timeline_told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from itertools import groupby

MOST = 200  # happenings on a page; the years stay whole, so that one full year may be more


class Kind(StrEnum):
    """What sort of thing happened, in the order in which it is told within a day."""

    CONCEPT = auto()
    COURSE = auto()
    MEETING = auto()
    CORRECTION = auto()
    ACTION = auto()
    REMINDER = auto()
    MISSED = auto()
    EXPLANATION = auto()
    FIGURES = auto()


ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Detail:
    """One line below a happening. With `before` it says what was and what is since."""

    title: str
    text: str
    before: str | None = None


@dataclass(frozen=True)
class Happening:
    """One thing that happened on a day, in the organisation's zone. `sign` is an icon, `tone` "", "warn" or "bad".

    `ask` is where a person can do something about it, with the words of the link.
    """

    on: date
    kind: Kind
    words: str
    sign: str
    tone: str = ""
    details: tuple[Detail, ...] = ()
    url: str = ""
    ask: tuple[str, str] | None = None


@dataclass(frozen=True)
class Asked:
    """What the timeline is narrowed to; no kinds are all of them, no day is any."""

    kinds: frozenset[Kind] = frozenset()
    from_on: date | None = None
    until_on: date | None = None
    newest_first: bool = True

    def takes(self, one: Happening) -> bool:
        """Whether a happening is among what is asked for."""
        return (
            (not self.kinds or one.kind in self.kinds)
            and (self.from_on is None or one.on >= self.from_on)
            and (self.until_on is None or one.on <= self.until_on)
        )


@dataclass(frozen=True)
class YearOf:
    """What happened in one calendar year, in the order asked for."""

    year: int
    happenings: tuple[Happening, ...]


def by_years(happenings: Iterable[Happening], asked: Asked) -> list[YearOf]:
    """The years in which something happened that is asked for. What happened on one day keeps its order by kind."""
    found = sorted((one for one in happenings if asked.takes(one)), key=lambda one: (one.on, ORDER[one.kind]))
    if asked.newest_first:
        found.reverse()
    return [YearOf(year, tuple(ones)) for year, ones in groupby(found, key=lambda one: one.on.year)]


def pages(years: Sequence[YearOf], most: int = MOST) -> list[list[YearOf]]:
    """Whole years together as long as they are not more than `most` happenings; at least one page."""
    cut: list[list[YearOf]] = [[]]
    for year in years:
        full = sum(len(one.happenings) for one in cut[-1])
        if cut[-1] and full + len(year.happenings) > most:
            cut.append([])
        cut[-1].append(year)
    return cut
