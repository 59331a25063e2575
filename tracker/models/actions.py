"""Actions: what will be done, by whom, until when."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import At, Key, Long, Model, On
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
