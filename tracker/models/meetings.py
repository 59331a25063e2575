"""Meetings: planned, then held and logged as drafts, then closed with a head. What is closed never changes."""

from datetime import date, datetime, time
from functools import cache

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from tracker.models.base import At, Key, Long, Model, Moment, Name, On
from tracker.models.channels import Channel, Contact
from tracker.models.users import User


class Meeting(Model):
    """An editorial meeting. `closed_at` is set once; from then on the database refuses changes to it and below it."""

    __tablename__ = "meeting"

    id: Mapped[Key]
    planned_on: Mapped[On]
    starts_at: Mapped[time | None]  # local time of the organisation
    place: Mapped[str] = mapped_column(String(200), default="")
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    planned_at: Mapped[At]
    first_planned_on: Mapped[date | None]  # where it was moved: the day it was planned for at first
    sequence: Mapped[int] = mapped_column(
        server_default="0", default=0
    )  # SEQUENCE of its invitation, RFC 5545
    cause: Mapped[Long] = mapped_column(
        server_default="", default=""
    )  # what made it a special review; else empty
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # who may close it besides
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    heads: Mapped[list["MeetingHead"]] = relationship(
        order_by="MeetingHead.version", back_populates="meeting"
    )
    agenda: Mapped[list["AgendaLine"]] = relationship(back_populates="meeting")
    invitations: Mapped[list["Invitation"]] = relationship(back_populates="meeting")

    @property
    def head(self) -> "MeetingHead | None":
        """The head in force; none before the meeting is closed."""
        return next((one for one in reversed(self.heads) if one.closed_at is not None), None)


class AgendaLine(Model):
    """A channel on a meeting's agenda."""

    __tablename__ = "agenda_line"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True, index=True)

    meeting: Mapped[Meeting] = relationship(back_populates="agenda")
    channel: Mapped[Channel] = relationship()


class Invitation(Model):
    """A contact invited to a meeting; stands in for "present" until somebody says who came."""

    __tablename__ = "invitation"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True, index=True)

    meeting: Mapped[Meeting] = relationship(back_populates="invitations")
    contact: Mapped[Contact] = relationship()


class MeetingHead(Model):
    """When, where and by whom a meeting was held. A mistake is mended by a new version with a reason.

    In force is the closed version with the highest number. That is read from the rows, never written down: a mark on
    an older version would be a change to something closed.
    """

    __tablename__ = "meeting_head"
    __table_args__ = (
        UniqueConstraint("meeting_id", "version"),
        CheckConstraint("version = 1 OR length(reason) > 0", name="later_versions_say_why"),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    version: Mapped[int]
    held_on: Mapped[On] = mapped_column(index=True)
    begins_at: Mapped[time | None]  # local times
    ends_at: Mapped[time | None]
    place: Mapped[str] = mapped_column(String(200), default="")
    chair: Mapped[Name]
    minute_taker: Mapped[Name]
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[Name]
    by_roles: Mapped[str] = mapped_column(String(200), default="")
    written_at: Mapped[At]
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    meeting: Mapped[Meeting] = relationship(back_populates="heads")
    attendance: Mapped[list["Attendance"]] = relationship(order_by="Attendance.id")

    @classmethod
    @cache
    def in_force(cls) -> ColumnElement[bool]:
        """The condition of a query that takes of every closed meeting the one head that holds; made once."""
        later = aliased(cls)
        replaced = exists().where(
            later.meeting_id == cls.meeting_id, later.version > cls.version, later.closed_at.is_not(None)
        )
        return and_(cls.closed_at.is_not(None), ~replaced)


class Attendance(Model):
    """One person named in a meeting's head: present, excused or guest. The name as it was."""

    __tablename__ = "attendance"
    __table_args__ = (CheckConstraint("kind IN ('present', 'excused', 'guest')", name="kind_known"),)

    id: Mapped[Key]
    head_id: Mapped[int] = mapped_column(ForeignKey("meeting_head.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[Name]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Draft(Model):
    """One field of a meeting's log as one person typed it, until the meeting is closed.

    Normally a field has one row. Two rows mean that two people wrote it without having seen the other's text.
    `field` is e.g. "legality.level"; without a channel it is a field of the head, e.g. "chair".
    """

    __tablename__ = "draft"
    __table_args__ = (
        Index("uq_draft_of_channel", "meeting_id", "channel_id", "field", "user_id", unique=True),
        Index("uq_draft_of_head", "meeting_id", "field", "user_id", unique=True,
              sqlite_where=text("channel_id IS NULL"), postgresql_where=text("channel_id IS NULL")),
    )  # fmt: skip

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    field: Mapped[str] = mapped_column(String(60))
    value: Mapped[Long]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    saved_at: Mapped[At]
    version: Mapped[str] = mapped_column(String(22))  # random; a form sends back the versions it showed

    user: Mapped[User] = relationship()
