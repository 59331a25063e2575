"""What the pages on actions read: the list, one action, and what a new one may name."""

from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from tracker.extensions import db
from tracker.models import Action, Channel, Contact, Unit
from tracker.rules.words import ChannelState

PAGE = 50
OPEN, DONE, ALL = "open", "done", "all"


@dataclass(frozen=True)
class Found:
    """A page of the list."""

    actions: list[Action]
    page: int
    pages: int
    total: int


def found(units: frozenset[int] | None, state: str, unit_id: int | None, page: int) -> Found:
    """Open ones by due date, then done ones, the last done first. `state` is one of OPEN, DONE, ALL."""
    query = _visible(units)
    if state != ALL:
        query = query.where(Action.done_on.is_(None) if state == OPEN else Action.done_on.is_not(None))
    if unit_id is not None:
        query = query.where(Action.channel.has(Channel.unit_id == unit_id))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    done, open_due = Action.done_on.is_not(None), case((Action.done_on.is_(None), Action.due_on))
    ordered = query.order_by(done, open_due, Action.done_on.desc(), Action.id)
    loaded = ordered.options(
        joinedload(Action.owner),
        joinedload(Action.channel).joinedload(Channel.unit),
        joinedload(Action.review),
    )
    rows = db.session.scalars(loaded.limit(PAGE).offset((page - 1) * PAGE))
    return Found(list(rows), page, pages, total)


def anything(units: frozenset[int] | None) -> bool:
    """Whether there is any action one may see."""
    return db.session.scalars(_visible(units).limit(1)).first() is not None


def action(action_id: int, units: frozenset[int] | None) -> Action | None:
    """One action, unless it belongs to a channel of other units."""
    return db.session.scalars(_visible(units).where(Action.id == action_id)).first()


def _visible(units: frozenset[int] | None) -> Select[Action]:
    """An action without a channel concerns the whole organisation: those limited to units do not see it."""
    query = select(Action)
    return query if units is None else query.where(Action.channel.has(Channel.unit_id.in_(units)))


def units_of(units: frozenset[int] | None) -> list[Unit]:
    """The units one may filter by, in the order of the concept."""
    query = select(Unit).order_by(Unit.position, Unit.id)
    return list(db.session.scalars(query if units is None else query.where(Unit.id.in_(units))))


def channels(units: frozenset[int] | None) -> list[Channel]:
    """The channels an action may be agreed on, closed ones too: closing leaves work behind."""
    query = select(Channel).join(Channel.unit).options(joinedload(Channel.unit))
    if units is not None:
        query = query.where(Channel.unit_id.in_(units))
    closed_last = case((Channel.state == ChannelState.CLOSED, 1), else_=0)
    return list(db.session.scalars(query.order_by(closed_last, Unit.position, Channel.position, Channel.id)))


def owners() -> list[Contact]:
    """Whoever an action may belong to, by name: people who can still sign in, mailboxes, and names of the concept."""
    rows = db.session.scalars(select(Contact).options(joinedload(Contact.user)).order_by(Contact.name))
    return [one for one in rows if one.user is None or one.user.active]
