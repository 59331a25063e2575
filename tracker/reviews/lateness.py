"""What somebody typed into a meeting that was closed meanwhile, and that stands nowhere else."""

from sqlalchemy import select

from tracker.extensions import db
from tracker.models import Action, Meeting, Review
from tracker.reviews.forms import Typed, key_of, kind_of, parts_of

KINDS = frozenset({"text", "line", "names", "level", "decision"})


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
