"""Who came in and what was refused, apart from the journal and kept for some days only; attempts; private tokens.

Nothing about machines is kept, and of an address that no account has nothing at all.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import At, Key, Model, Moment, On, Word, one_of
from tracker.models.users import User
from tracker.rules.accounts import Attempt


class Access(Model):
    """A sign-in or a refusal. The same again within a minute of `at` is counted, not written anew.

    `about` is the deed or page that was refused, or a word of rules.accounts.Why.
    """

    __tablename__ = "access"
    __table_args__ = (one_of(Attempt, "kind"), CheckConstraint("count > 0", name="counted"))

    id: Mapped[Key]
    at: Mapped[At] = mapped_column(index=True)
    kind: Mapped[Attempt] = mapped_column(Word(Attempt))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    about: Mapped[str] = mapped_column(String(80), default="")
    count: Mapped[int] = mapped_column(default=1)


class Tried(Model):
    """How often something was tried within a window of time. `key` is a digest of who tried what."""

    __tablename__ = "tried"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    until_at: Mapped[At] = mapped_column(index=True)


class Token(Model):
    """A private token with which a script takes evidence home, or a calendar reads days, in one person's name.

    Its text is never kept.
    """

    __tablename__ = "token"
    __table_args__ = (CheckConstraint("purpose IN ('evidence', 'calendar')", name="purpose_known"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of its text
    purpose: Mapped[str] = mapped_column(String(10), server_default="evidence", default="evidence")
    made_at: Mapped[At]
    until_on: Mapped[On]
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship()
