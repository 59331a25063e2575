"""What a review asks: items of the legality checklist and prompts for the other criteria, their wordings and answers.

A wording is never changed: another one follows it, so that an old answer keeps the question it answered.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import At, Key, Long, Model, Name, On, Some, Word, one_of
from tracker.models.reviews import Review
from tracker.rules.words import Answer, Criterion


class CheckItem(Model):
    """A question that reviews ask on one criterion. Its key is "L04", "commitment.imprint", or "own.7"."""

    __tablename__ = "check_item"
    __table_args__ = (one_of(Criterion, "criterion"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    criterion: Mapped[Criterion] = mapped_column(Word(Criterion))
    position: Mapped[int]

    wordings: Mapped[list["CheckWording"]] = relationship(
        order_by="CheckWording.number", back_populates="item"
    )


class CheckWording(Model):
    """An item as it is worded and where it is asked, from a day on. Only `until_on` is set later, once.

    In force is the newest that has begun. `platforms` and `unit_ids`: None asks everywhere, an empty set nowhere.
    """

    __tablename__ = "check_wording"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(text_de) > 0", name="text_given"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("check_item.id"))
    number: Mapped[int]
    from_on: Mapped[On]
    until_on: Mapped[date | None]  # the last day on which it is asked
    text_de: Mapped[Long]
    text_en: Mapped[Long] = mapped_column(default="")
    how_de: Mapped[Long] = mapped_column(default="")  # how to look at it in the meeting
    how_en: Mapped[Long] = mapped_column(default="")
    platforms: Mapped[frozenset[str] | None] = mapped_column(Some, nullable=False)
    unit_ids: Mapped[frozenset[str] | None] = mapped_column(Some, nullable=False)  # as text
    reason: Mapped[Long] = mapped_column(default="")
    written_at: Mapped[At]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[Name] = mapped_column(default="")

    item: Mapped[CheckItem] = relationship(back_populates="wordings")

    def text(self, language: str) -> str:
        """The question in a language; in German where no English was written."""
        return (self.text_en if language == "en" else "") or self.text_de

    def how(self, language: str) -> str:
        """How to look at it, in a language; may be empty."""
        return (self.how_en if language == "en" else "") or self.how_de


class Check(Model):
    """What one review answers to one item, in the wording of that day.

    A legality item has an answer; a prompt has none, only a note. `checked_on` is the day it was really looked at last:
    where the answer of last time was only confirmed, that is an earlier day.
    """

    __tablename__ = "check_answer"
    __table_args__ = (
        UniqueConstraint("review_id", "wording_id"),
        one_of(Answer, "answer"),
        CheckConstraint("answer IS NULL OR answer NOT IN ('partly', 'not_met') OR length(note) > 0",
                        name="partly_and_not_met_say_why"),
        CheckConstraint("answer IS NOT NULL OR length(note) > 0", name="something_said"),
        CheckConstraint("(answer IS NULL OR answer = 'not_checked') = (checked_on IS NULL)", name="checked_when"),
    )  # fmt: skip

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    wording_id: Mapped[int] = mapped_column(ForeignKey("check_wording.id"), index=True)
    answer: Mapped[Answer | None] = mapped_column(Word(Answer))
    note: Mapped[Long] = mapped_column(default="")
    confirmed: Mapped[bool] = mapped_column(default=False)  # as last time, not newly looked at
    checked_on: Mapped[date | None]

    review: Mapped[Review] = relationship(back_populates="checks")
    wording: Mapped[CheckWording] = relationship()
