"""Who is invited to a meeting: whom one may tick, whom mail reaches, and who may be appointed to chair it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from tracker import accounts, language, letter
from tracker.extensions import db
from tracker.models import Channel, Contact, Invitation, Meeting, User, unit_limits
from tracker.rules.deeds import ALLOWED, Deed
from tracker.rules.words import Role


@dataclass(frozen=True)
class Invitee:
    """A contact that is or may be invited. `address` is empty where no mail reaches it."""

    contact: Contact
    address: str
    language: str
    acting: bool  # one of those who may log or close


def offered(chosen: Collection[int] = ()) -> list[Invitee]:
    """Whoever may be invited: first those who may log or close, then everybody else, by name.

    People who can no longer sign in are left out, unless they are among the `chosen` contacts.
    """
    with_people = select(Contact).options(joinedload(Contact.user).selectinload(User.roles))
    listed = db.session.scalars(with_people.order_by(func.lower(Contact.name), Contact.id))
    found = [
        _invitee(one) for one in listed if one.user is None or accounts.holds(one.user) or one.id in chosen
    ]
    return sorted(found, key=lambda one: not one.acting)


def invited(meeting: Meeting) -> list[Invitee]:
    """Whoever is invited to a meeting, in the same order."""
    chosen = ids(meeting)
    return [one for one in offered(chosen) if one.contact.id in chosen]


def ids(meeting: Meeting) -> frozenset[int]:
    """The contacts invited to a meeting."""
    query = select(Invitation.contact_id).where(Invitation.meeting_id == meeting.id)
    return frozenset(db.session.scalars(query))


def ids_last_time() -> frozenset[int]:
    """The contacts invited to the meeting planned last that was no special review and had invitations."""
    query = select(Invitation.meeting_id).join(Invitation.meeting)
    newest = query.where(Meeting.cause == "", Meeting.cancelled_at.is_(None)).order_by(Meeting.id.desc())
    last = db.session.scalars(newest.limit(1)).first()
    return frozenset(db.session.scalars(select(Invitation.contact_id).where(Invitation.meeting_id == last)))


def counts(meetings: Iterable[Meeting]) -> dict[int, int]:
    """How many are invited to each meeting."""
    query = select(Invitation.meeting_id, func.count()).group_by(Invitation.meeting_id)
    query = query.where(Invitation.meeting_id.in_([one.id for one in meetings]))
    return dict(db.session.execute(query).all())


def chairs(meeting: Meeting | None = None) -> list[User]:
    """Whoever may be appointed to chair a meeting: who may close meetings at all; and who is appointed already."""
    query = select(User).options(selectinload(User.roles)).order_by(User.full_name, User.id)
    appointed = meeting.chair_id if meeting else None
    return [one for one in db.session.scalars(query) if one.id == appointed or _may_close(one)]


def _may_close(person: User) -> bool:
    return accounts.holds(person) and any(
        Deed.MEETINGS_CLOSE in ALLOWED[Role(role.name)] for role in person.roles
    )


def _invitee(contact: Contact) -> Invitee:
    person = contact.user
    if person is None:
        return Invitee(contact, _reachable(contact.email or ""), language.house_language(), acting=False)
    spoken = person.language if person.language in language.LANGUAGES else language.house_language()
    return Invitee(
        contact, _reachable(person.email) if accounts.holds(person) else "", spoken, acting=_may_close(person)
    )


def _reachable(address: str) -> str:
    """The address as it goes over the wire, or nothing if it is none."""
    try:
        return letter.clean_address(address)
    except letter.AddressRefused:
        return ""


def units_of_person(person: User) -> frozenset[int] | None:
    """The units in which a person may see meetings; None: all."""
    query = select(unit_limits.c.role_id, unit_limits.c.unit_id).where(unit_limits.c.user_id == person.id)
    limits: dict[int, set[int]] = {}
    for role_id, unit_id in db.session.execute(query):
        limits.setdefault(role_id, set()).add(unit_id)
    seeing = [role for role in person.roles if Deed.MEETINGS_SEE in ALLOWED[Role(role.name)]]
    if any(role.id not in limits for role in seeing):
        return None
    return frozenset().union(*(limits[role.id] for role in seeing))


def units_of_mailbox(contact: Contact | None) -> frozenset[int] | None:
    """A mailbox responsible for channels sees those of their units; any other that was invited, all of them."""
    if contact is None:
        return frozenset()
    ids = db.session.scalars(select(Channel.unit_id).where(Channel.contact_id == contact.id))
    return frozenset(ids) or None
