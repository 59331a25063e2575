"""Mails written and what became of them, reminders told, and the runs of the engine."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, case
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.actions import Action
from tracker.models.base import At, Key, Long, Model, Moment, Name, On, Word, one_of
from tracker.models.channels import Channel, Contact
from tracker.models.meetings import Meeting
from tracker.rules.words import Stage, WhyUntold


class Mail(Model):
    """A mail as a row: waiting, sent or given up. Its Message-ID is fixed before it is sent for the first time."""

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'given_up')", name="state_known"),
        Index("ix_mail_waiting", "state", "next_try_at"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))  # digest, invitation, minutes, head, account, test
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    to_name: Mapped[Name]
    to_address: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(5))
    subject: Mapped[str] = mapped_column(String(500))
    text: Mapped[str | None] = mapped_column()  # erased once sent where the mail carries a secret
    html: Mapped[str | None] = mapped_column()
    calendar: Mapped[str | None] = mapped_column()  # an iCalendar file that rides along
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    written_at: Mapped[At]
    next_try_at: Mapped[At]
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    tries: Mapped[int] = mapped_column(default=0)
    last_words: Mapped[str] = mapped_column(default="")  # what the server said
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_to_file: Mapped[str | None] = mapped_column(
        String(255)
    )  # name of the .eml where no server is configured

    contact: Mapped[Contact | None] = relationship()

    @hybrid_property
    def became(self) -> str:
        """Its state; but filed, not sent, where it went no further than into a file."""
        return "filed" if self.sent_to_file else self.state

    @became.inplace.expression
    @classmethod
    def _became(cls) -> ColumnElement[str]:
        return case((cls.sent_to_file.is_not(None), "filed"), else_=cls.state)


class Reminder(Model):
    """That a contact was told about a slot of a channel at a stage: once, which the database guarantees."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint(
            "channel_id", "begins_on", "due_on", "stage", "week", "contact_id", name="uq_reminder_once"
        ),
        one_of(Stage, "stage"),
    )

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    begins_on: Mapped[On]
    due_on: Mapped[On]
    stage: Mapped[Stage] = mapped_column(Word(Stage))
    week: Mapped[str] = mapped_column(String(8), default="")  # "2026-W15" for the weekly stage
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    owed_on: Mapped[On]  # the day it should have been told; earlier than told_on: delayed
    told_on: Mapped[On] = mapped_column(index=True)
    stands_in_for: Mapped[Name] = mapped_column(server_default="", default="")  # who is away and was meant
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"), index=True)

    channel: Mapped[Channel] = relationship()
    contact: Mapped[Contact] = relationship()
    mail: Mapped[Mail] = relationship()


class ActionReminder(Model):
    """That a contact was told about an action past its due date: once a calendar week."""

    __tablename__ = "action_reminder"
    __table_args__ = (UniqueConstraint("action_id", "week", "contact_id", name="uq_action_reminder_once"),)

    id: Mapped[Key]
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    week: Mapped[str] = mapped_column(String(8))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    told_on: Mapped[On] = mapped_column(index=True)
    stands_in_for: Mapped[Name] = mapped_column(default="")
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"), index=True)

    action: Mapped[Action] = relationship()
    contact: Mapped[Contact] = relationship()
    mail: Mapped[Mail] = relationship()


class Untold(Model):
    """That a reminder was owed and nobody, or one person, was not told; noted once, with the reason."""

    __tablename__ = "untold"
    __table_args__ = (
        UniqueConstraint(
            "channel_id", "begins_on", "due_on", "stage", "week", "why", "who", name="uq_untold_once"
        ),
        one_of(Stage, "stage"),
        one_of(WhyUntold, "why"),
    )

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    begins_on: Mapped[On]
    due_on: Mapped[On]
    stage: Mapped[Stage] = mapped_column(Word(Stage))
    week: Mapped[str] = mapped_column(String(8), default="")
    why: Mapped[WhyUntold] = mapped_column(Word(WhyUntold))
    who: Mapped[Name] = mapped_column(default="")  # empty: it concerns everybody who would have been told
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    noted_on: Mapped[On] = mapped_column(index=True)

    channel: Mapped[Channel] = relationship()
    meeting: Mapped[Meeting | None] = relationship()


class HeadMail(Model):
    """That an auditor was sent the journal's head for a month, as in "2026-04"."""

    __tablename__ = "head_mail"
    __table_args__ = (UniqueConstraint("month", "contact_id", name="uq_head_mail_once"),)

    id: Mapped[Key]
    month: Mapped[str] = mapped_column(String(7))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"))

    mail: Mapped[Mail] = relationship()


class Run(Model):
    """One run of a job of the engine: its heartbeat."""

    __tablename__ = "run"

    id: Mapped[Key]
    job: Mapped[str] = mapped_column(String(20), index=True)  # remind, deliver
    began_at: Mapped[At]
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    count: Mapped[int] = mapped_column(default=0)  # reminders told, or mails sent
    words: Mapped[Long] = mapped_column(default="")
