"""Closing a meeting: its head, its reviews with ratings, decisions and actions, all at once and for good.

The rows are written open and closed last, reviews before the head before the meeting: once the meeting is closed, the
database refuses everything below it. Nothing here commits.
"""

from collections.abc import Iterable

from sqlalchemy import delete, select

from tracker import clock, concept_news, in_words, journal, language
from tracker.extensions import db
from tracker.models import (
    Action,
    Attendance,
    Channel,
    Check,
    Contact,
    Draft,
    Meeting,
    MeetingHead,
    Rating,
    Review,
    ReviewDecision,
    User,
)
from tracker.reviews import decided
from tracker.reviews.logged import (
    LoggedHead,
    LoggedMeeting,
    LoggedRow,
    head_for_rules,
    row_for_rules,
)
from tracker.rules.closing import obstacles
from tracker.rules.deeds import Deed
from tracker.rules.log import Obstacle


class NotOpen(ValueError):
    """The meeting is closed or cancelled."""


class NotReady(ValueError):
    """Something stands in the way of closing; `obstacles` says what."""

    def __init__(self, found: tuple[Obstacle, ...]) -> None:
        super().__init__(", ".join(f"{one.where}: {one.what}" for one in found))
        self.obstacles = found


def locked(meeting_id: int) -> Meeting | None:
    """The meeting, held against other writers until the end of the transaction."""
    return db.session.get(Meeting, meeting_id, with_for_update=True, populate_existing=True)


def close(meeting: Meeting, logged: LoggedMeeting, by: User) -> None:
    """Close a meeting now, as logged, and do what it decided. NotOpen or NotReady if it cannot be; then nothing is
    written.
    """
    if meeting.closed_at is not None or meeting.cancelled_at is not None:
        raise NotOpen(f"meeting {meeting.id} is closed or cancelled")
    today = language.today()
    decided.hold(logged)
    rows = [row_for_rules(row) for row in logged.rows]
    found = obstacles(head_for_rules(logged.head), rows, today, decided.courses(rows), all_checks())
    if found:
        raise NotReady(found)
    now = clock.now()
    channels = {one.id: one for one in db.session.scalars(select(Channel))}
    concept_number = concept_news.number_in_force(logged.head.held_on)
    head = _head(meeting, logged.head, by)
    reviews: list[Review] = []
    for row in logged.rows:
        review = new_review(meeting, channels[row.channel_id], concept_number, by)
        _fill(review, row, logged.head)
        reviews.append(review)
    db.session.execute(delete(Draft).where(Draft.meeting_id == meeting.id))
    db.session.flush()
    for review in reviews:
        review.closed_at = now
    head.closed_at = now
    db.session.flush()
    meeting.closed_at = now
    _note(meeting, logged, reviews, by)
    decided.carry_out(logged, today)
    db.session.flush()


def all_checks() -> bool:
    """Whether the organisation wants every item of the checklist answered."""
    organisation = language.organisation()
    return organisation is not None and organisation.checks_required


def new_review(meeting: Meeting, channel: Channel, concept_number: int | None, by: User) -> Review:
    """An open review of a channel, with the names as they are now."""
    review = Review(
        meeting_id=meeting.id,
        channel_id=channel.id,
        unit_name=channel.unit.name,
        platform=channel.platform,
        channel_name=channel.name,
        concept_number=concept_number,
        by_id=by.id,
        by_name=by.full_name,
        by_roles=roles_of(by),
    )
    db.session.add(review)
    return review


def roles_of(by: User) -> str:
    """The person's roles as they are now, as plain names."""
    return ", ".join(role.name for role in by.roles)


def _head(meeting: Meeting, logged: LoggedHead, by: User) -> MeetingHead:
    head = MeetingHead(
        meeting_id=meeting.id,
        version=1,
        held_on=logged.held_on,
        begins_at=logged.begins_at,
        ends_at=logged.ends_at,
        place=logged.place,
        chair=logged.chair,
        minute_taker=logged.minute_taker,
        by_id=by.id,
        by_name=by.full_name,
        by_roles=roles_of(by),
        written_at=clock.now(),
    )
    for kind, people in (("present", logged.present), ("excused", logged.excused)):
        head.attendance += [Attendance(kind=kind, name=one.name, user_id=one.user_id) for one in people]
    head.attendance += [Attendance(kind="guest", name=name) for name in logged.guests]
    db.session.add(head)
    return head


def _fill(review: Review, row: LoggedRow, head: LoggedHead) -> None:
    now = clock.now()
    review.ratings += [
        Rating(
            criterion=criterion, level=one.level, reason=one.reason, unchanged=one.unchanged, entered_at=now
        )
        for criterion, one in row.ratings.items()
    ]
    if row.decision is not None:
        line = row.decision
        review.decision = ReviewDecision(
            decision=line.decision, from_on=line.from_on, reason=line.reason, successor_id=line.successor_id
        )
    review.checks += [
        Check(
            wording_id=one.wording_id,
            answer=one.answer,
            note=one.note,
            confirmed=one.confirmed,
            checked_on=one.checked_on,
        )
        for one in row.checks
    ]
    for action in row.actions:
        db.session.add(
            Action(what=action.what, owner_id=action.owner_id, due_on=action.due_on, channel_id=row.channel_id,
                   review=review, agreed_on=head.held_on, created_at=now)
        )  # fmt: skip


def _note(meeting: Meeting, logged: LoggedMeeting, reviews: Iterable[Review], by: User) -> None:
    """One entry that can prove what was closed: everything said in words is in it."""
    listed = list(reviews)
    head = logged.head
    ids: dict[str, int | str] = {"held_on": head.held_on.isoformat()}
    ids |= {f"review-of-channel-{one.channel_id}": one.id for one in listed}
    words = in_words.head(
        chair=head.chair,
        minute_taker=head.minute_taker,
        place=head.place,
        begins_at=head.begins_at,
        ends_at=head.ends_at,
        present=(one.name for one in head.present),
        excused=(one.name for one in head.excused),
        guests=head.guests,
    )
    owners = {one.id: one.name for one in db.session.scalars(select(Contact))}
    for row in logged.rows:
        name = f"channel-{row.channel_id}"
        words |= {f"{name}.{criterion}": in_words.rating(one) for criterion, one in row.ratings.items()}
        if row.checks:
            words[f"{name}.checks"] = in_words.checks(row.checks)
        if row.decision is not None:
            words[f"{name}.decision"] = in_words.decision(row.decision)
        for k, action in enumerate(row.actions, start=1):
            words[f"{name}.action-{k}"] = (
                f"{action.what}; {owners[action.owner_id]}; {action.due_on.isoformat()}"
            )
    units = {one.channel.unit_id for one in listed}
    unit_id = units.pop() if len(units) == 1 else None
    journal.note(db.session, Deed.MEETINGS_CLOSE, meeting, ids=ids, words=words, unit_id=unit_id, by=by)
