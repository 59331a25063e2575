"""The figures that hold, of channels by period, each with the hourly rate of its last day."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from tracker.extensions import db
from tracker.models import Figures, HourlyRate
from tracker.rules.indicators import Measured
from tracker.rules.periods import Period
from tracker.rules.slots import Slot, slot_on

SAME = tuple(one.name for one in fields(Measured) if one.name != "rate")  # named alike in the table


@dataclass(frozen=True)
class Known:
    """One row of the table as plain values."""

    row: Figures
    measured: Measured

    @property
    def period(self) -> Period:
        """What it is about."""
        return Period(self.row.ends_on, self.row.begins_on)

    @property
    def slot(self) -> Slot | None:
        """The month, quarter, half-year … that the period is; None for any other period."""
        for n in (12, 6, 4, 3, 2, 1):
            found = slot_on(self.row.ends_on, n)
            if (found.begins_on, found.due_on) == (self.row.begins_on, self.row.ends_on):
                return found
        return None


def of_channels(channel_ids: Collection[int], since: date | None = None) -> dict[int, list[Known]]:
    """The rows in force of each channel, the oldest period first; of periods that end on or after a day."""
    query = select(Figures).where(Figures.channel_id.in_(channel_ids), Figures.in_force())
    if since is not None:
        query = query.where(Figures.ends_on >= since)
    all_rates = rates()
    found: defaultdict[int, list[Known]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(Figures.ends_on, Figures.begins_on.desc(), Figures.id)):
        values = {name: getattr(row, name) for name in SAME}
        found[row.channel_id].append(Known(row, Measured(**values, rate=rate_on(all_rates, row.ends_on))))
    return {one: found[one] for one in channel_ids}


def quarters(known: Collection[Known], most: int = 8) -> list[Known]:
    """The newest quarters among these periods, the oldest first: what a series is drawn from."""
    return [one for one in known if one.slot is not None and one.slot.n == 4][-most:]


def rates() -> list[HourlyRate]:
    """All hourly rates, the oldest first."""
    return list(db.session.scalars(select(HourlyRate).order_by(HourlyRate.from_on)))


def rate_on(all_rates: Collection[HourlyRate], day: date) -> Decimal | None:
    """What an hour cost on a day, in euros; None before the first rate."""
    return next((one.euros for one in reversed(list(all_rates)) if one.from_on <= day), None)
