"""What somebody typed into a meeting that was closed meanwhile, and that stands nowhere else."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import aliased

from tracker.extensions import db
from tracker.models import Action, Meeting, Review
from tracker.reviews.forms import Typed, key_of, kind_of, parts_of

KINDS = frozenset({"text", "line", "names", "level", "decision", "answer"})


def unsaved(meeting: Meeting, typed: Typed) -> dict[str, str]:
    """The changed texts and verdicts that the closed meeting does not say; people and dates are picked, not written.

    Empty for the second copy of a form that was sent twice: the first one closed the meeting with the same words.
    """
    kept, anywhere = _closed(meeting)
    found = {}
    for key, value in typed.values.items():
        channel_id, name = parts_of(key)
        same = kept.get(key) == value or (name.startswith("action-") and value in anywhere)
        if value and kind_of(channel_id, name) in KINDS and typed.changed(key) and not same:
            found[key] = value
    return found


def to_correct(meeting: Meeting, lost: Iterable[str]) -> dict[int, int]:
    """The review in force of each channel that has such a text, by channel: what a correction would replace."""
    ids = {parts_of(key)[0] for key in lost}
    newer = aliased(Review)
    query = (
        select(Review.channel_id, Review.id)
        .outerjoin(newer, newer.replaces_id == Review.id)
        .where(Review.meeting_id == meeting.id, Review.channel_id.in_(ids), newer.id.is_(None))
    )
    return dict(db.session.execute(query).all())


def _closed(meeting: Meeting) -> tuple[dict[str, str], set[str]]:
    """What the closed meeting says, by field; and the texts of its actions, whose lines may have been renumbered."""
    kept: dict[str, str] = {}
    head = meeting.heads[0] if meeting.heads else None
    if head is not None:
        kept = {"place": head.place, "chair": head.chair, "minute_taker": head.minute_taker}
        kept["guests"] = "\n".join(one.name for one in head.attendance if one.kind == "guest")
    reviews = db.session.scalars(
        select(Review).where(Review.meeting_id == meeting.id, Review.replaces_id.is_(None))
    )
    ids = []
    for review in reviews:
        ids.append(review.id)
        for rating in review.ratings:
            kept[key_of(review.channel_id, f"{rating.criterion}.level")] = rating.level.value
            kept[key_of(review.channel_id, f"{rating.criterion}.reason")] = rating.reason
        if review.decision is not None:
            kept[key_of(review.channel_id, "decision")] = review.decision.decision.value
            kept[key_of(review.channel_id, "decision.reason")] = review.decision.reason
    return kept, set(db.session.scalars(select(Action.what).where(Action.review_id.in_(ids))))
