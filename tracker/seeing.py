"""Which rows somebody sees who is limited to units, where more than one room asks: said once."""

from sqlalchemy import ColumnElement, Select, and_, or_, select

from tracker.models import Action, AgendaLine, Channel, Contact, Meeting, Review

Units = frozenset[int] | None  # None: all of them


def actions(units: Units) -> Select[Action]:
    """Those of the channels of these units; what belongs to no channel concerns everybody and is seen by all."""
    query = select(Action)
    if units is None:
        return query
    ours = Action.channel.has(Channel.unit_id.in_(units))
    return query.where(or_(Action.channel_id.is_(None), ours))


def own_actions(user_id: int) -> Select[Action]:
    """The open actions of one person, due first first."""
    query = select(Action).join(Contact, Action.owner_id == Contact.id)
    query = query.where(Contact.user_id == user_id, Action.done_on.is_(None))
    return query.order_by(Action.due_on, Action.id)


def meetings(units: Units, chair_id: int = 0) -> Select[Meeting]:
    """All meetings; for a person limited to units, those with a channel of theirs, with no channel at all, or theirs to
    chair.
    """
    query = select(Meeting)
    if units is None:
        return query
    on_agenda = select(AgendaLine.channel_id).where(AgendaLine.meeting_id == Meeting.id)
    reviewed = select(Review.channel_id).where(Review.meeting_id == Meeting.id)
    ours = Channel.unit_id.in_(units)
    own: ColumnElement[bool] = or_(
        on_agenda.join(Channel, Channel.id == AgendaLine.channel_id).where(ours).exists(),
        reviewed.join(Channel, Channel.id == Review.channel_id).where(ours).exists(),
    )
    return query.where(or_(own, Meeting.chair_id == chair_id, and_(~on_agenda.exists(), ~reviewed.exists())))
