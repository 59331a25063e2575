"""The journal's tables: entries that never change, and beside them the words, which can be erased."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import At, Key, Long, Model


class Entry(Model):
    """One link of the chain: `body` holds the exact bytes that `hash` is the SHA-256 of.

    The other columns repeat parts of the body so that it can be searched; `flask verify` compares them.
    """

    __tablename__ = "journal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[Long]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[At]
    deed: Mapped[str] = mapped_column(String(40), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)


class Words(Model):
    """What an entry says in words, with the salt its hash was made with. Erased, both are empty; the chain holds."""

    __tablename__ = "journal_words"

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(ForeignKey("journal.number"), index=True)
    field: Mapped[str] = mapped_column(String(60))
    salt: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str | None] = mapped_column()
