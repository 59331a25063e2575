"""Some channels at a time with what must be read of them: as much of their lives as the period asked for needs."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tracker import clock
from tracker.evidence import stored
from tracker.evidence.filters import Filters
from tracker.evidence.stored import Held, Looked, Named, StoredRating
from tracker.histories import duties_by_channel
from tracker.rules.carrying import clipped, settled
from tracker.rules.ledger import Duty, Ledger, Rated, ledger
from tracker.rules.slots import slots_of_year


class Span(NamedTuple):
    """The years of the slots asked for, both included; no first year: since ever. `on` is the day of telling."""

    first_year: int | None
    last_year: int
    on: date

    @classmethod
    def of(cls, filters: Filters, on: date) -> "Span":
        """The years of a period, as far as there can be anything in them."""
        first = filters.from_on.year if filters.from_on and filters.from_on.year > date.min.year + 1 else None
        return cls(first, min(filters.until_on.year, on.year) if filters.until_on else on.year, on)

    @property
    def held(self) -> Held:
        """When meetings that can matter were held: since the year before, until the last slot is out of its grace."""
        first = date(self.first_year - 1, 1, 1) if self.first_year is not None else None
        grace_days = slots_of_year(self.last_year, 1)[0].grace_days
        return Held(first, min(self.on, date(self.last_year, 12, 31) + timedelta(days=grace_days)))

    def ledger(self, duties: Collection[Duty], rated: list[Rated]) -> Ledger:
        """The ledger of a channel, right for the slots of these years if it is settled."""
        if self.first_year is not None:
            duties = clipped(duties, self.first_year - 1)
        return ledger(duties, rated, self.on, self.last_year)

    def settled(self, duties: Collection[Duty], rated: list[Rated]) -> bool:
        """Whether nothing that was held before can matter."""
        return self.first_year is None or settled(duties, rated, self.first_year, self.last_year)


class Portion(NamedTuple):
    """Some channels with what was read of them."""

    span: Span
    duties: Mapping[int, list[Duty]]
    reviews: Mapping[int, Looked]
    ratings: Mapping[int, list[StoredRating]]
    explanations: Mapping[int, Mapping[tuple[date, date], str]]
    entered_on: dict[datetime, date]  # the days of moments in the organisation's zone

    def rated(self, channel_id: int) -> list[Rated]:
        """The ratings of a channel that no correction has replaced, as the rules ask for them."""
        found = []
        for one in self.ratings.get(channel_id, ()):
            review = self.reviews[one.review_id]
            if not review.replaced:
                day = self.entered_on[one.entered_at]
                found.append(Rated(one.id, one.criterion, review.held_on, day, review.closed_at))
        return found

    def ledger(self, channel_id: int) -> Ledger:
        """What became of the slots of a channel."""
        return self.span.ledger(self.duties.get(channel_id, ()), self.rated(channel_id))


def read(ids: Collection[int], span: Span, zone: str) -> tuple[list[Named], dict[int, Portion], int]:
    """These channels by name, in the order given; the portion each is told from; and how many ratings were read.

    Where being late carries over from before the days that are read, all days of that channel are.
    """
    some = _portion(ids, span, zone)
    of = dict.fromkeys(ids, some)
    carrying = (
        [one for one in ids if not span.settled(some.duties.get(one, ()), some.rated(one))]
        if span.first_year
        else []
    )
    if carrying:
        of |= dict.fromkeys(carrying, _portion(carrying, span._replace(first_year=None), zone))
    portions = {id(one): one for one in of.values()}.values()
    return stored.named(ids), of, sum(len(found) for one in portions for found in one.ratings.values())


def _portion(ids: Collection[int], span: Span, zone: str) -> Portion:
    held = span.held
    reviews = stored.reviews(ids, held)
    ratings = stored.ratings(ids, held, reviews)
    moments = {one.entered_at for found in ratings.values() for one in found}
    return Portion(
        span,
        duties_by_channel(ids),
        reviews,
        ratings,
        stored.explanations(ids, zone),
        {moment: clock.day_of(moment, zone) for moment in moments},
    )
