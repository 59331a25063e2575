"""Adding people, giving them roles, deactivating them. Never deletes, never commits."""

import secrets
from collections.abc import Iterable

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_security.utils import hash_password
from sqlalchemy import delete, func, insert, select

from tracker import clock, journal
from tracker.extensions import db
from tracker.models import Contact, Role, Unit, User, unit_limits
from tracker.rules import words
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean

PASSWORD_MIN = 12
NAME_MAX = 200


class PersonRefused(ValueError):
    """A person cannot be made or changed like that; `field` says where, the text why, in the reader's language."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def create(
    email: str, full_name: str, password: str, language: str | None = None, is_demo: bool = False
) -> User:
    """A new person without a role, and the contact by which others name them. PersonRefused says what is wrong."""
    email, full_name = _address(email), " ".join(clean(full_name).split())
    if not full_name or len(full_name) > NAME_MAX:
        raise PersonRefused("full_name", _("Please give a name of at most 200 characters."))
    if db.session.scalar(select(User.id).where(func.lower(User.email) == email.lower())):
        raise PersonRefused("email", _("Somebody with this address is here already."))
    if len(password) < PASSWORD_MIN:
        raise PersonRefused("password", _("A password has at least %(n)s characters.", n=PASSWORD_MIN))
    person = User(
        email=email,
        full_name=full_name,
        language=language,
        password=hash_password(password),
        active=True,
        is_demo=is_demo,
        fs_uniquifier=secrets.token_hex(32),
        created_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    _contact(person)
    journal.note(db.session, Deed.USERS_CREATE, person, words={"name": full_name, "email": email})
    return person


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError:
        raise PersonRefused("email", _("This is not an e-mail address.")) from None


def _contact(person: User) -> None:
    """A contact of the same name that is no more than a name becomes this person's; else a new one is made."""
    found = db.session.scalars(select(Contact).where(Contact.name == person.full_name)).first()
    if found is None:
        db.session.add(Contact(name=person.full_name, user_id=person.id))
    elif found.user_id is None and found.email is None:
        found.user_id = person.id
    else:
        db.session.add(Contact(name=f"{person.full_name} ({person.email})"[:NAME_MAX], user_id=person.id))


def add_role(person: User, role: words.Role, units: Iterable[Unit] = ()) -> None:
    """Give a role, for these units only or, without any, for all. Given again, it replaces the limit."""
    row = db.session.scalars(select(Role).where(Role.name == role.value)).one()
    if row not in person.roles:
        person.roles.append(row)
    db.session.flush()
    ours = (unit_limits.c.user_id == person.id) & (unit_limits.c.role_id == row.id)
    db.session.execute(delete(unit_limits).where(ours))
    limited = list(units)
    for unit in limited:
        db.session.execute(insert(unit_limits).values(user_id=person.id, role_id=row.id, unit_id=unit.id))
    ids = {"role": role.value, "units": ",".join(unit.key for unit in limited)}
    journal.note(db.session, Deed.ROLES_ADD, person, ids=ids, words={"name": person.full_name})


def remove_role(person: User, role: words.Role) -> None:
    """Take a role away. The last active admin keeps theirs."""
    row = db.session.scalars(select(Role).where(Role.name == role.value)).one()
    if role is words.Role.ADMIN and row in person.roles:
        _keep_an_admin(person)
    db.session.execute(
        delete(unit_limits).where(unit_limits.c.user_id == person.id, unit_limits.c.role_id == row.id)
    )
    if row in person.roles:
        person.roles.remove(row)
        journal.note(
            db.session, Deed.ROLES_REMOVE, person, ids={"role": role.value}, words={"name": person.full_name}
        )


def set_active(person: User, active: bool) -> None:
    """Deactivate or activate; takes effect with the person's next request."""
    if not active and person.has_role(words.Role.ADMIN.value):
        _keep_an_admin(person)
    if person.active != active:
        person.active = active
        deed = Deed.PEOPLE_ACTIVATE if active else Deed.PEOPLE_DEACTIVATE
        journal.note(db.session, deed, person, words={"name": person.full_name})


def _keep_an_admin(person: User) -> None:
    others = select(func.count()).select_from(User).join(User.roles)
    others = others.where(Role.name == words.Role.ADMIN.value, User.active, User.id != person.id)
    if not db.session.scalar(others):
        raise PersonRefused(
            "active", _("Somebody must remain who administrates. Give another person that role first.")
        )
