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
from tracker.rules.periods import Period, latest

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


def quarters(known: Collection[Known], most: int = 8) -> list[Measured]:
    """The newest quarters that follow each other, the oldest first: what a series is drawn from.

    A quarter between two others of which nothing was entered is there as well, with all its figures unknown.
    """
    held = {one.period: one.measured for one in known if one.period.slot and one.period.slot.n == 4}
    if not held:
        return []
    listed = [one for one in latest(max(held).ends_on, 4, most) if one >= min(held)]
    return [held.get(one) or Measured(one.begins_on, one.ends_on) for one in reversed(listed)]


def rates() -> list[HourlyRate]:
    """All hourly rates, the oldest first."""
    return list(db.session.scalars(select(HourlyRate).order_by(HourlyRate.from_on)))


def rate_on(all_rates: Collection[HourlyRate], day: date) -> Decimal | None:
    """What an hour cost on a day, in euros; None before the first rate."""
    return next((one.euros for one in reversed(list(all_rates)) if one.from_on <= day), None)
