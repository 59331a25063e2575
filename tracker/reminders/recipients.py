"""Who is told about a channel: the responsible contact, the managers of its unit, or the fallback. Only who can act."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum, auto

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker import language, letter
from tracker.extensions import db
from tracker.models import Channel, Contact, Organisation, User, unit_limits
from tracker.rules.words import Role, Stage

ACTING = (Role.EDITOR, Role.MANAGER)


class Why(StrEnum):
    """In which capacity somebody is told."""

    RESPONSIBLE = auto()
    MANAGER = auto()
    FALLBACK = auto()


@dataclass(frozen=True)
class Recipient:
    """A person or mailbox with all that a mail needs. A person may not have a row as contact yet."""

    name: str
    address: str
    language: str
    contact_id: int | None
    user_id: int | None

    @property
    def key(self) -> tuple[int, int]:
        """The same person is the same recipient, however they came to be told."""
        return (0, self.user_id) if self.user_id else (1, self.contact_id or 0)


class Recipients:
    """Everybody who may be told, read once for a run."""

    def __init__(self, organisation: Organisation) -> None:
        self.house_language = language.house_language()
        self.users = {
            user.id: user for user in db.session.scalars(select(User).options(selectinload(User.roles)))
        }
        contacts = db.session.scalars(select(Contact).order_by(Contact.id)).all()
        self.contacts = {one.id: one for one in contacts}
        self.contact_ids = {one.user_id: one.id for one in contacts if one.user_id}
        self.limits: dict[tuple[int, int], set[int]] = {}
        for user_id, role_id, unit_id in db.session.execute(select(unit_limits)):
            self.limits.setdefault((user_id, role_id), set()).add(unit_id)
        self.fallback = self._of_contact(organisation.fallback_contact_id)
        managers = [
            user for user in self.users.values() if any(role.name == Role.MANAGER for role in user.roles)
        ]
        self.managers = sorted(managers, key=lambda user: user.id)

    def told(self, channel: Channel, stage: Stage) -> dict[Recipient, frozenset[Why]]:
        """Who is to hear of a stage of a channel, and why; empty if there is nobody."""
        found: dict[Recipient, set[Why]] = {}
        responsible = self._of_contact(channel.contact_id, channel.unit_id)
        if responsible:
            found.setdefault(responsible, set()).add(Why.RESPONSIBLE)
        elif self.fallback:
            found.setdefault(self.fallback, set()).add(Why.FALLBACK)
        if stage is not Stage.NOTICE or not found:
            for manager in self._managers_of(channel.unit_id):
                found.setdefault(manager, set()).add(Why.MANAGER)
        return {one: frozenset(why) for one, why in found.items()}

    def _managers_of(self, unit_id: int) -> Iterator[Recipient]:
        for user in self.managers:
            if self._may(user, (Role.MANAGER,), unit_id):
                recipient = self._of_user(user)
                if recipient:
                    yield recipient

    def _of_contact(self, contact_id: int | None, unit_id: int | None = None) -> Recipient | None:
        """The contact, if mail reaches it and, where a unit is given, the person can act there."""
        contact = self.contacts.get(contact_id) if contact_id else None
        if contact is None:
            return None
        if contact.user_id:
            user = self.users[contact.user_id]
            return self._of_user(user) if unit_id is None or self._may(user, ACTING, unit_id) else None
        if contact.email and _reachable(contact.email):
            return Recipient(contact.name, contact.email, self.house_language, contact.id, None)
        return None

    def _of_user(self, user: User) -> Recipient | None:
        if not user.active or not _reachable(user.email):
            return None
        chosen = user.language if user.language in language.LANGUAGES else self.house_language
        return Recipient(user.full_name, user.email, chosen, self.contact_ids.get(user.id), user.id)

    def _may(self, user: User, roles: Iterable[Role], unit_id: int) -> bool:
        """Whether one of the roles is the person's, without a limit or for this unit."""
        held = [role for role in user.roles if role.name in set(roles)]
        return any(unit_id in self.limits.get((user.id, role.id), {unit_id}) for role in held)


def _reachable(address: str) -> bool:
    try:
        return bool(letter.clean_address(address))
    except letter.AddressRefused:
        return False


def contact_of(user: User) -> Contact:
    """The contact by which this person is told; made if there is none yet."""
    found = db.session.scalars(select(Contact).where(Contact.user_id == user.id)).first()
    if found is not None:
        return found
    taken = db.session.scalar(select(Contact.id).where(Contact.name == user.full_name)) is not None
    made = Contact(name=f"{user.full_name} ({user.email})" if taken else user.full_name, user_id=user.id)
    db.session.add(made)
    db.session.flush()
    return made
