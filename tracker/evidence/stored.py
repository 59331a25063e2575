"""What is stored of some channels, in plain values: their names, closed reviews, ratings and explanations.

One query a table. Days and words come as the rules know them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select, true

from tracker import clock
from tracker.evidence.columns import Mark
from tracker.evidence.filters import Filters
from tracker.extensions import db
from tracker.models import Channel, Check, Explanation, MeetingHead, Rating, Review, ReviewDecision, Unit
from tracker.rules.words import Answer, Criterion, Decision, Level


class Looked(NamedTuple):
    """A closed review, in force or replaced by a correction, with the day of its meeting."""

    id: int
    channel_id: int
    meeting_id: int
    closed_at: datetime | None  # never none: reviews that are open are not read
    replaces_id: int | None
    replaced: bool
    held_on: date
    decision: Decision | None
    decided_from: date | None
    decision_reason: str
    checked: tuple[int | None, int | None]  # items of its checklist answered, and asked


class StoredRating(NamedTuple):
    """A rating of such a review."""

    id: int
    review_id: int
    criterion: Criterion
    level: Level
    reason: str
    unchanged: bool
    entered_at: datetime


class Held(NamedTuple):
    """The days on which the meetings that are read were held, both included; no first day: since ever."""

    first: date | None
    last: date

    def meetings(self) -> ColumnElement[bool]:
        """The condition of a query for reviews: that a head of their meeting says one of these days."""
        if self.first is None:
            return true()
        days = MeetingHead.held_on.between(self.first, self.last)
        return Review.meeting_id.in_(select(MeetingHead.meeting_id).where(days))


def in_scope(filters: Filters) -> Select[int]:
    """The query for the channels asked for."""
    query = select(Channel.id).join(Unit, Channel.unit_id == Unit.id)
    if filters.unit_ids is not None:
        query = query.where(Channel.unit_id.in_(filters.unit_ids))
    if filters.unit_id is not None:
        query = query.where(Channel.unit_id == filters.unit_id)
    if filters.channel_id is not None:
        query = query.where(Channel.id == filters.channel_id)
    if filters.platform is not None:
        query = query.where(Channel.platform == filters.platform)
    return query


def channel_ids(filters: Filters) -> list[int]:
    """The channels asked for, in the order of the concept."""
    order = (Unit.position, Unit.id, Channel.position, Channel.id)
    return list(db.session.scalars(in_scope(filters).order_by(*order)))


def fewer_reviews(ids: Collection[int], than: int, held: Held) -> bool:
    """Whether these channels have fewer reviews of these days than so many; it counts no further."""
    some = select(Review.id).where(Review.channel_id.in_(ids), held.meetings()).limit(than).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) < than


def channels_with(filters: Filters, fewer_than: int) -> set[int] | None:
    """The channels that have what is asked for of a rating as it is stored, if they are few; None if not, or if
    nothing of that kind is asked for.
    """
    query = select(Review.channel_id).distinct()
    asked: list[ColumnElement[bool]] = []
    if filters.mark in {
        Mark.CORRECTION,
        Mark.REPLACED,
    }:  # what else is asked for may stand in the other one of the two
        asked = [Review.replaces_id.is_not(None)]
    elif filters.level or filters.mark is Mark.UNCHANGED:
        query = query.join(Rating, Rating.review_id == Review.id)
        asked += [Rating.level == filters.level] if filters.level else []
        asked += [Rating.unchanged == true()] if filters.mark is Mark.UNCHANGED else []
    if filters.decision and filters.mark not in {Mark.CORRECTION, Mark.REPLACED}:
        query = query.join(ReviewDecision, ReviewDecision.review_id == Review.id)
        asked += [ReviewDecision.decision == filters.decision]
    if not asked:
        return None
    found = set(db.session.scalars(query.where(*asked).limit(fewer_than)))
    return found if len(found) < fewer_than else None


class Named(NamedTuple):
    """A channel by its names."""

    id: int
    unit: str
    platform: str
    name: str


def named(ids: Collection[int]) -> list[Named]:
    """These channels by their names, in the order given."""
    query = select(Channel.id, Unit.name, Channel.platform, Channel.name).join(Channel.unit)
    found = {values[0]: Named(*values) for values in db.session.execute(query.where(Channel.id.in_(ids)))}
    return [found[one] for one in ids]


def reviews(ids: Collection[int], held: Held) -> dict[int, Looked]:
    """The closed reviews of these channels in meetings held on these days, by their ids."""
    query = (
        select(
            Review.id, Review.channel_id, Review.meeting_id, Review.closed_at, Review.replaces_id,
            ReviewDecision.decision, ReviewDecision.from_on, ReviewDecision.reason,
        )
        .outerjoin(ReviewDecision, ReviewDecision.review_id == Review.id)
        .where(Review.channel_id.in_(ids), Review.closed_at.is_not(None), held.meetings())
    )  # fmt: skip
    found = (
        db.session.connection().execute(query).all()
    )  # plain rows: nothing here is an object of the session
    days, checked = _days({one[2] for one in found}), _checked(ids, held)
    replaced = {one[4] for one in found}
    return {
        key: Looked(
            key, channel_id, meeting_id, closed_at, replaces_id, key in replaced, held_on, decision, decided_from,
            reason or "", checked.get(key, (None, None)),
        )
        for key, channel_id, meeting_id, closed_at, replaces_id, decision, decided_from, reason in found
        if (held_on := days.get(meeting_id)) is not None
        and held_on <= held.last
        and (held.first is None or held.first <= held_on)
    }  # fmt: skip


def _days(meeting_ids: Collection[int]) -> dict[int, date]:
    """On which day these meetings were held, by the head in force; some at a time, as a query takes so many ids."""
    found: dict[int, date] = {}
    ids = sorted(meeting_ids)
    for start in range(0, len(ids), 1000):
        query = select(MeetingHead.meeting_id, MeetingHead.held_on).where(
            MeetingHead.meeting_id.in_(ids[start : start + 1000]), MeetingHead.in_force()
        )
        found |= {meeting_id: held_on for meeting_id, held_on in db.session.execute(query)}  # noqa: C416
    return found


def ratings(
    ids: Collection[int], held: Held, of: Mapping[int, Looked]
) -> defaultdict[int, list[StoredRating]]:
    """The ratings of these reviews of these channels, by channel."""
    query = (
        select(
            Rating.id, Rating.review_id, Rating.criterion, Rating.level, Rating.reason, Rating.unchanged,
            Rating.entered_at,
        )
        .join(Review, Rating.review_id == Review.id)
        .where(Review.channel_id.in_(ids), Review.closed_at.is_not(None), held.meetings())
    )  # fmt: skip
    found: defaultdict[int, list[StoredRating]] = defaultdict(list)
    for one in map(StoredRating._make, db.session.connection().execute(query)):
        if (review := of.get(one.review_id)) is not None:
            found[review.channel_id].append(one)
    return found


def _checked(ids: Collection[int], held: Held) -> dict[int, tuple[int, int]]:
    """How many items of its checklist each review answered, and how many it was asked, by its id."""
    answered = func.sum(case((Check.answer != Answer.NOT_CHECKED, 1), else_=0))
    query = (
        select(Check.review_id, answered, func.count())
        .join(Review, Check.review_id == Review.id)
        .where(Review.channel_id.in_(ids), Check.answer.is_not(None), held.meetings())
        .group_by(Check.review_id)
    )
    return {review_id: (n, total) for review_id, n, total in db.session.execute(query)}


def explanations(ids: Collection[int], zone: str) -> defaultdict[int, defaultdict[tuple[date, date], str]]:
    """What was said on each slot of each channel, by its days: a line an explanation, with name and day."""
    query = (
        select(
            Explanation.channel_id, Explanation.begins_on, Explanation.due_on, Explanation.text,
            Explanation.by_name, Explanation.at,
        )
        .where(Explanation.channel_id.in_(ids))
        .order_by(Explanation.at, Explanation.id)
    )  # fmt: skip
    found: defaultdict[int, defaultdict[tuple[date, date], str]] = defaultdict(lambda: defaultdict(str))
    for channel_id, begins_on, due_on, text, by_name, at in db.session.execute(query):
        line = f"{text} ({by_name}, {clock.day_of(at, zone)})"
        slots, days = found[channel_id], (begins_on, due_on)
        slots[days] = f"{slots[days]}\n{line}" if slots[days] else line
    return found
