"""Reviews: one channel looked at in one meeting, its ratings and its decision. Written when the meeting is closed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Key, Long, Model, Moment, Name, Word, one_of
from tracker.models.channels import Channel
from tracker.models.meetings import Meeting
from tracker.rules.words import Criterion, Decision, Level


class Review(Model):
    """One channel in one meeting, with the names as they were. `closed_at` is set once, then nothing changes.

    A correction is a review that replaces an earlier one of the same meeting and channel, with a reason.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("replaces_id IS NULL OR length(reason) > 0", name="corrections_say_why"),
        Index("uq_review_of_meeting", "meeting_id", "channel_id", unique=True,
              sqlite_where=text("replaces_id IS NULL"), postgresql_where=text("replaces_id IS NULL")),
        Index("ix_review_channel", "channel_id", "meeting_id"),
        Index("ix_review_replacing", "replaces_id", "closed_at",  # the few corrections: what they replaced
              sqlite_where=text("replaces_id IS NOT NULL"), postgresql_where=text("replaces_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), unique=True)
    reason: Mapped[str] = mapped_column(default="")  # why it replaces the earlier one
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    unit_name: Mapped[Name]
    platform: Mapped[Name]
    channel_name: Mapped[Name]
    concept_number: Mapped[int | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[Name]
    by_roles: Mapped[str] = mapped_column(default="")

    meeting: Mapped[Meeting] = relationship()
    channel: Mapped[Channel] = relationship()
    ratings: Mapped[list["Rating"]] = relationship(back_populates="review", order_by="Rating.id")
    checks: Mapped[list["Check"]] = relationship(  # type: ignore[name-defined]  # noqa: F821 - at run time
        back_populates="review", order_by="Check.id"
    )
    decision: Mapped["ReviewDecision | None"] = relationship(back_populates="review")
    replaces: Mapped["Review | None"] = relationship(remote_side="Review.id", back_populates="replaced_by")
    replaced_by: Mapped["Review | None"] = relationship(back_populates="replaces", uselist=False)


class Rating(Model):
    """The verdict on one criterion: a level and a reason.

    `entered_at` is when this criterion was first rated for this meeting: a correction that only changes a level keeps
    the moment of the rating it replaces, one that adds a rating brings its own.
    """

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("review_id", "criterion"),
        one_of(Criterion, "criterion"),
        one_of(Level, "level"),
        CheckConstraint("level = 'clear' OR length(reason) > 0", name="remark_and_objection_say_why"),
        Index("ix_rating_level", "level", "review_id"),
        Index("ix_rating_unchanged", "unchanged", "review_id"),
    )

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    criterion: Mapped[Criterion] = mapped_column(Word(Criterion))
    level: Mapped[Level] = mapped_column(Word(Level))
    reason: Mapped[Long]
    unchanged: Mapped[bool] = mapped_column(default=False)  # ticked: as last time
    entered_at: Mapped[datetime] = mapped_column(Moment)

    review: Mapped[Review] = relationship(back_populates="ratings")


class ReviewDecision(Model):
    """What becomes of the channel, from when, why."""

    __tablename__ = "decision"
    __table_args__ = (one_of(Decision, "decision"), Index("ix_decision_decision", "decision"))

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), unique=True)
    decision: Mapped[Decision] = mapped_column(Word(Decision))
    from_on: Mapped[date | None]
    reason: Mapped[Long]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))

    review: Mapped[Review] = relationship(back_populates="decision")
