"""Who is told about a channel or an action, in which capacity, and who is not although they were meant, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum, auto

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker import accounts, language, letter
from tracker.extensions import db
from tracker.models import Absence, Action, Channel, Contact, Organisation, User, unit_limits
from tracker.rules.words import Role, Stage, WhyUntold

ACTING = (Role.EDITOR, Role.MANAGER)


class Why(StrEnum):
    """In which capacity somebody is told."""

    RESPONSIBLE = auto()
    MANAGER = auto()
    ESCALATION = auto()
    OWNER = auto()
    FALLBACK = auto()
    DEPUTY = auto()


@dataclass(frozen=True)
class Recipient:
    """A person or mailbox with all that a mail needs. A person may not have a row as contact yet."""

    name: str
    address: str
    language: str
    contact_id: int | None
    user_id: int | None
    stands_in_for: str = ""  # who is away and was meant

    @property
    def key(self) -> tuple[int, int]:
        """The same person is the same recipient, however they came to be told."""
        return (0, self.user_id) if self.user_id else (1, self.contact_id or 0)


@dataclass
class Audience:
    """Who is to hear of something, each with the reasons; and who was meant and is not told."""

    told: dict[tuple[int, int], tuple[Recipient, set[Why]]] = field(default_factory=dict)
    untold: dict[str, WhyUntold] = field(default_factory=dict)

    def add(self, found: Recipient | None, why: Why) -> bool:
        """Take somebody in; False for nobody."""
        if found is None:
            return False
        reasons = self.told.setdefault(found.key, (found, set()))[1]
        reasons.add(why)
        if found.stands_in_for:
            reasons.add(Why.DEPUTY)
        return True


class Recipients:
    """Everybody who may be told on a day, read once for a run."""

    def __init__(self, organisation: Organisation, on: date) -> None:
        self.house_language = language.house_language()
        self.audiences: dict[tuple[int | None, int, Stage], Audience] = {}  # read only once they are made
        self.organisation = organisation
        self.on = on
        users = db.session.scalars(select(User).options(selectinload(User.roles)))
        self.users = {user.id: user for user in users}
        contacts = db.session.scalars(select(Contact).order_by(Contact.id)).all()
        self.contacts = {one.id: one for one in contacts}
        self.contact_ids = {one.user_id: one.id for one in contacts if one.user_id}
        self.limits: dict[tuple[int, int], set[int]] = {}
        for user_id, role_id, unit_id in db.session.execute(select(unit_limits)):
            self.limits.setdefault((user_id, role_id), set()).add(unit_id)
        away = select(Absence).where(Absence.from_on <= on, Absence.until_on >= on).order_by(Absence.id)
        self.deputies = {one.user_id: one.deputy_id for one in db.session.scalars(away)}
        self.managers = sorted(
            (user for user in self.users.values() if any(role.name == Role.MANAGER for role in user.roles)),
            key=lambda user: user.id,
        )

    def of_stage(self, channel: Channel, stage: Stage) -> Audience:
        """Who is to hear of a stage of a channel: the same for all of a unit with the same responsible person."""
        key = channel.contact_id, channel.unit_id, stage
        if key not in self.audiences:
            self.audiences[key] = self._of_stage(channel, stage)
        return self.audiences[key]

    def _of_stage(self, channel: Channel, stage: Stage) -> Audience:
        """As the table of docs/reminding.md says."""
        found = Audience()
        if stage in {Stage.NOTICE, Stage.OVERDUE, Stage.WEEKLY}:
            self._responsible(found, channel)
        if stage in {Stage.ESCALATION, Stage.WEEKLY}:
            escalated = self._escalation(found, channel)
        managing = {Stage.OVERDUE, Stage.WEEKLY, Stage.MISSED}
        if stage in managing or not found.told or (stage is Stage.ESCALATION and not escalated):
            self._managers(found, channel.unit_id)
        if not found.told:
            found.add(self._named(found, self.organisation.fallback_contact_id, None), Why.FALLBACK)
        return found

    def of_action(self, action: Action) -> Audience:
        """Who is to hear that an action is past its due date: its owner, else the managers, else the fallback."""
        found = Audience()
        unit_id = action.channel.unit_id if action.channel else None
        if not found.add(self._named(found, action.owner_id, unit_id), Why.OWNER):
            self._managers(found, unit_id)
        if not found.told:
            found.add(self._named(found, self.organisation.fallback_contact_id, None), Why.FALLBACK)
        return found

    def _responsible(self, found: Audience, channel: Channel) -> None:
        if not found.add(self._named(found, channel.contact_id, channel.unit_id), Why.RESPONSIBLE):
            found.add(self._named(found, self.organisation.fallback_contact_id, None), Why.FALLBACK)

    def _escalation(self, found: Audience, channel: Channel) -> bool:
        ids = (channel.unit.escalation_contact_id, self.organisation.escalation_contact_id)
        return any(found.add(self._named(found, one, channel.unit_id), Why.ESCALATION) for one in ids if one)

    def _managers(self, found: Audience, unit_id: int | None) -> None:
        for manager in self._managers_of(unit_id):
            found.add(manager, Why.MANAGER)

    def _managers_of(self, unit_id: int | None) -> Iterator[Recipient]:
        for user in self.managers:
            if self._may(user, (Role.MANAGER,), unit_id) and self._problem_of(user) is None:
                yield self._or_deputy(user, unit_id)

    def _named(self, found: Audience, contact_id: int | None, unit_id: int | None) -> Recipient | None:
        """A contact, or its deputy. Where a unit is given, a person must be able to act there."""
        contact = self.contacts.get(contact_id) if contact_id else None
        if contact is None:
            return None
        reached = self._reach(contact, unit_id)
        if isinstance(reached, WhyUntold):
            found.untold[contact.name] = reached
            return None
        if contact.user_id:
            return self._or_deputy(self.users[contact.user_id], unit_id)
        return reached

    def _reach(self, contact: Contact, unit_id: int | None) -> Recipient | WhyUntold:
        """A contact itself, or why mail does not reach anybody who could act."""
        if contact.user_id:
            user = self.users[contact.user_id]
            if unit_id is not None and accounts.holds(user, self.on) and not self._may(user, ACTING, unit_id):
                return WhyUntold.MAY_NOT
            return self._problem_of(user) or self._of_user(user)
        if contact.email and _reachable(contact.email):
            return Recipient(contact.name, contact.email, self.house_language, contact.id, None)
        return WhyUntold.NO_ADDRESS

    def _problem_of(self, user: User) -> WhyUntold | None:
        if not accounts.holds(user, self.on):
            return WhyUntold.INACTIVE
        return None if _reachable(user.email) else WhyUntold.NO_ADDRESS

    def _or_deputy(self, user: User, unit_id: int | None) -> Recipient:
        """The person, or who stands in for them on this day: someone who is there and can act as well."""
        deputy = self.contacts.get(self.deputies.get(user.id, 0))
        if deputy is None or deputy.user_id in self.deputies:
            return self._of_user(user)
        reached = self._reach(deputy, unit_id)
        if isinstance(reached, WhyUntold):
            return self._of_user(user)
        return replace(reached, stands_in_for=user.full_name)

    def _of_user(self, user: User) -> Recipient:
        chosen = user.language if user.language in language.LANGUAGES else self.house_language
        return Recipient(user.full_name, user.email, chosen, self.contact_ids.get(user.id), user.id)

    def _may(self, user: User, roles: Iterable[Role], unit_id: int | None) -> bool:
        """Whether one of the roles is the person's, without a limit or for this unit (None: for the whole body)."""
        held = [role for role in user.roles if role.name in set(roles)]
        limits = [self.limits.get((user.id, role.id)) for role in held]
        return any(limit is None or unit_id in limit for limit in limits)


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
