"""What takes long and is made in the background: files of the evidence, kept for some days; checks of everything."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import At, Key, Long, Model, Moment, On
from tracker.models.users import User


class Export(Model):
    """One file, or one check: waiting, running, then done, failed, cancelled, or expired once its days are over.

    `asked` are the filters as JSON, by the names of the address; of a check the earlier head. So far `count` of
    `total` parts of the work are done; `said` names the part while it runs. A check has no file.
    """

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'expired')", name="state_known"
        ),
        CheckConstraint("form IN ('csv', 'xlsx', 'json', 'pdf', 'dossier', 'check')", name="form_known"),
        Index("ix_export_state", "state", "id"),
    )

    id: Mapped[Key]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    form: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(5))
    on: Mapped[On]
    asked: Mapped[Long]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    count: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[At]
    beat_at: Mapped[datetime | None] = mapped_column(Moment)  # when whoever makes it was last alive
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    name: Mapped[str] = mapped_column(String(100), default="")  # of the file below instance/exports
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes
    said: Mapped[Long] = mapped_column(
        default=""
    )  # why there is none, in its language; of a dossier that is done, its head; of a check, what was found, as JSON

    by: Mapped[User] = relationship()
