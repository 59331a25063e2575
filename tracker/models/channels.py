"""Units, their channels, who looks after them, and what is owed for them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import At, Criteria, Key, Long, Model, Name, On, Word, one_of
from tracker.rules.slots import CADENCES
from tracker.rules.words import ChannelState, Criterion

N_KNOWN = f"reviews_per_year IN ({', '.join(map(str, CADENCES))})"


class Unit(Model):
    """A part of the organisation that runs channels; known in the concept by its key."""

    __tablename__ = "unit"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Name]
    position: Mapped[int]
    escalation_contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact.id")
    )  # else the organisation's


class Contact(Model):
    """A person or a function mailbox that is told, or that an action belongs to.

    The name is as the concept writes it. Without a person and without an address nobody can be told: a gap.
    """

    __tablename__ = "contact"
    __table_args__ = (CheckConstraint("user_id IS NULL OR email IS NULL", name="person_or_mailbox"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), unique=True)
    email: Mapped[str | None] = mapped_column(String(255))

    user: Mapped["User | None"] = relationship()  # type: ignore[name-defined]  # noqa: F821 - named at run time


class Channel(Model):
    """One presence of one unit on one platform. How it is run stands in StateChange, by day."""

    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("unit_id", "platform", "name"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    platform: Mapped[Name]
    name: Mapped[Name]
    opened_on: Mapped[date | None]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    position: Mapped[int]

    unit: Mapped[Unit] = relationship()
    contact: Mapped[Contact | None] = relationship()


class StateChange(Model):
    """From a day on a channel is run in this way, until the next one begins. Closed: the first day without it.

    The day may be one to come: then the channel's state changes on that day, by itself.
    """

    __tablename__ = "state_change"
    __table_args__ = (one_of(ChannelState, "state"), UniqueConstraint("channel_id", "from_on"))

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    from_on: Mapped[On]
    state: Mapped[ChannelState] = mapped_column(Word(ChannelState))
    cause: Mapped[Long]
    created_at: Mapped[At]


class Obligation(Model):
    """From a day, until a day or open (both included): this channel is reviewed n times a year on these criteria."""

    __tablename__ = "obligation"
    __table_args__ = (
        CheckConstraint(N_KNOWN, name="n_known"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="from_before_until"),
        UniqueConstraint("channel_id", "from_on"),
    )

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    from_on: Mapped[On]
    until_on: Mapped[date | None]
    reviews_per_year: Mapped[int]
    criteria: Mapped[frozenset[Criterion]] = mapped_column(Criteria)
    cause: Mapped[Long]
    created_at: Mapped[At]


class Explanation(Model):
    """A manager's words on a missed slot. Can be added to, not replaced."""

    __tablename__ = "explanation"
    __table_args__ = (Index("ix_explanation_slot", "channel_id", "due_on"),)

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    begins_on: Mapped[On]
    due_on: Mapped[On]
    text: Mapped[Long]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[Name]
    at: Mapped[At]
