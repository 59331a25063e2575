"""The organisation and the concept it published, in versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import At, Key, Long, Model, Moment, Name, On, Some
from tracker.models.channels import Channel


class Organisation(Model):
    """The one body this installation belongs to."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint(
            "notice_workdays >= 0 AND overdue_workdays > 0 AND escalation_workdays > 0", name="days_known"
        ),
        CheckConstraint(
            "retention_years IS NULL OR retention_years BETWEEN 1 AND 50", name="retention_known"
        ),
    )

    id: Mapped[Key]
    name: Mapped[Name]
    timezone: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
    holiday_region: Mapped[str] = mapped_column(String(10))
    website: Mapped[str | None] = mapped_column(String(500))
    accessibility_email: Mapped[str | None] = mapped_column(String(254))  # whom to tell of a barrier
    enforcement_body: Mapped[str | None] = mapped_column(
        String(1000)
    )  # who helps if that does not: name, address
    imprint: Mapped[str | None] = mapped_column(String(500))  # a web address, as the next
    privacy_notice: Mapped[str | None] = mapped_column(String(500))
    fallback_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    checks_required: Mapped[bool] = mapped_column(
        server_default=false(), default=False
    )  # every item is answered
    concept_public: Mapped[bool] = mapped_column(
        server_default=false(), default=False
    )  # readable without sign-in
    notice_workdays: Mapped[int] = mapped_column(server_default="15", default=15)  # before the due date
    overdue_workdays: Mapped[int] = mapped_column(server_default="1", default=1)  # after it
    escalation_workdays: Mapped[int] = mapped_column(server_default="10", default=10)
    stages: Mapped[frozenset[str] | None] = mapped_column(
        Some, server_default="*", default=None, nullable=False
    )  # of reminders that are sent; None: all
    escalation_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    retention_years: Mapped[int | None]  # until personal columns are replaced; empty: for ever
    pseudonyms: Mapped[int] = mapped_column(server_default="0", default=0)  # the last number given
    reminders_confirmed_at: Mapped[datetime | None] = mapped_column(Moment)  # empty: the engine only reports


class ConceptVersion(Model):
    """The concept as it was published: everything the file said, in force from a day."""

    __tablename__ = "concept_version"

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(unique=True)
    since_on: Mapped[On]
    loaded_at: Mapped[At]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    filename: Mapped[Name]
    fingerprint: Mapped[str] = mapped_column(String(64))  # SHA-256 of the content, not of the spelling
    reason: Mapped[Long] = mapped_column(
        server_default="", default=""
    )  # why it was changed, where it was on a page
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    commitments: Mapped[list["Commitment"]] = relationship(order_by="Commitment.position")
    texts: Mapped[list["ConceptText"]] = relationship()


class Commitment(Model):
    """A sentence of the concept that holds for every channel."""

    __tablename__ = "commitment"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("concept_version.id"))
    key: Mapped[Name]
    text: Mapped[Long]
    position: Mapped[int]


class ConceptText(Model):
    """What one version of the concept says on one channel. An empty column is a gap of the concept."""

    __tablename__ = "concept_text"
    __table_args__ = (UniqueConstraint("version_id", "channel_id"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("concept_version.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), index=True)
    purpose: Mapped[str | None] = mapped_column()
    content: Mapped[str | None] = mapped_column()
    audience: Mapped[str | None] = mapped_column()
    responsible: Mapped[str | None] = mapped_column()
    deputy: Mapped[str | None] = mapped_column()
    provider: Mapped[str | None] = mapped_column()
    address: Mapped[str | None] = mapped_column()

    channel: Mapped[Channel] = relationship()
