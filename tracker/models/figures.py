"""Figures: what a channel cost and what it brought in a period, as entered or uploaded. Unknown is empty, never 0.

Rows are only added. Of one channel and period the newest holds whose upload was accepted and not undone.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from tracker.models.base import At, Hundredths, Key, Long, Model, Moment, Name, On
from tracker.models.channels import Channel

COSTS = ("hours", "ad_spend", "tools", "external")
COUNTS = ("followers_start", "followers_end", "posts", "reach", "impressions", "views", "interactions",
          "video_views", "clicks", "enquiries")  # fmt: skip


class FiguresUpload(Model):
    """A file of figures. `rows` holds what was read until it is accepted or thrown away."""

    __tablename__ = "figures_upload"

    id: Mapped[Key]
    filename: Mapped[Name]
    uploaded_at: Mapped[At]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[Name]
    rows: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class Figures(Model):
    """Costs and benefits of one channel in one period, both days included. Money is in euros, hours are decimal."""

    __tablename__ = "figures"
    __table_args__ = (
        CheckConstraint("ends_on >= begins_on", name="begins_before_it_ends"),
        *(CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative") for name in (*COSTS, *COUNTS)),
        Index("ix_figures_period", "channel_id", "ends_on", "begins_on"),
    )

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    begins_on: Mapped[On]
    ends_on: Mapped[On]
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("figures_upload.id"), index=True)
    entered_at: Mapped[At]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[Name]
    note: Mapped[Long] = mapped_column(default="")  # where the figures come from, what is counted
    hours: Mapped[Decimal | None] = mapped_column(Hundredths)
    hours_estimated: Mapped[bool] = mapped_column(default=False)
    ad_spend: Mapped[Decimal | None] = mapped_column(Hundredths)
    tools: Mapped[Decimal | None] = mapped_column(Hundredths)
    external: Mapped[Decimal | None] = mapped_column(Hundredths)
    followers_start: Mapped[int | None] = mapped_column(BigInteger)
    followers_end: Mapped[int | None] = mapped_column(BigInteger)
    posts: Mapped[int | None] = mapped_column(BigInteger)
    reach: Mapped[int | None] = mapped_column(BigInteger)
    impressions: Mapped[int | None] = mapped_column(BigInteger)
    views: Mapped[int | None] = mapped_column(BigInteger)
    interactions: Mapped[int | None] = mapped_column(BigInteger)
    video_views: Mapped[int | None] = mapped_column(BigInteger)
    clicks: Mapped[int | None] = mapped_column(BigInteger)
    enquiries: Mapped[int | None] = mapped_column(BigInteger)

    channel: Mapped[Channel] = relationship()
    upload: Mapped[FiguresUpload | None] = relationship()

    @classmethod
    def in_force(cls) -> ColumnElement[bool]:
        """The condition of a query that takes of each channel and period the one row that holds."""
        later = aliased(cls)

        def stands(row: Any) -> ColumnElement[bool]:
            taken = select(FiguresUpload.id).where(FiguresUpload.undone_at.is_(None))
            return or_(row.upload_id.is_(None), row.upload_id.in_(taken))

        newer = exists().where(
            later.channel_id == cls.channel_id, later.begins_on == cls.begins_on,
            later.ends_on == cls.ends_on, later.id > cls.id, stands(later),
        )  # fmt: skip
        return and_(stands(cls), ~newer)


class HourlyRate(Model):
    """What an hour of staff costs, in euros, from a day on until the next rate begins."""

    __tablename__ = "hourly_rate"
    __table_args__ = (UniqueConstraint("from_on"), CheckConstraint("euros > 0", name="euros_positive"))

    id: Mapped[Key]
    from_on: Mapped[On]
    euros: Mapped[Decimal] = mapped_column(Hundredths)
    entered_at: Mapped[At]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[Name]
