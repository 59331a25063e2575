"""Actions: what will be done, by whom, until when."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import At, Key, Long, Model, Name, On
from tracker.models.channels import Channel, Contact
from tracker.models.reviews import Review


class Action(Model):
    """One action, agreed in a review or alone. Done once `done_on` is set."""

    __tablename__ = "action"

    id: Mapped[Key]
    what: Mapped[Long]
    owner_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    due_on: Mapped[On]
    done_on: Mapped[date | None]
    done_note: Mapped[str] = mapped_column(default="")
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), index=True)
    agreed_on: Mapped[On]
    created_at: Mapped[At]

    owner: Mapped[Contact] = relationship()
    channel: Mapped[Channel | None] = relationship()
    review: Mapped[Review | None] = relationship()
    changes: Mapped[list["ActionChange"]] = relationship(back_populates="action", order_by="ActionChange.id")


class ActionChange(Model):
    """What happened to an action after it was agreed: done, reopened, or moved to another day, and why."""

    __tablename__ = "action_change"
    __table_args__ = (CheckConstraint("kind IN ('done', 'reopened', 'moved')", name="kind_known"),)

    id: Mapped[Key]
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    note: Mapped[Long] = mapped_column(default="")
    from_on: Mapped[date | None]  # where it was moved: the due date before
    at: Mapped[At]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[Name]

    action: Mapped[Action] = relationship(back_populates="changes")
