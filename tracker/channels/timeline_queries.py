"""What the timeline of a channel reads: one query for each table, however many years there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.channels import queries
from tracker.extensions import db
from tracker.models import (
    Action,
    ActionReminder,
    AgendaLine,
    ConceptText,
    ConceptVersion,
    Contact,
    Explanation,
    Figures,
    FiguresUpload,
    Mail,
    Meeting,
    MeetingHead,
    Obligation,
    Reminder,
    Review,
    StateChange,
    Untold,
)


@dataclass(frozen=True)
class Life:
    """The rows that a channel left behind, each kind in the order in which it was written."""

    versions: Sequence[Any]  # number, since_on, reason, and ConceptText or None, of every version
    states: Sequence[StateChange]
    obligations: Sequence[Obligation]
    reviews: Sequence[tuple[Review, date]]
    heads: Sequence[MeetingHead]
    open_meetings: Sequence[Meeting]
    actions: Sequence[Action]
    reminders: Sequence[Any]
    action_reminders: Sequence[Any]
    untold: Sequence[Untold]
    explanations: dict[tuple[date, date], list[Explanation]]
    figures: Sequence[Any]


def life(channel_id: int) -> Life:
    """All of it."""
    return Life(
        versions=_versions(channel_id),
        states=queries.states(channel_id),
        obligations=queries.obligations(channel_id),
        reviews=queries.reviews(channel_id)[::-1],
        heads=_heads(channel_id),
        open_meetings=_open_meetings(channel_id),
        actions=_actions(channel_id),
        reminders=_reminders(channel_id),
        action_reminders=_action_reminders(channel_id),
        untold=_untold(channel_id),
        explanations=queries.explanations(channel_id),
        figures=_figures(channel_id),
    )


def _versions(channel_id: int) -> Sequence[Any]:
    query = select(ConceptVersion.number, ConceptVersion.since_on, ConceptVersion.reason, ConceptText)
    of_channel = (ConceptText.version_id == ConceptVersion.id) & (ConceptText.channel_id == channel_id)
    return db.session.execute(query.outerjoin(ConceptText, of_channel).order_by(ConceptVersion.number)).all()


def _heads(channel_id: int) -> list[MeetingHead]:
    """All closed heads of the meetings that dealt with the channel."""
    dealt = select(Review.meeting_id).where(Review.channel_id == channel_id, Review.closed_at.is_not(None))
    query = select(MeetingHead).where(MeetingHead.closed_at.is_not(None), MeetingHead.meeting_id.in_(dealt))
    return list(db.session.scalars(query.order_by(MeetingHead.meeting_id, MeetingHead.version)))


def _open_meetings(channel_id: int) -> list[Meeting]:
    """Those with the channel on the agenda that are not closed: to come, cancelled, or still to be logged."""
    query = select(Meeting).join(AgendaLine, AgendaLine.meeting_id == Meeting.id)
    query = query.where(AgendaLine.channel_id == channel_id, Meeting.closed_at.is_(None))
    return list(db.session.scalars(query.order_by(Meeting.planned_on, Meeting.id)))


def _actions(channel_id: int) -> list[Action]:
    query = select(Action).where(Action.channel_id == channel_id).order_by(Action.agreed_on, Action.id)
    return list(db.session.scalars(query.options(joinedload(Action.owner), selectinload(Action.changes))))


def _reminders(channel_id: int) -> Sequence[Any]:
    query = (
        select(Reminder.told_on, Reminder.begins_on, Reminder.due_on, Reminder.stage, Reminder.owed_on,
               Reminder.stands_in_for, Contact.name, Mail.became)
        .join(Contact, Contact.id == Reminder.contact_id)
        .join(Mail, Mail.id == Reminder.mail_id)
        .where(Reminder.channel_id == channel_id)
        .order_by(Reminder.told_on, Reminder.begins_on, Reminder.due_on, Reminder.stage, Reminder.id)
    )  # fmt: skip
    return db.session.execute(query).all()


def _action_reminders(channel_id: int) -> Sequence[Any]:
    query = (
        select(
            ActionReminder.told_on,
            Action.id,
            Action.what,
            ActionReminder.stands_in_for,
            Contact.name,
            Mail.became,
        )
        .join(Action, Action.id == ActionReminder.action_id)
        .join(Contact, Contact.id == ActionReminder.contact_id)
        .join(Mail, Mail.id == ActionReminder.mail_id)
        .where(Action.channel_id == channel_id)
        .order_by(ActionReminder.told_on, Action.id, ActionReminder.id)
    )
    return db.session.execute(query).all()


def _untold(channel_id: int) -> list[Untold]:
    query = select(Untold).where(Untold.channel_id == channel_id).order_by(Untold.noted_on, Untold.id)
    return list(db.session.scalars(query))


def _figures(channel_id: int) -> Sequence[Any]:
    query = (
        select(Figures.begins_on, Figures.ends_on, Figures.entered_at, Figures.by_name, FiguresUpload.filename,
               FiguresUpload.undone_at)
        .outerjoin(FiguresUpload, FiguresUpload.id == Figures.upload_id)
        .where(Figures.channel_id == channel_id)
        .order_by(Figures.id)
    )  # fmt: skip
    return db.session.execute(query).all()
