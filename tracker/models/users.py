"""People who sign in, and their roles, in the columns that flask-security asks for and no more of them.

Neither addresses of machines nor times of sign-in are kept here: the job does not need them.
"""

from datetime import date, datetime

from flask_security.core import RoleMixin, UserMixin
from flask_security.datastore import AsaList
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, false
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import At, Key, Model, Moment, Name, On

roles_users = Table(
    "roles_users",
    Model.metadata,
    Column("user_id", ForeignKey("user.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)

# A role of a person without a row here holds for all units; with rows, for these units only.
unit_limits = Table(
    "unit_limits",
    Model.metadata,
    Column("user_id", Integer, ForeignKey("user.id"), primary_key=True),
    Column("role_id", Integer, ForeignKey("role.id"), primary_key=True),
    Column("unit_id", Integer, ForeignKey("unit.id"), primary_key=True),
)


class Role(Model, RoleMixin):
    """One of the four roles of rules.words.Role."""

    __tablename__ = "role"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str | None] = mapped_column(String(255))
    permissions: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))


class User(Model, UserMixin):
    """A person with an account. Never deleted, only deactivated."""

    __tablename__ = "user"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="from_before_until"),)

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    full_name: Mapped[Name]
    language: Mapped[str | None] = mapped_column(String(5))  # empty: as the browser says
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool]
    from_on: Mapped[
        date | None
    ]  # the days on which the account holds, both included; empty: open on that side
    until_on: Mapped[date | None]
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[At]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    roles: Mapped[list[Role]] = relationship(secondary=roles_users, order_by=Role.id)  # type: ignore[assignment]


class Absence(Model):
    """From a day until a day, both included, a deputy is told what the person would be told. Why is not asked."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="from_before_until"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    from_on: Mapped[On]
    until_on: Mapped[On]
    deputy_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    entered_at: Mapped[At]


__all__ = ["Absence", "Role", "User", "roles_users", "unit_limits"]
