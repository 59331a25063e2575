"""Which rows somebody sees who is limited to units, where more than one room asks: said once."""

from sqlalchemy import Select, or_, select

from tracker.models import Action, Channel

Units = frozenset[int] | None  # None: all of them


def actions(units: Units) -> Select[Action]:
    """Those of the channels of these units; what belongs to no channel concerns everybody and is seen by all."""
    query = select(Action)
    if units is None:
        return query
    ours = Action.channel.has(Channel.unit_id.in_(units))
    return query.where(or_(Action.channel_id.is_(None), ours))
