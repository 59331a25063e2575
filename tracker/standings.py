"""Every channel's slots and standing, from one query a table: what the board, the mails and the exports read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models import Channel, MeetingHead, Obligation, Rating, Review
from tracker.rules.ledger import Duty, Ledger, Rated, ledger
from tracker.rules.standing import Position, position
from tracker.rules.words import Criterion, Level


@dataclass(frozen=True)
class Shown:
    """What a page says about one rating in force, besides what the ledger knows."""

    id: int
    review_id: int
    meeting_id: int
    criterion: Criterion
    level: Level
    reason: str
    unchanged: bool
    held_on: date
    closed_at: datetime


@dataclass(frozen=True)
class ChannelStanding:
    """One channel on one day: the row, its ledger, its standing, and its ratings by id."""

    channel: Channel
    ledger: Ledger
    position: Position
    ratings: Mapping[int, Shown]

    def last(self, criterion: Criterion) -> Shown | None:
        """The newest rating of a criterion held until the ledger's day."""
        found = [self.ratings[one.id] for one in self.ledger.rated if one.criterion is criterion]
        return found[-1] if found else None


def standings(
    on: date, zone: str, unit_ids: Iterable[int] | None = None, channel_id: int | None = None
) -> list[ChannelStanding]:
    """All channels (of some units, or one) in the concept's order, as they stand on a day in `zone`.

    A day in the past is answered with what is known now about meetings held until then.
    """
    query = select(Channel).options(joinedload(Channel.unit), joinedload(Channel.contact)).join(Channel.unit)
    if unit_ids is not None:
        query = query.where(Channel.unit_id.in_(list(unit_ids)))
    if channel_id is not None:
        query = query.where(Channel.id == channel_id)
    channels = db.session.scalars(query.order_by(Channel.position, Channel.id)).all()
    duties = duties_by_channel(channel_id)
    shown = ratings_by_channel(on, channel_id)
    return [_standing_of(channel, duties[channel.id], shown[channel.id], on, zone) for channel in channels]


def _standing_of(channel: Channel, duties: list[Duty], shown: list[tuple[Shown, datetime]], on: date, zone: str) -> ChannelStanding:  # fmt: skip # noqa: E501
    rated = [
        Rated(one.id, one.criterion, one.held_on, clock.day_of(entered_at, zone), one.closed_at)
        for one, entered_at in shown
    ]
    book = ledger(duties, rated, on)
    return ChannelStanding(channel, book, position(book), {one.id: one for one, _ in shown})


def duties_by_channel(channel_id: int | None = None) -> defaultdict[int, list[Duty]]:
    """The obligations of every channel as plain values, in their order."""
    found: defaultdict[int, list[Duty]] = defaultdict(list)
    query = select(
        Obligation.channel_id,
        Obligation.from_on,
        Obligation.until_on,
        Obligation.reviews_per_year,
        Obligation.criteria,
    ).order_by(Obligation.channel_id, Obligation.from_on)
    if channel_id is not None:
        query = query.where(Obligation.channel_id == channel_id)
    for owner, from_on, until_on, n, criteria in db.session.execute(query):
        found[owner].append(Duty(from_on, until_on, n, criteria))
    return found


def ratings_by_channel(
    until: date | None = None, channel_id: int | None = None
) -> defaultdict[int, list[tuple[Shown, datetime]]]:
    """The ratings in force (not replaced by a correction) in meetings held until a day, with when they were entered."""
    replacement = select(Review.replaces_id).where(
        Review.replaces_id.is_not(None), Review.closed_at.is_not(None)
    )
    query = (
        select(
            Review.channel_id, Rating.id, Review.id, Review.meeting_id, Rating.criterion, Rating.level, Rating.reason,
            Rating.unchanged, MeetingHead.held_on, Review.closed_at, Rating.entered_at,
        )
        .join(Review, Rating.review_id == Review.id)
        .join(MeetingHead, MeetingHead.meeting_id == Review.meeting_id)
        .where(Review.closed_at.is_not(None), ~MeetingHead.replaced, Review.id.not_in(replacement))
        .order_by(Review.channel_id, MeetingHead.held_on, Review.closed_at, Rating.id)
    )  # fmt: skip
    if until is not None:
        query = query.where(MeetingHead.held_on <= until)
    if channel_id is not None:
        query = query.where(Review.channel_id == channel_id)
    found: defaultdict[int, list[tuple[Shown, datetime]]] = defaultdict(list)
    for owner, *values, entered_at in db.session.execute(query):
        found[owner].append((Shown(*values), entered_at))
    return found
