"""Correcting a closed review: a new one replaces it, with a reason. The old one is never touched.

Nothing here commits.
"""

from collections.abc import Mapping
from datetime import datetime

from tracker import clock, journal
from tracker.extensions import db
from tracker.models import Rating, Review, ReviewDecision, User
from tracker.reviews.changes import new_review, words_of_decision, words_of_rating
from tracker.reviews.logged import LoggedRating
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean
from tracker.rules.words import Criterion


class CorrectionRefused(ValueError):
    """The review is not closed, is replaced already, or no reason was given."""


def correct(review: Review, reason: str, ratings: Mapping[Criterion, LoggedRating], by: User) -> Review:
    """Replace a review by one with these ratings; a criterion left out is withdrawn. Decision and day stay.

    A rating of a criterion that was rated before keeps the moment it was entered; an added one brings its own, so that
    it cannot discharge in time what was open then (docs/promise.md, rule 5).
    """
    if review.closed_at is None or review.replaced_by is not None or not clean(reason):
        raise CorrectionRefused(f"review {review.id} cannot be corrected")
    now = clock.now()
    entered: dict[Criterion, datetime] = {one.criterion: one.entered_at for one in review.ratings}
    newer = new_review(review.meeting, review.channel, review.concept_number, by)
    newer.unit_name, newer.platform, newer.channel_name = (
        review.unit_name,
        review.platform,
        review.channel_name,
    )
    newer.replaces, newer.reason = review, clean(reason)
    newer.ratings += [
        Rating(criterion=criterion, level=one.level, reason=one.reason, unchanged=one.unchanged,
               entered_at=entered.get(criterion, now))
        for criterion, one in ratings.items()
    ]  # fmt: skip
    if review.decision is not None:
        old = review.decision
        newer.decision = ReviewDecision(
            decision=old.decision, from_on=old.from_on, reason=old.reason, successor_id=old.successor_id
        )
    db.session.flush()
    newer.closed_at = now
    _note(review, newer, by)
    db.session.flush()
    return newer


def _note(older: Review, newer: Review, by: User) -> None:
    words = {"reason": newer.reason}
    words |= {f"before.{one.criterion}": words_of_rating(one) for one in older.ratings}
    words |= {f"after.{one.criterion}": words_of_rating(one) for one in newer.ratings}
    if newer.decision is not None:
        words["decision"] = words_of_decision(newer.decision)
    ids: dict[str, int | str] = {
        "replaces": older.id,
        "meeting": newer.meeting_id,
        "channel": newer.channel_id,
    }
    unit_id = newer.channel.unit_id
    journal.note(db.session, Deed.REVIEWS_CORRECT, newer, ids=ids, words=words, unit_id=unit_id, by=by)
