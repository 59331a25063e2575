"""What the pages on meetings read: the list, one meeting, and the channels an agenda is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from tracker import concept_news, seeing
from tracker.extensions import db
from tracker.meetings.agenda import due_by
from tracker.models import AgendaLine, Channel, Draft, Meeting, MeetingHead, Review, Unit, User
from tracker.rules.slots import Slot
from tracker.rules.words import ChannelState
from tracker.standings import outlines

PAGE = 20  # closed or cancelled meetings on a page


@dataclass(frozen=True)
class Over:
    """A page of the meetings that are closed or cancelled, newest first."""

    meetings: list[Meeting]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class Offer:
    """A channel that an agenda may have, and what for: slots a meeting on that day could discharge, and whether the
    concept has changed since its legality was rated.
    """

    channel: Channel
    due: tuple[Slot, ...]
    changed: bool = False

    @property
    def proposed(self) -> bool:
        """Whether the next meeting is to look at it."""
        return bool(self.due) or self.changed


def planned(units: frozenset[int] | None, chair_id: int = 0) -> list[Meeting]:
    """The meetings neither closed nor cancelled that a person may see, soonest first."""
    query = _visible(units, chair_id).where(Meeting.closed_at.is_(None), Meeting.cancelled_at.is_(None))
    return list(db.session.scalars(query.order_by(Meeting.planned_on, Meeting.starts_at, Meeting.id)))


def over(units: frozenset[int] | None, page: int, chair_id: int = 0) -> Over:
    """The closed and the cancelled ones, by the day they were held or planned for, a page at a time."""
    ended = or_(Meeting.closed_at.is_not(None), Meeting.cancelled_at.is_not(None))
    visible = _visible(units, chair_id)
    total = db.session.scalar(select(func.count()).select_from(visible.where(ended).subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    in_force = and_(MeetingHead.meeting_id == Meeting.id, MeetingHead.in_force())
    day = func.coalesce(MeetingHead.held_on, Meeting.planned_on)
    query = visible.outerjoin(MeetingHead, in_force).where(ended).order_by(day.desc(), Meeting.id.desc())
    found = db.session.scalars(
        query.options(selectinload(Meeting.heads)).limit(PAGE).offset((page - 1) * PAGE)
    )
    return Over(list(found), page, pages, total)


def meeting(meeting_id: int, units: frozenset[int] | None, chair_id: int = 0) -> Meeting | None:
    """One meeting, unless none of its channels belongs to these units and somebody else was appointed to chair it."""
    return db.session.scalars(_visible(units, chair_id).where(Meeting.id == meeting_id)).first()


def _visible(units: frozenset[int] | None, chair_id: int = 0) -> Select[Meeting]:
    return seeing.meetings(units, chair_id).options(
        selectinload(Meeting.agenda).selectinload(AgendaLine.channel)
    )


def counts(meetings: Iterable[Meeting], units: frozenset[int] | None) -> dict[int, int]:
    """How many channels of these units each meeting has: reviewed once it is closed, else on the agenda."""
    found = {
        one.id: sum(_ours(line.channel, units) for line in one.agenda)
        for one in meetings
        if one.closed_at is None
    }
    closed = [one.id for one in meetings if one.closed_at is not None]
    query = select(Review.meeting_id, func.count()).join(Channel, Channel.id == Review.channel_id)
    query = query.where(Review.meeting_id.in_(closed), Review.replaces_id.is_(None)).group_by(
        Review.meeting_id
    )
    if units is not None:
        query = query.where(Channel.unit_id.in_(units))
    found |= dict(db.session.execute(query).all())
    return found


def _ours(channel: Channel, units: frozenset[int] | None) -> bool:
    return units is None or channel.unit_id in units


def offers(day: date, today: date, units: frozenset[int] | None) -> list[Offer]:
    """The channels one may put on the agenda of a day, in the order of the concept; closed ones only if still due.

    For a day in the past, what was held since counts as well.
    """
    found = outlines(max(day, today), units)
    news = concept_news.since_last_legality(one.channel for one in found if one.ledger.in_force)
    listed = [
        (Offer(one.channel, due_by(one.ledger, day), one.channel.id in news), one.state) for one in found
    ]
    return [offer for offer, state in listed if offer.due or state is not ChannelState.CLOSED]


def by_unit(offered: Iterable[Offer]) -> list[tuple[Unit, list[Offer]]]:
    """The same by unit, in the order of the concept."""
    ordered = sorted(offered, key=lambda one: (one.channel.unit.position, one.channel.unit_id))
    groups = groupby(ordered, key=lambda one: one.channel.unit)
    return [(unit, list(group)) for unit, group in groups]


def planner(found: Meeting) -> str | None:
    """The name of the person who planned it; None: the system."""
    person = db.session.get(User, found.planned_by_id) if found.planned_by_id else None
    return person.full_name if person else None


def typed_fields(meeting_id: int) -> int:
    """How many fields somebody has typed into the log of a meeting."""
    return (
        db.session.scalar(select(func.count()).select_from(Draft).where(Draft.meeting_id == meeting_id)) or 0
    )


def reviewed(meeting: Meeting) -> dict[int, int]:
    """The channels reviewed in a closed meeting, each with its unit."""
    query = select(Channel.id, Channel.unit_id).join(Review, Review.channel_id == Channel.id)
    rows = db.session.execute(query.where(Review.meeting_id == meeting.id, Review.closed_at.is_not(None)))
    return dict(rows.all())


def on_other_agendas(meeting_id: int, on: date) -> set[int]:
    """The channels that another meeting of today or later is to deal with."""
    query = select(AgendaLine.channel_id).join(Meeting, Meeting.id == AgendaLine.meeting_id)
    query = query.where(Meeting.id != meeting_id, Meeting.planned_on >= on)
    return set(db.session.scalars(query.where(Meeting.closed_at.is_(None), Meeting.cancelled_at.is_(None))))


def next_on(after: date, units: frozenset[int] | None) -> date | None:
    """The day of the first meeting held or planned after a day, of those one may see; cancelled ones do not count."""
    in_force = and_(MeetingHead.meeting_id == Meeting.id, MeetingHead.in_force())
    day = func.coalesce(MeetingHead.held_on, Meeting.planned_on)
    query = (
        _visible(units).outerjoin(MeetingHead, in_force).where(day > after, Meeting.cancelled_at.is_(None))
    )
    return db.session.scalar(query.with_only_columns(func.min(day)))
