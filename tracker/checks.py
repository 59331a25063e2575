"""What a review of a channel asks on a day, and what was answered last time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker import language
from tracker.extensions import db
from tracker.models import Channel, Check, CheckItem, CheckWording, MeetingHead, Review
from tracker.rules.checking import asks, in_force
from tracker.rules.words import Answer, Criterion

LABEL_MAX = 60  # characters of an item in a list


@dataclass(frozen=True)
class Last:
    """The newest answer of a channel to an item; `held_on` is the day of its meeting, `checked_on` when it was
    really looked at.
    """

    wording_id: int
    answer: Answer | None
    note: str
    confirmed: bool
    checked_on: date | None
    held_on: date


@dataclass(frozen=True)
class Asked:
    """One item as a channel is asked it, with its last answer."""

    item: CheckItem
    wording: CheckWording
    last: Last | None

    @property
    def key(self) -> str:
        """The name of its field in a channel's row: of the wording, so that what is typed answers that one only."""
        return f"check-{self.wording.id}"

    @property
    def proposed(self) -> Last | None:
        """The last answer, if it can be confirmed as it was: it answered the same wording."""
        return self.last if self.last is not None and self.last.wording_id == self.wording.id else None


def asked(channels: Iterable[Channel], on: date, before: date | None = None) -> dict[int, list[Asked]]:
    """What each channel is asked on a day, by id: prompts and checklist, in the order of criteria and items.

    `before` leaves out what meetings of that day and later answered.
    """
    listed = list(channels)
    current = [(item, wording) for item in items() if (wording := in_force(item.wordings, on)) is not None]
    last = last_answers([one.id for one in listed], before)
    return {
        one.id: [
            Asked(item, wording, last.get((one.id, item.id)))
            for item, wording in current
            if asks(wording, one.platform, one.unit_id)
        ]
        for one in listed
    }


def label(wording_id: int) -> str:
    """A wording in a few words of the reader's language, for lists."""
    wording = db.session.get(CheckWording, wording_id)
    text = wording.text(language.chosen()).rstrip(" .") if wording is not None else "–"
    return text if len(text) <= LABEL_MAX else f"{text[: LABEL_MAX - 1].rstrip()}…"


def items() -> list[CheckItem]:
    """All items with their wordings, by criterion and position."""
    order = {criterion: k for k, criterion in enumerate(Criterion)}
    rows = db.session.scalars(select(CheckItem).options(selectinload(CheckItem.wordings)))
    return sorted(rows, key=lambda one: (order[one.criterion], one.position, one.id))


def last_answers(channel_ids: Collection[int], before: date | None = None) -> dict[tuple[int, int], Last]:
    """The newest answer of each channel to each item that was looked at, in meetings closed and held before a day."""
    newer = aliased(Review)
    rank = func.row_number().over(
        partition_by=(Review.channel_id, CheckWording.item_id),
        order_by=(MeetingHead.held_on.desc(), Review.id.desc()),
    )
    query = (
        select(Review.channel_id, CheckWording.item_id, Check.id, MeetingHead.held_on, rank.label("place"))
        .join(Review, Check.review_id == Review.id)
        .join(CheckWording, Check.wording_id == CheckWording.id)
        .join(MeetingHead, (MeetingHead.meeting_id == Review.meeting_id) & MeetingHead.in_force())
        .outerjoin(newer, (newer.replaces_id == Review.id) & newer.closed_at.is_not(None))
        .where(Review.channel_id.in_(channel_ids), Review.closed_at.is_not(None), newer.id.is_(None))
        .where(Check.answer.is_(None) | (Check.answer != Answer.NOT_CHECKED))
    )
    if before is not None:
        query = query.where(MeetingHead.held_on < before)
    ranked = query.subquery()
    newest = select(ranked, Check).join(Check, Check.id == ranked.c.id).where(ranked.c.place == 1)
    found = {}
    for channel_id, item_id, _id, held_on, _place, row in db.session.execute(newest):
        found[channel_id, item_id] = Last(
            row.wording_id, row.answer, row.note, row.confirmed, row.checked_on, held_on
        )
    return found


def of_review(review_id: int) -> list[Check]:
    """What a review answered, in the order of the items, with the wordings of that day."""
    query = select(Check).where(Check.review_id == review_id)
    rows = db.session.scalars(query.options(joinedload(Check.wording).joinedload(CheckWording.item)))
    order = {criterion: k for k, criterion in enumerate(Criterion)}
    return sorted(rows, key=lambda one: (order[one.wording.item.criterion], one.wording.item.position))
