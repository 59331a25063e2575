"""A page of the evidence: counted and sorted where that is quick, else from one place in it to the next.

With few reviews in scope all rows are made, counted and, if wished, sorted. With many, a page starts at a place (the
n-th row of a channel) and looks no further than it must: so it costs the same however much is stored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from tracker.evidence import rows as evidence
from tracker.evidence import stored
from tracker.evidence.columns import Row
from tracker.evidence.filters import Filters
from tracker.evidence.portions import Span
from tracker.rules.ledger import WORST_FIRST
from tracker.rules.words import Criterion, Level

SIZE = 100  # rows of a page
COUNTED = 2000  # so many reviews of the period and the year before it are still counted
CHANNELS_COUNTED = 300
FEW = 3  # channels often fill a page
CHANNELS_SEARCHED = 200  # at most for one page; then the reader is asked whether to search on


class Place(NamedTuple):
    """Before the n-th row asked for, from 0, of a channel."""

    channel_id: int
    nth: int

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.channel_id}-{self.nth}"

    @classmethod
    def read(cls, text: str | None) -> "Place | None":
        """None for what is no place."""
        parts = (text or "").split("-")
        if len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
            return cls(int(parts[0]), int(parts[1]))
        return None


@dataclass(frozen=True)
class Page:
    """Some rows. `total`, `number` and `pages` are known where rows are counted; else `earlier` and `later` places.

    `searched_on`: no more than so many channels were looked at, and there are more.
    """

    rows: list[Row]
    total: int | None = None
    number: int = 1
    pages: int = 1
    earlier: Place | None = None
    later: Place | None = None
    searched_on: bool = False


def _worst(row: Row) -> int | None:
    return WORST_FIRST.index(row.outcome) if row.outcome in WORST_FIRST else None


SORTS: dict[str, Callable[[Row], Any]] = {
    "channel": lambda row: (row.platform.casefold(), row.channel.casefold()),
    "slot": lambda row: row.due_on,
    "outcome": _worst,
    "criterion": lambda row: list(Criterion).index(row.criterion),
    "level": lambda row: None if row.level is None else -list(Level).index(row.level),
    "held": lambda row: row.held_on,
    "entered": lambda row: row.entered_at,
}


def page(
    filters: Filters,
    on: date,
    number: int = 1,
    sort: str = "",
    at: Place | None = None,
    to: Place | None = None,
) -> Page:
    """The page with a number, from 1, the last one for a number beyond it; or the one that begins at, or ends before,
    a place. `sort` is one of SORTS, with "-" before it downwards; it holds where rows are counted.
    """
    ids = stored.channel_ids(filters)
    if len(ids) <= CHANNELS_COUNTED and stored.fewer_reviews(ids, COUNTED, Span.of(filters, on).held):
        return _counted([row for made in evidence.by_channel(filters, ids, on) for row in made], number, sort)
    few = stored.channels_with(filters, CHANNELS_COUNTED)
    if few is not None:
        ids = [one for one in ids if one in few]
    return _before(filters, ids, on, to) if to is not None else _from(filters, ids, on, at)


def _counted(found: list[Row], number: int, sort: str) -> Page:
    by = SORTS.get(sort.removeprefix("-"))
    if by is not None:
        known = [row for row in found if by(row) is not None]
        known.sort(key=by, reverse=sort.startswith("-"))
        found = known + [row for row in found if by(row) is None]
    pages = max(1, -(-len(found) // SIZE))
    number = min(max(1, number), pages)
    return Page(found[(number - 1) * SIZE : number * SIZE], len(found), number, pages)


def _from(filters: Filters, ids: Sequence[int], on: date, at: Place | None) -> Page:
    start = ids.index(at.channel_id) if at is not None and at.channel_id in ids else 0
    skip = at.nth if at is not None and ids and ids[start] == at.channel_id else 0
    some = ids[start : start + CHANNELS_SEARCHED]
    found: list[Row] = []
    earlier = Place(ids[start], skip) if start or skip else None
    for channel_id, made in zip(some, evidence.by_channel(filters, some, on, FEW), strict=True):
        room = SIZE - len(found)
        found += made[skip : skip + room]
        if len(made) > skip + room:
            return Page(found, earlier=earlier, later=Place(channel_id, skip + room))
        skip = 0
    rest = ids[start + CHANNELS_SEARCHED :]
    return Page(found, earlier=earlier, later=Place(rest[0], 0) if rest else None, searched_on=bool(rest))


def _before(filters: Filters, ids: Sequence[int], on: date, to: Place) -> Page:
    end = ids.index(to.channel_id) + 1 if to.channel_id in ids else len(ids)
    some = ids[max(0, end - CHANNELS_SEARCHED) : end][::-1]
    found: list[Row] = []
    for channel_id, made in zip(some, evidence.by_channel(filters, some, on, FEW), strict=True):
        reach = min(to.nth, len(made)) if channel_id == to.channel_id else len(made)
        first = max(0, reach - (SIZE - len(found)))
        found[:0] = made[first:reach]
        if first > 0:
            return Page(found, earlier=Place(channel_id, first), later=to)
    rest = ids[: max(0, end - CHANNELS_SEARCHED)]
    return Page(found, earlier=Place(ids[len(rest)], 0) if rest else None, later=to, searched_on=bool(rest))
