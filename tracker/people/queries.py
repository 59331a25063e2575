"""Who there is, with roles and the units they are limited to, and what is theirs to do."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker import accounts, seeing
from tracker.extensions import db
from tracker.models import Action, Channel, Contact, Entry, Organisation, Unit, User, unit_limits
from tracker.models import Role as RoleRow
from tracker.rules.deeds import Deed
from tracker.rules.words import Role
from tracker.seeing import Units

PAGE = 50
ACTIVE, DEACTIVATED, OUTSIDE = "active", "deactivated", "outside"


@dataclass(frozen=True)
class Asked:
    """What the list is filtered by; empty means all. `state`: ACTIVE, DEACTIVATED, OUTSIDE its days."""

    text: str = ""
    role: Role | None = None
    state: str = ""


@dataclass(frozen=True)
class Known:
    """A person with roles; a role without units holds for all of them."""

    person: User
    roles: dict[Role, tuple[Unit, ...]]


@dataclass(frozen=True)
class Found:
    """A page of the list."""

    people: list[Known]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class Theirs:
    """What a person is responsible for: channels, open actions, and whatever has nobody."""

    contact: Contact | None
    channels: list[Channel]
    actions: list[Action]
    is_fallback: bool

    @property
    def anything(self) -> bool:
        """Whether somebody else has to take something over when the person leaves."""
        return bool(self.channels or self.actions or self.is_fallback)


def found(asked: Asked, page: int) -> Found:
    """People by name, deactivated ones last."""
    query = _wanted(asked)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    ordered = query.options(selectinload(User.roles)).order_by(User.active.desc(), User.full_name, User.id)
    rows = db.session.scalars(ordered.limit(PAGE).offset((page - 1) * PAGE)).all()
    units = {unit.id: unit for unit in all_units()}
    limits: defaultdict[tuple[int, int], list[Unit]] = defaultdict(list)
    for user_id, role_id, unit_id in db.session.execute(
        select(unit_limits).where(unit_limits.c.user_id.in_([one.id for one in rows]))
    ):
        limits[user_id, role_id].append(units[unit_id])
    people = [
        Known(one, {Role(role.name): tuple(limits[one.id, role.id]) for role in one.roles}) for one in rows
    ]
    return Found(people, page, pages, total)


def _wanted(asked: Asked) -> Select[User]:
    query = select(User)
    if asked.state == ACTIVE:
        query = query.where(accounts.that_hold())
    elif asked.state:
        outside = User.active & ~accounts.that_hold()
        query = query.where(outside if asked.state == OUTSIDE else ~User.active)
    if asked.role is not None:
        query = query.where(User.roles.any(RoleRow.name == asked.role.value))
    for word in asked.text.split():
        # SQLite compares letters beyond a to z by their case: so the word is tried in the cases it may stand in.
        tried = sorted({word, word.lower(), word.upper(), word.capitalize()})
        columns = (User.full_name, User.email)
        query = query.where(or_(*(one.icontains(word, autoescape=True) for one in columns for word in tried)))
    return query


def count() -> int:
    """How many people there are."""
    return db.session.scalar(select(func.count(User.id))) or 0


def all_units() -> list[Unit]:
    """The units in the order of the concept."""
    return list(db.session.scalars(select(Unit).order_by(Unit.position, Unit.id)))


def invited_at(person: User) -> datetime | None:
    """When the last invitation was sent, as the journal has it."""
    ended = func.replace(Entry.body, "}", ",")  # so that every number is followed by a comma
    of_person = (Entry.deed == Deed.PEOPLE_INVITE.value) & ended.contains(f'"user":{person.id},')
    return db.session.scalar(select(func.max(Entry.at)).where(of_person))


def by_email(email: str) -> User | None:
    """The person with this address, whatever its case."""
    return db.session.scalars(select(User).where(func.lower(User.email) == email.strip().lower())).first()


def theirs(person: User, channels_in: Units, actions_in: Units) -> Theirs:
    """What a person is responsible for, of what the reader sees."""
    contact = db.session.scalars(select(Contact).where(Contact.user_id == person.id)).first()
    if contact is None:
        return Theirs(None, [], [], False)
    channels = select(Channel).join(Channel.unit).where(Channel.contact_id == contact.id)
    if channels_in is not None:
        channels = channels.where(Channel.unit_id.in_(channels_in))
    channels = channels.options(joinedload(Channel.unit)).order_by(
        Unit.position, Channel.position, Channel.id
    )
    actions = seeing.actions(actions_in).where(Action.owner_id == contact.id, Action.done_on.is_(None))
    actions = actions.order_by(Action.due_on, Action.id)
    row = db.session.get(Organisation, 1)
    fallback = row is not None and row.fallback_contact_id == contact.id
    return Theirs(contact, list(db.session.scalars(channels)), list(db.session.scalars(actions)), fallback)
