"""Every channel's slots and standing, from one query a table: what the board, the mails and the exports read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker import clock
from tracker.extensions import db
from tracker.histories import duties_by_channel, in_force, shared_ledgers
from tracker.models import Channel, Contact, MeetingHead, Rating, Review, StateChange
from tracker.rules.deciding import StateFrom, state_on
from tracker.rules.ledger import Duty, Ledger, Rated, SlotLine, ledger
from tracker.rules.standing import Position, position
from tracker.rules.words import ChannelState, Criterion, Level


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
    """One channel on one day: the row, its ledger, its standing, its ratings by id, and how it is run since when."""

    channel: Channel
    ledger: Ledger
    position: Position
    ratings: Mapping[int, Shown]
    states: tuple[StateFrom, ...]

    @property
    def state(self) -> ChannelState:
        """How it is run on the ledger's day."""
        return state_on(self.states, self.ledger.on)

    def last(self, criterion: Criterion) -> Shown | None:
        """The newest rating of a criterion held until the ledger's day."""
        found = [self.ratings[one.id] for one in self.ledger.rated if one.criterion is criterion]
        return found[-1] if found else None


def standings(
    on: date,
    zone: str,
    unit_ids: Iterable[int] | None = None,
    channel_id: int | None = None,
    channel_ids: Collection[int] | None = None,
) -> list[ChannelStanding]:
    """All channels (of some units, or one, or some) in the concept's order, as they stand on a day in `zone`.

    A day in the past is answered with what is known now about meetings held until then.
    """
    query = _channels(unit_ids)
    only = [channel_id] if channel_id is not None else channel_ids
    if only is not None:
        query = query.where(Channel.id.in_(only))
    channels = db.session.scalars(query).all()
    duties = duties_by_channel(only)
    shown = ratings_by_channel(on, only)
    states = states_by_channel(only)
    return [
        _standing_of(channel, duties[channel.id], shown[channel.id], states[channel.id], on, zone)
        for channel in channels
    ]


def lines_on(on: date, unit_ids: Iterable[int] | None = None) -> list[tuple[Channel, tuple[SlotLine, ...]]]:
    """All channels (of some units) with their slots as they stand on a day, for whoever asks only what is open.

    Which rating discharged a cell is not told (its id is 0): so channels reviewed in the same meetings share one
    ledger, and thousands of channels cost little more than reading their rows.
    """
    query = select(Channel).join(Channel.unit).options(contains_eager(Channel.unit))
    if unit_ids is not None:
        query = query.where(Channel.unit_id.in_(list(unit_ids)))
    channels = db.session.scalars(query.order_by(Channel.position, Channel.id)).all()
    book_of = shared_ledgers(on)
    return [(one, book_of(one.id).lines) for one in channels]


def outlines(
    on: date, unit_ids: Iterable[int] | None = None, entered_in: str | None = None
) -> list[ChannelStanding]:
    """All channels (of some units) as they stand on a day, without their ratings.

    Outcomes and standings are those that `standings` finds; which rating discharged a cell is not told, and whether it
    was entered afterwards only with `entered_in`, the zone by whose days that is counted. For thousands of channels, of
    which a page is then asked for whole.
    """
    channels = db.session.scalars(_channels(unit_ids)).all()
    book_of, states = shared_ledgers(on, entered_in), states_by_channel()
    positions: dict[int, Position] = {}
    found = []
    for one in channels:
        book = book_of(one.id)
        if id(book) not in positions:
            positions[id(book)] = position(book)
        found.append(ChannelStanding(one, book, positions[id(book)], {}, tuple(states[one.id])))
    return found


def _channels(unit_ids: Iterable[int] | None) -> Select[Channel]:
    """Channels with unit and contact, in the concept's order."""
    query = (
        select(Channel)
        .options(joinedload(Channel.unit), joinedload(Channel.contact).joinedload(Contact.user))
        .join(Channel.unit)
    )
    if unit_ids is not None:
        query = query.where(Channel.unit_id.in_(list(unit_ids)))
    return query.order_by(Channel.position, Channel.id)


def _standing_of(
    channel: Channel,
    duties: list[Duty],
    shown: list[tuple[Shown, datetime]],
    states: list[StateFrom],
    on: date,
    zone: str,
) -> ChannelStanding:
    rated = [
        Rated(one.id, one.criterion, one.held_on, clock.day_of(entered_at, zone), one.closed_at)
        for one, entered_at in shown
    ]
    book = ledger(duties, rated, on)
    return ChannelStanding(channel, book, position(book), {one.id: one for one, _ in shown}, tuple(states))


def states_by_channel(only: Collection[int] | None = None) -> defaultdict[int, list[StateFrom]]:
    """How every channel is run from which day on."""
    found: defaultdict[int, list[StateFrom]] = defaultdict(list)
    query = select(StateChange.channel_id, StateChange.from_on, StateChange.state)
    query = query.order_by(StateChange.channel_id, StateChange.from_on)
    if only is not None:
        query = query.where(StateChange.channel_id.in_(only))
    for owner, from_on, state in db.session.execute(query):
        found[owner].append(StateFrom(from_on, state))
    return found


def ratings_by_channel(
    until: date | None = None, only: Collection[int] | None = None
) -> defaultdict[int, list[tuple[Shown, datetime]]]:
    """The ratings in force (not replaced by a correction) in meetings held until a day, with when they were entered."""
    query = (
        select(
            Review.channel_id, Rating.id, Review.id, Review.meeting_id, Rating.criterion, Rating.level, Rating.reason,
            Rating.unchanged, MeetingHead.held_on, Review.closed_at, Rating.entered_at,
        )
        .join(Review, Rating.review_id == Review.id)
        .join(MeetingHead, MeetingHead.meeting_id == Review.meeting_id)
        .where(MeetingHead.in_force(), in_force())
        .order_by(Review.channel_id, MeetingHead.held_on, Review.closed_at, Rating.id)
    )  # fmt: skip
    if until is not None:
        query = query.where(MeetingHead.held_on <= until)
    if only is not None:
        query = query.where(Review.channel_id.in_(only))
    found: defaultdict[int, list[tuple[Shown, datetime]]] = defaultdict(list)
    for owner, *values, entered_at in db.session.execute(query):
        found[owner].append((Shown(*values), entered_at))
    return found
