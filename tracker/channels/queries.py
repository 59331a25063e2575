"""What the pages on channels read: the register, one channel's papers, and the contacts to choose from."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.extensions import db
from tracker.models import (
    Action,
    AgendaLine,
    Channel,
    ConceptText,
    ConceptVersion,
    Explanation,
    Meeting,
    MeetingHead,
    Obligation,
    Reminder,
    Review,
    ReviewDecision,
    StateChange,
)

REMINDERS_SHOWN = 50


def explanations(channel_id: int) -> dict[tuple[date, date], list[Explanation]]:
    """All explanations of a channel by slot, in the order in which they were written."""
    found: defaultdict[tuple[date, date], list[Explanation]] = defaultdict(list)
    query = select(Explanation).where(Explanation.channel_id == channel_id).order_by(Explanation.id)
    for row in db.session.scalars(query):
        found[row.begins_on, row.due_on].append(row)
    return dict(found)


def meetings_to_come(channel_id: int, on: date) -> list[Meeting]:
    """The meetings of a day and later that carry the channel and are not closed."""
    query = (
        select(Meeting).join(AgendaLine).where(AgendaLine.channel_id == channel_id, Meeting.planned_on >= on)
    )
    query = query.where(Meeting.closed_at.is_(None), Meeting.cancelled_at.is_(None))
    return list(db.session.scalars(query.order_by(Meeting.planned_on, Meeting.id)))


def reviews(channel_id: int) -> list[tuple[Review, date]]:
    """All closed reviews of a channel, corrections and what they replaced, with the day held; the newest first."""
    query = (
        select(Review, MeetingHead.held_on)
        .join(MeetingHead, MeetingHead.meeting_id == Review.meeting_id)
        .where(Review.channel_id == channel_id, Review.closed_at.is_not(None), MeetingHead.in_force())
        .options(selectinload(Review.ratings), joinedload(Review.decision), joinedload(Review.replaced_by))
        .order_by(MeetingHead.held_on.desc(), Review.id.desc())
    )
    return [(review, held_on) for review, held_on in db.session.execute(query)]


def last_decision(found: Sequence[tuple[Review, date]]) -> tuple[ReviewDecision, date] | None:
    """The newest decision that no correction has replaced, with the day of its meeting."""
    for review, held_on in found:
        if review.decision is not None and (
            review.replaced_by is None or review.replaced_by.closed_at is None
        ):
            return review.decision, held_on
    return None


def concept_text(channel_id: int) -> tuple[ConceptText, ConceptVersion] | None:
    """What the newest version that knows the channel says about it."""
    query = select(ConceptText, ConceptVersion).join(
        ConceptVersion, ConceptText.version_id == ConceptVersion.id
    )
    query = query.where(ConceptText.channel_id == channel_id).order_by(ConceptVersion.number.desc())
    row = db.session.execute(query.limit(1)).first()
    return (row[0], row[1]) if row else None


def states(channel_id: int) -> list[StateChange]:
    """How a channel is run from which day on."""
    query = select(StateChange).where(StateChange.channel_id == channel_id)
    return list(db.session.scalars(query.order_by(StateChange.from_on)))


def obligations(channel_id: int) -> list[Obligation]:
    """A channel's obligations, the newest first."""
    query = select(Obligation).where(Obligation.channel_id == channel_id)
    return list(db.session.scalars(query.order_by(Obligation.from_on.desc())))


def open_actions(channel_id: int) -> list[Action]:
    """A channel's actions that are not done, due first first."""
    query = select(Action).where(Action.channel_id == channel_id, Action.done_on.is_(None))
    return list(
        db.session.scalars(query.options(joinedload(Action.owner)).order_by(Action.due_on, Action.id))
    )


def done_actions(channel_id: int) -> list[Action]:
    """A channel's actions that are done, the last done first."""
    query = select(Action).where(Action.channel_id == channel_id, Action.done_on.is_not(None))
    newest = query.options(joinedload(Action.owner)).order_by(Action.done_on.desc(), Action.id.desc())
    return list(db.session.scalars(newest))


def reminders(channel_id: int) -> list[Reminder]:
    """The newest reminders told about a channel."""
    query = select(Reminder).where(Reminder.channel_id == channel_id)
    query = query.options(joinedload(Reminder.contact), joinedload(Reminder.mail))
    return list(
        db.session.scalars(query.order_by(Reminder.told_on.desc(), Reminder.id.desc()).limit(REMINDERS_SHOWN))
    )


def channel(channel_id: int) -> Channel | None:
    """The row, with its unit and contact."""
    return db.session.get(
        Channel, channel_id, options=[joinedload(Channel.unit), joinedload(Channel.contact)]
    )
