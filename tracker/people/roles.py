"""What people may do: giving them roles, for all units or for some, and taking roles away. Never commits."""

from collections.abc import Collection, Iterable, Mapping

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, exists, func, insert, select

from tracker import accounts, journal, language
from tracker.extensions import db
from tracker.models import Role, Unit, User, unit_limits
from tracker.rules import words
from tracker.rules.deeds import Deed


class PersonRefused(ValueError):
    """A person cannot be made or changed like that; `field` says where, the text why, in the reader's language."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def hold() -> None:
    """Whoever changes people queues up here until the end of the transaction: so the last admin is not lost to two."""
    admin = select(Role.id).where(Role.name == words.Role.ADMIN.value)
    db.session.execute(admin.with_for_update())


def roles_of(person: User) -> dict[words.Role, tuple[Unit, ...]]:
    """The roles of a person, each with the units it is limited to, in the order of the concept; none: all of them."""
    rows = db.session.execute(
        select(unit_limits.c.role_id, Unit)
        .join(Unit, Unit.id == unit_limits.c.unit_id)
        .where(unit_limits.c.user_id == person.id)
        .order_by(Unit.position, Unit.id)
    ).all()
    return {
        words.Role(role.name): tuple(unit for role_id, unit in rows if role_id == role.id)
        for role in person.roles
    }


def add_role(person: User, role: words.Role, units: Iterable[Unit] = (), command: str = "") -> bool:
    """Give a role, for these units only or, without any, for all. Given again, it replaces the limit.

    `command` is the one on the server's command line that does it, if it is one. False if it is so already.
    PersonRefused where it would limit the last admin.
    """
    row, limited, before = _row(role), list(units), roles_of(person)
    if role in before and {one.id for one in before[role]} == {one.id for one in limited}:
        return False
    if role is words.Role.ADMIN and ((limited and role in before) or (not limited and person.until_on)):
        keep_an_admin(person)
    if row not in person.roles:
        person.roles.append(row)
    db.session.flush()
    _forget_limits(person, row)
    for unit in limited:
        db.session.execute(insert(unit_limits).values(user_id=person.id, role_id=row.id, unit_id=unit.id))
    ids = {"role": role.value, "units": ",".join(unit.key for unit in limited)}
    said = {
        "name": person.full_name,
        "units.before": named(before[role]) if role in before else "–",
        "units.after": named(limited),
        "command": command,
    }
    journal.note(db.session, Deed.ROLES_ADD, person, ids=ids, words=said)
    return True


def remove_role(person: User, role: words.Role) -> bool:
    """Take a role away. The last active admin keeps theirs: PersonRefused. False if there is nothing to take."""
    row, before = _row(role), roles_of(person)
    if role not in before:
        return False
    if role is words.Role.ADMIN:
        keep_an_admin(person)
    _forget_limits(person, row)
    person.roles.remove(row)
    said = {"name": person.full_name, "units.before": named(before[role]), "units.after": "–"}
    journal.note(db.session, Deed.ROLES_REMOVE, person, ids={"role": role.value}, words=said)
    return True


def set_roles(person: User, wanted: Mapping[words.Role, Collection[Unit]]) -> bool:
    """Exactly these roles with these limits. False if it is so already."""
    changed = False
    for role in words.Role:
        done = add_role(person, role, wanted[role]) if role in wanted else remove_role(person, role)
        changed = changed or done
    return changed


def keep_an_admin(person: User) -> None:
    """PersonRefused where nobody else administrates for all units, today and without an end. Who is limited may not."""
    limited = exists().where(unit_limits.c.user_id == User.id, unit_limits.c.role_id == Role.id)
    others = select(func.count()).select_from(User).join(User.roles)
    lasting = accounts.that_hold() & User.until_on.is_(None)
    others = others.where(Role.name == words.Role.ADMIN.value, lasting, User.id != person.id, ~limited)
    if not db.session.scalar(others):
        raise PersonRefused(
            words.Role.ADMIN.value,
            _("Somebody must remain who administrates. Give another person that role first."),
        )


def named(units: Collection[Unit]) -> str:
    """The units of a role in the organisation's language: it is part of the record."""
    with force_locale(language.house_language()):
        return ", ".join(unit.name for unit in units) or _("all units")


def _row(role: words.Role) -> Role:
    return db.session.scalars(select(Role).where(Role.name == role.value)).one()


def _forget_limits(person: User, row: Role) -> None:
    ours = (unit_limits.c.user_id == person.id) & (unit_limits.c.role_id == row.id)
    db.session.execute(delete(unit_limits).where(ours))
