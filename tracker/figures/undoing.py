"""What undoing an upload brings back: of each channel and period what held before, or what was entered since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.figures import comparing
from tracker.figures.comparing import Difference
from tracker.figures.queries import period_of
from tracker.models import Channel, Figures
from tracker.rules.periods import Period


@dataclass(frozen=True)
class Undone:
    """One row of the upload. `newer` holds already and stays; else `differences` lead to `back`, or to nothing."""

    channel: Channel
    period: Period
    newer: Figures | None
    back: Figures | None
    differences: Sequence[Difference]


def found(rows: Iterable[Figures], without: Mapping[tuple[int, Period], Figures]) -> list[Undone]:
    """`without` is what would hold if the upload had never been accepted."""
    told = []
    for row in rows:
        period = period_of(row)
        other = without.get((row.channel_id, period))
        newer = other if other is not None and other.id > row.id else None
        leads = comparing.differences(comparing.values_of(row), comparing.values_of(other))
        told.append(Undone(row.channel, period, newer, None if newer else other, [] if newer else leads))
    return told
