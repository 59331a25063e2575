"""Rows of figures channel by channel, where a page lists many: one line a row, only the columns that say something.

What a file would change is listed so before it is taken in, and what it brought afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.figures import comparing, queries
from tracker.figures.columns import WORDS
from tracker.figures.comparing import Change, Compared, Difference
from tracker.models import Channel, Figures
from tracker.rules.periods import Period


@dataclass(frozen=True)
class Row:
    """One period: its line in the file (none: taken in already), whether it replaces figures, and what differs."""

    period: Period
    line: int | None
    replaces: bool
    cells: Mapping[str, Difference]


@dataclass
class Group:
    """The rows of one channel, and what looks like a slip in them, by period."""

    channel: Channel
    rows: list[Row] = field(default_factory=list)
    hints: list[tuple[Period, str]] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        """The columns in which a row says something, in their order."""
        return [key for key in WORDS if any(key in row.cells for row in self.rows)]


def of_compared(compared: Iterable[Compared]) -> list[Group]:
    """What a file would change."""
    found: dict[int, Group] = {}
    for one in compared:
        group = found.setdefault(one.channel.id, Group(one.channel))
        group.rows.append(Row(one.period, one.line, one.change is Change.CHANGED, _by_key(one.differences)))
        group.hints += [(one.period, words) for words in one.hints]
    return list(found.values())


def of_brought(brought: Iterable[Figures]) -> list[Group]:
    """What a file brought: all that is known by it."""
    found: dict[int, Group] = {}
    for one in brought:
        group = found.setdefault(one.channel_id, Group(one.channel))
        says = comparing.differences(comparing.BLANK, comparing.values_of(one))
        group.rows.append(Row(queries.period_of(one), None, False, _by_key(says)))
    return list(found.values())


def periods_of(brought: Iterable[Figures]) -> list[Period]:
    """The periods a file is about, the newest first."""
    return sorted({queries.period_of(one) for one in brought}, reverse=True)


def _by_key(differences: Sequence[Difference]) -> dict[str, Difference]:
    return {one.key: one for one in differences}
