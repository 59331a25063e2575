"""People who sign in, and their roles, in the columns that flask-security asks for and no more of them.

Neither addresses of machines nor times of sign-in are kept here: the job does not need them.
"""

from datetime import datetime

from flask_security.core import RoleMixin, UserMixin
from flask_security.datastore import AsaList
from sqlalchemy import Column, ForeignKey, Integer, String, Table, false
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import At, Key, Model, Moment, Name

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

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    full_name: Mapped[Name]
    language: Mapped[str | None] = mapped_column(String(5))  # empty: as the browser says
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool]
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[At]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    roles: Mapped[list[Role]] = relationship(secondary=roles_users, order_by=Role.id)  # type: ignore[assignment]


__all__ = ["Role", "User", "roles_users", "unit_limits"]
