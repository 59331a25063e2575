"""Correcting a closed review: a new one replaces it, with a reason. The old one is never touched.

Nothing here commits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tracker import checks, clock, in_words, journal, language
from tracker.extensions import db
from tracker.models import Check, Rating, Review, ReviewDecision, User
from tracker.reviews import decided
from tracker.reviews.changes import new_review
from tracker.reviews.logged import LoggedCheck, LoggedDecision, LoggedRating
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean
from tracker.rules.words import Criterion


class CorrectionRefused(ValueError):
    """The review is not closed, is replaced already, no reason was given, or nothing would differ."""


class Kept(Enum):
    """Says that a decision stays as it is, where None would withdraw it."""

    KEPT = "kept"


@dataclass(frozen=True)
class Verdicts:
    """What a review says; a criterion that is not in `ratings` is not rated, or was withdrawn."""

    ratings: Mapping[Criterion, LoggedRating]
    decision: LoggedDecision | None = None
    checks: tuple[LoggedCheck, ...] = ()


def verdicts_of(review: Review) -> Verdicts:
    """What a review says, as plain values in the order of the criteria."""
    found = {one.criterion: LoggedRating(one.level, one.reason, one.unchanged) for one in review.ratings}
    old = review.decision
    decision = LoggedDecision(old.decision, old.from_on, old.reason, old.successor_id) if old else None
    return Verdicts({one: found[one] for one in Criterion if one in found}, decision, checks_of(review))


def checks_of(review: Review) -> tuple[LoggedCheck, ...]:
    """What a review answers, in the order of the items."""
    return tuple(
        LoggedCheck(
            one.wording_id, one.wording.item.criterion, one.answer, one.note, one.confirmed, one.checked_on
        )
        for one in checks.of_review(review.id)
    )


def correct(
    review: Review,
    reason: str,
    ratings: Mapping[Criterion, LoggedRating],
    by: User,
    decision: LoggedDecision | Kept | None = Kept.KEPT,
    answers: Iterable[LoggedCheck] | Kept = Kept.KEPT,
) -> Review:
    """Replace a review by one with these ratings; a criterion left out is withdrawn, a decision of None as well.

    Answers to items go with their criterion, in the wording they had.

    The day on which the meeting was held stays. Another decision, or another day of it, changes how the channel is run,
    unless the old one took effect in a slot that has ended (rule 2); RuleBroken where the rules forbid it. A rating of
    a criterion that was rated before keeps the moment it was entered; an added one brings its own, so that it cannot
    discharge in time what was open then (docs/promise.md, rule 5).
    """
    before = verdicts_of(review)
    answered = before.checks if isinstance(answers, Kept) else answers
    after = Verdicts(
        dict(ratings),
        before.decision if isinstance(decision, Kept) else decision,
        tuple(one for one in answered if one.criterion in ratings),
    )
    if review.closed_at is None or review.replaced_by is not None or not clean(reason) or after == before:
        raise CorrectionRefused(f"review {review.id} cannot be corrected")
    now = clock.now()
    newer = new_review(review.meeting, review.channel, review.concept_number, by)
    newer.unit_name, newer.platform, newer.channel_name = (
        review.unit_name,
        review.platform,
        review.channel_name,
    )
    newer.replaces, newer.reason = review, clean(reason)
    _fill(newer, after, {one.criterion: one.entered_at for one in review.ratings}, now)
    db.session.flush()
    newer.closed_at = now
    _note(review, newer, by)
    held_on, today = review.meeting.heads[-1].held_on, language.today()
    decided.carry_out_again(review.channel, before.decision, after.decision, held_on, today)
    db.session.flush()
    return newer


def _fill(newer: Review, after: Verdicts, entered: Mapping[Criterion, datetime], now: datetime) -> None:
    newer.ratings += [
        Rating(criterion=criterion, level=one.level, reason=one.reason, unchanged=one.unchanged,
               entered_at=entered.get(criterion, now))
        for criterion, one in after.ratings.items()
    ]  # fmt: skip
    newer.checks += [
        Check(
            wording_id=one.wording_id,
            answer=one.answer,
            note=one.note,
            confirmed=one.confirmed,
            checked_on=one.checked_on,
        )
        for one in after.checks
    ]
    if (line := after.decision) is not None:
        newer.decision = ReviewDecision(
            decision=line.decision, from_on=line.from_on, reason=line.reason, successor_id=line.successor_id
        )


def _note(older: Review, newer: Review, by: User) -> None:
    words = {"reason": newer.reason}
    for name, one in (("before", older), ("after", newer)):
        words |= {f"{name}.{rating.criterion}": in_words.rating(rating) for rating in one.ratings}
        if one.checks:
            words[f"{name}.checks"] = in_words.checks(one.checks)
        if one.decision is not None:
            words[f"{name}.decision"] = in_words.decision(one.decision)
    ids: dict[str, int | str] = {
        "replaces": older.id,
        "meeting": newer.meeting_id,
        "channel": newer.channel_id,
    }
    unit_id = newer.channel.unit_id
    journal.note(db.session, Deed.REVIEWS_CORRECT, newer, ids=ids, words=words, unit_id=unit_id, by=by)
