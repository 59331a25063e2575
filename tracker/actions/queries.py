"""What the pages on actions read: the list and its counts, one action, and what a new one may name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker import language, seeing
from tracker.extensions import db
from tracker.models import Action, Channel, Contact, Unit
from tracker.rules.deciding import state_on
from tracker.rules.words import ChannelState
from tracker.seeing import Units
from tracker.standings import states_by_channel

PAGE = 50
OPEN, OVERDUE, DONE, ALL = "open", "overdue", "done", "all"
STATES = (OPEN, OVERDUE, DONE, ALL)


@dataclass(frozen=True)
class Asked:
    """What the list is filtered by; empty means all. `state` is one of STATES."""

    state: str = OPEN
    unit_id: int | None = None
    channel_id: int | None = None
    owner_id: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Found:
    """A page of the list."""

    actions: list[Action]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class Counts:
    """How many actions there are, of all that one may see. `mine` are open and belong to one contact."""

    open: int
    overdue: int
    done: int
    mine: int

    @property
    def all(self) -> int:
        """Whatever became of them."""
        return self.open + self.done


def found(units: Units, asked: Asked, on: date, page: int) -> Found:
    """Open ones by due date, the longest overdue first, then done ones, the last done first."""
    query = seeing.actions(units).where(*_wanted(asked, on))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    done, open_due = Action.done_on.is_not(None), case((Action.done_on.is_(None), Action.due_on))
    ordered = query.order_by(done, open_due, Action.done_on.desc(), Action.id)
    loaded = ordered.options(
        joinedload(Action.owner),
        joinedload(Action.channel).joinedload(Channel.unit),
        selectinload(Action.changes),
    )
    rows = db.session.scalars(loaded.limit(PAGE).offset((page - 1) * PAGE))
    return Found(list(rows), page, pages, total)


def _wanted(asked: Asked, on: date) -> Iterator[ColumnElement[bool]]:
    if asked.state in {OPEN, OVERDUE}:
        yield Action.done_on.is_(None)
    if asked.state == OVERDUE:
        yield Action.due_on < on
    if asked.state == DONE:
        yield Action.done_on.is_not(None)
    if asked.unit_id is not None:
        yield Action.channel.has(Channel.unit_id == asked.unit_id)
    if asked.channel_id is not None:
        yield Action.channel_id == asked.channel_id
    if asked.owner_id is not None:
        yield Action.owner_id == asked.owner_id
    for word in asked.text.split():
        yield _says(word)


def _says(word: str) -> ColumnElement[bool]:
    """Whether a word stands in the action, its note, its owner or its channel.

    SQLite compares letters beyond a to z by their case: so the word is also tried in the cases it may stand in.
    """
    columns = (Action.what, Action.done_note)
    tried = {word, word.lower(), word.upper(), word.capitalize()}

    def among(*columns: ColumnElement[str]) -> ColumnElement[bool]:
        return or_(*(column.icontains(one, autoescape=True) for column in columns for one in sorted(tried)))

    unit = Channel.unit.has(among(Unit.name))  # type: ignore[arg-type]
    return or_(
        among(*columns),  # type: ignore[arg-type]
        Action.owner.has(among(Contact.name)),  # type: ignore[arg-type]
        Action.channel.has(or_(among(Channel.platform, Channel.name), unit)),  # type: ignore[arg-type]
    )


def counts(units: Units, on: date, contact_id: int | None) -> Counts:
    """How many are open, overdue, done; and how many open ones belong to this contact."""
    still_open = Action.done_on.is_(None)
    mine = and_(still_open, Action.owner_id == contact_id)
    wanted = (still_open, and_(still_open, Action.due_on < on), Action.done_on.is_not(None), mine)
    sums = (func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in wanted)
    row = db.session.execute(seeing.actions(units).with_only_columns(*sums)).one()
    return Counts(*(int(number) for number in row))


def action(action_id: int, units: Units) -> Action | None:
    """One action, unless it belongs to a channel of other units."""
    return db.session.scalars(seeing.actions(units).where(Action.id == action_id)).first()


def units_of(units: Units) -> list[Unit]:
    """The units one may filter by, in the order of the concept."""
    query = select(Unit).order_by(Unit.position, Unit.id)
    return list(db.session.scalars(query if units is None else query.where(Unit.id.in_(units))))


def channels(units: Units) -> list[Channel]:
    """The channels an action may be agreed on, closed ones too: closing leaves work behind."""
    query = select(Channel).join(Channel.unit).options(joinedload(Channel.unit))
    if units is not None:
        query = query.where(Channel.unit_id.in_(units))
    found = db.session.scalars(query.order_by(Unit.position, Channel.position, Channel.id))
    states, today = states_by_channel(), language.today()
    return sorted(found, key=lambda one: state_on(states[one.id], today) is ChannelState.CLOSED)


def owners_of(units: Units) -> list[Contact]:
    """Whoever an action that one may see belongs to, by name."""
    ids = seeing.actions(units).with_only_columns(Action.owner_id)
    rows = db.session.scalars(select(Contact).where(Contact.id.in_(ids)))
    return sorted(rows, key=lambda one: one.name.casefold())


def contact_of(user_id: int) -> Contact | None:
    """The contact by which a person is told, if there is one yet."""
    return db.session.scalars(select(Contact).where(Contact.user_id == user_id)).first()
