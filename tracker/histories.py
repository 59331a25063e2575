"""What every channel owed, and on which days it was rated: ledgers that channels with one history share."""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from functools import cache, lru_cache

from sqlalchemy import ColumnElement, String, and_, cast, extract, func, select

from tracker import clock
from tracker.extensions import db
from tracker.models import MeetingHead, Obligation, Rating, Review
from tracker.rules.ledger import Duty, Ledger, Rated, ledger
from tracker.rules.words import Criterion


def shared_ledgers(on: date, entered_in: str | None = None) -> Callable[[int], Ledger]:
    """The ledger of a channel by its id; channels with the same duties and days share one."""
    duties, held = duties_by_channel(), _held_by_channel(on, entered_in)

    @cache
    def shared(owed: tuple[Duty, ...], days: tuple[tuple[Criterion, date, date], ...]) -> Ledger:
        return _ledger_of(owed, days, on)

    return lambda channel_id: shared(tuple(duties[channel_id]), held.get(channel_id, ()))


@lru_cache(maxsize=1024)
def _ledger_of(owed: tuple[Duty, ...], days: tuple[tuple[Criterion, date, date], ...], on: date) -> Ledger:
    """Follows from what it is given alone, so that it can be kept from one page to the next."""
    return ledger(owed, (Rated(0, *one) for one in days), on)


def duties_by_channel(only: Collection[int] | None = None) -> defaultdict[int, list[Duty]]:
    """The obligations of every channel (or `only` of these) as plain values, in their order."""
    found: defaultdict[int, list[Duty]] = defaultdict(list)
    query = select(
        Obligation.channel_id,
        Obligation.from_on,
        Obligation.until_on,
        Obligation.reviews_per_year,
        Obligation.criteria,
    ).order_by(Obligation.channel_id, Obligation.from_on)
    if only is not None:
        query = query.where(Obligation.channel_id.in_(only))
    for owner, from_on, until_on, n, criteria in db.session.execute(query):
        found[owner].append(Duty(from_on, until_on, n, criteria))
    return found


def _held_by_channel(
    until: date, entered_in: str | None
) -> dict[int, tuple[tuple[Criterion, date, date], ...]]:
    """The days, up to one, on which each criterion of a channel was rated and that still counts; read as a row each.

    The second day is when that was entered, in a zone; without one, the day it was held.
    """
    heads = select(MeetingHead.meeting_id, MeetingHead.held_on).where(MeetingHead.in_force())
    held_on = {meeting: day for meeting, day in db.session.execute(heads) if day <= until}
    rated = cast(Review.meeting_id, String) + " " + cast(Rating.criterion, String)
    if entered_in is not None:
        rated += " " + cast(extract("epoch", Rating.entered_at), String)
    query = (
        select(Review.channel_id, func.aggregate_strings(rated, ","))
        .join(Rating, Rating.review_id == Review.id)
        .where(in_force())
        .group_by(Review.channel_id)
    )

    @cache
    def entered_on(seconds: str) -> date:
        return clock.day_of(datetime.fromtimestamp(float(seconds), UTC), entered_in or "UTC")

    @cache
    def days(together: str) -> tuple[tuple[Criterion, date, date], ...]:
        found = [one.split(" ") for one in together.split(",")]
        return tuple(
            (Criterion(criterion), held_on[int(meeting)], entered_on(*at) if at else held_on[int(meeting)])
            for meeting, criterion, *at in found
            if int(meeting) in held_on
        )

    return {channel: days(together) for channel, together in db.session.execute(query)}


def in_force() -> ColumnElement[bool]:
    """The condition of a query that takes the closed reviews that no correction has replaced."""
    replacement = select(Review.replaces_id).where(
        Review.replaces_id.is_not(None), Review.closed_at.is_not(None)
    )
    return and_(Review.closed_at.is_not(None), Review.id.not_in(replacement))
