"""Who there is, with roles and the units they are limited to."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from tracker.extensions import db
from tracker.models import Unit, User, unit_limits
from tracker.rules.words import Role


@dataclass(frozen=True)
class Known:
    """A person with roles; a role without units holds for all of them."""

    person: User
    roles: dict[Role, tuple[Unit, ...]]


def everybody() -> list[Known]:
    """All people by name, deactivated ones last."""
    units = {unit.id: unit for unit in db.session.scalars(select(Unit).order_by(Unit.position))}
    limits: defaultdict[tuple[int, int], list[Unit]] = defaultdict(list)
    for user_id, role_id, unit_id in db.session.execute(select(unit_limits)):
        limits[user_id, role_id].append(units[unit_id])
    people = db.session.scalars(
        select(User).options(selectinload(User.roles)).order_by(User.active.desc(), User.full_name)
    )
    return [
        Known(one, {Role(role.name): tuple(limits[one.id, role.id]) for role in one.roles}) for one in people
    ]


def all_units() -> list[Unit]:
    """The units in the order of the concept."""
    return list(db.session.scalars(select(Unit).order_by(Unit.position)))


def by_email(email: str) -> User | None:
    """The person with this address, whatever its case."""
    return db.session.scalars(select(User).where(func.lower(User.email) == email.strip().lower())).first()
