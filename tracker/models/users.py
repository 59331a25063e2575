"""People who sign in, and their roles, in the columns that flask-security asks for and no more of them.

Neither addresses of machines nor times of sign-in are kept here: the job does not need them.
"""

from datetime import date, datetime

from flask_security.core import RoleMixin, UserMixin, WebAuthnMixin
from flask_security.datastore import AsaList
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, String, Table, false
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
    asks_second_factor: Mapped[bool] = mapped_column(default=False, server_default=false())


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
    tf_last_counter: Mapped[int | None]  # of the last code of the app that was taken: no code is taken twice
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)  # type: ignore[assignment]
    roles: Mapped[list[Role]] = relationship(secondary=roles_users, order_by=Role.id)  # type: ignore[assignment]
    webauthn: Mapped[list["WebAuthn"]] = relationship(  # type: ignore[assignment]
        back_populates="user", cascade="all, delete-orphan", order_by="WebAuthn.id"
    )

    def check_tf_required_setup(self) -> bool:
        """Whether the app may not be turned off: flask-security asks. A passkey after the password does as well."""
        asked_for = any(role.asks_second_factor for role in self.roles)
        return asked_for and not any(key.usage == "secondary" for key in self.webauthn)


class WebAuthn(Model, WebAuthnMixin):
    """A passkey: the public half of a pair of keys, with the name its person gave it."""

    __tablename__ = "webauthn"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int | None] = mapped_column(default=0)  # type: ignore[assignment]
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    extensions: Mapped[str | None] = mapped_column(String(255))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    lastuse_datetime: Mapped[At]
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))  # "first": instead of the password; "secondary": after it

    user: Mapped[User] = relationship(back_populates="webauthn")


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


__all__ = ["Absence", "Role", "User", "WebAuthn", "roles_users", "unit_limits"]
