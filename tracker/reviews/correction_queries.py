"""What the page of a correction reads: the newest version of a review, its actions, and what the ledger would say."""

from sqlalchemy import or_, select

from tracker import clock
from tracker.extensions import db
from tracker.models import Action, Review
from tracker.reviews.corrections import Verdicts
from tracker.rules.ledger import Rated
from tracker.rules.shifting import Shift, shifts, with_others
from tracker.standings import standings


def review(meeting_id: int, review_id: int) -> Review | None:
    """A closed review of this meeting, in force or replaced."""
    query = select(Review).where(Review.id == review_id, Review.meeting_id == meeting_id)
    return db.session.scalars(query.where(Review.closed_at.is_not(None))).first()


def versions(found: Review) -> list[Review]:
    """The review, what it replaced and what replaced it, oldest first; the last one is in force."""
    chain = [found]
    while (older := chain[0].replaces) is not None:
        chain.insert(0, older)
    while (newer := chain[-1].replaced_by) is not None and newer.closed_at is not None:
        chain.append(newer)
    return chain


def agreed(found: Review) -> bool:
    """Whether an action answers an objection: one of this review in any version, or an open one of the channel."""
    of_review = Action.review_id.in_([one.id for one in versions(found)])
    still_open = (Action.channel_id == found.channel_id) & Action.done_on.is_(None)
    return db.session.scalar(select(Action.id).where(or_(of_review, still_open)).limit(1)) is not None


def foreseen(found: Review, after: Verdicts, zone: str) -> tuple[Shift, ...]:
    """The cells of the channel that would stand otherwise today, if the review said this instead.

    An added rating is entered now: after the grace its cell is entered afterwards (docs/promise.md, rule 5).
    """
    now = clock.now()
    (standing,) = standings(clock.today(zone), zone, channel_id=found.channel_id)
    book, held_on = standing.ledger, found.meeting.heads[-1].held_on
    entered = {one.criterion: one.entered_at for one in found.ratings}
    added = [
        Rated(-number, criterion, held_on, clock.day_of(entered.get(criterion, now), zone), now)
        for number, criterion in enumerate(after.ratings, start=1)
    ]
    gone = {one.id for one in found.ratings}
    return shifts(book, with_others(book, gone, added))
