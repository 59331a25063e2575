"""What the installation knows of the person signed in: their roles, and the units each of them is limited to."""

from sqlalchemy import select

from tracker.extensions import db
from tracker.models import Unit, User, unit_limits
from tracker.rules.words import Role


def roles_of(someone: User) -> list[tuple[Role, list[Unit]]]:
    """The roles in the order of the product; without units a role holds for all of them."""
    query = select(unit_limits.c.role_id, Unit).join(Unit, Unit.id == unit_limits.c.unit_id)
    rows = db.session.execute(query.where(unit_limits.c.user_id == someone.id).order_by(Unit.position)).all()
    held = {Role(row.name): row.id for row in someone.roles}
    return [
        (role, [unit for role_id, unit in rows if role_id == held[role]]) for role in Role if role in held
    ]
