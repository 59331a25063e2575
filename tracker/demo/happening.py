"""How the chapters of the demo happen: each through the change that the page for it uses. Nothing here commits.

What somebody has done on the pages meanwhile stays: a chapter that no longer fits is left out.
"""

from datetime import date, time
from functools import singledispatch

from sqlalchemy import select

from tracker import language
from tracker.actions import changes as actions
from tracker.channels import changes as channels
from tracker.demo.answers import answers
from tracker.demo.chapters import (
    Agreed,
    Chapter,
    Close,
    Correct,
    Decided,
    Explain,
    Finish,
    Move,
    Plan,
    Prepare,
    Reopen,
)
from tracker.demo.sentences import CHANNELS, Spoken
from tracker.extensions import db
from tracker.meetings import changes as meetings
from tracker.models import Action, Channel, Contact, Meeting, Review, Unit, User
from tracker.reviews import changes as reviews
from tracker.reviews import corrections, drafts
from tracker.reviews.forms import Typed, key_of
from tracker.reviews.logged import (
    Attendee,
    LoggedAction,
    LoggedDecision,
    LoggedHead,
    LoggedMeeting,
    LoggedRating,
    LoggedRow,
)
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Level
from tracker.standings import ChannelStanding, standings

TEAM = ("katrin", "jonas", "ayse", "petra", "martin")


@singledispatch
def happen(chapter: Chapter) -> None:
    """Do what a chapter tells, at the moment the clock shows."""
    raise TypeError(f"not a chapter: {chapter!r}")


@happen.register
def _plan(chapter: Plan) -> None:
    on_agenda = [channel_of(key) for key in chapter.channels]
    meetings.plan(chapter.meets_on, time(14), chapter.place, on_agenda, person_of("jonas"))


@happen.register
def _close(chapter: Close) -> None:
    meeting = _open_meeting(chapter.meets_on)
    if meeting is None:
        return
    by_id = {one.channel.id: one for one in standings(chapter.meets_on, language.zone())}
    agenda = {line.channel_id for line in meeting.agenda}
    turn = _meetings_before(chapter.meets_on)
    rows = []
    for key in CHANNELS:
        channel = channel_of(key)
        if channel.id in agenda and chapter.skipped.get(key) != ():
            rows.append(_row(key, chapter, by_id[channel.id], turn))
    excused = tuple(_attendee(key) for key in chapter.excused)
    head = LoggedHead(
        held_on=chapter.meets_on,
        chair=person_of("katrin").full_name,
        minute_taker=person_of("jonas").full_name,
        present=tuple(_attendee(key) for key in TEAM if key not in chapter.excused),
        excused=excused,
        guests=chapter.guests,
        begins_at=time(14),
        ends_at=time(15, 45) if len(rows) > 4 else time(14, 40),
        place=meeting.place,
    )
    reviews.close(meeting, LoggedMeeting(head, tuple(rows)), person_of("jonas"))


def _row(key: str, chapter: Close, standing: ChannelStanding, turn: int) -> LoggedRow:
    """One channel: what the chapter says, else the sentence whose turn it is, on every criterion it owes."""
    said = chapter.said.get(key, {})
    left_out = chapter.skipped.get(key, ())
    ratings = {}
    for criterion in _owed(standing, chapter.meets_on):
        if criterion not in left_out:
            level, words = said.get(criterion) or (Level.CLEAR, _sentence(CHANNELS[key], criterion, turn))
            last = standing.last(criterion)
            same = last is not None and (last.level, last.reason) == (level, words)
            ratings[criterion] = LoggedRating(level, words, unchanged=same)
    decided = next((one for one in chapter.decisions if one.channel == key), None)
    return LoggedRow(
        standing.channel.id,
        ratings,
        _decision(decided) if decided else None,
        tuple(_action(one) for one in chapter.actions if one.channel == key),
        checks=answers(standing.channel, chapter.meets_on, ratings, turn),
    )


def _owed(standing: ChannelStanding, day: date) -> list[Criterion]:
    in_force = [duty for duty in standing.ledger.duties if duty.in_force(day)]
    return [criterion for criterion in Criterion if any(criterion in duty.criteria for duty in in_force)]


def _sentence(spoken: Spoken, criterion: Criterion, turn: int) -> str:
    sentences: tuple[str, ...] = getattr(spoken, criterion.value)
    return sentences[turn % len(sentences)]


def _decision(said: Decided) -> LoggedDecision:
    return LoggedDecision(said.decision, said.from_on, said.reason)


def _action(agreed: Agreed) -> LoggedAction:
    return LoggedAction(agreed.what, _contact(agreed.owner).id, agreed.due_on)


@happen.register
def _correct(chapter: Correct) -> None:
    channel = channel_of(chapter.channel)
    query = (
        select(Review)
        .join(Meeting)
        .where(
            Meeting.planned_on == chapter.meets_on,
            Meeting.closed_at.is_not(None),
            Review.channel_id == channel.id,
        )
    )
    review = next((one for one in db.session.scalars(query) if one.replaced_by is None), None)
    if review is None:
        return
    ratings = {one.criterion: LoggedRating(one.level, one.reason, one.unchanged) for one in review.ratings}
    ratings[chapter.criterion] = LoggedRating(chapter.level, chapter.words)
    corrections.correct(review, chapter.reason, ratings, person_of(chapter.by))


@happen.register
def _explain(chapter: Explain) -> None:
    channels.explain(
        channel_of(chapter.channel), Slot.of_key(chapter.slot), chapter.words, person_of("katrin")
    )


@happen.register
def _finish(chapter: Finish) -> None:
    action = _action_of(chapter.what, done=False)
    if action is not None:
        actions.finish(action, chapter.on, chapter.note, person_of(chapter.by))


@happen.register
def _reopen(chapter: Reopen) -> None:
    action = _action_of(chapter.what, done=True)
    if action is not None:
        actions.reopen(action, chapter.reason, person_of(chapter.by))


@happen.register
def _move(chapter: Move) -> None:
    action = _action_of(chapter.what, done=False)
    if action is not None:
        actions.move(action, chapter.due_on, chapter.reason, person_of(chapter.by))


def _action_of(first_words: str, done: bool) -> Action | None:
    state = Action.done_on.is_not(None) if done else Action.done_on.is_(None)
    query = select(Action).where(state, Action.what.startswith(first_words))
    return db.session.scalars(query.order_by(Action.id)).first()


@happen.register
def _prepare(chapter: Prepare) -> None:
    meeting = _open_meeting(chapter.meets_on)
    if meeting is None:
        return
    channel = channel_of(chapter.channel)
    typed = {"level": chapter.level.value, "reason": chapter.words}
    values = {key_of(channel.id, f"{chapter.criterion}.{part}"): value for part, value in typed.items()}
    drafts.save(meeting, Typed(values), person_of(chapter.by), drafts.load(meeting.id))


def _open_meeting(on: date) -> Meeting | None:
    query = select(Meeting).where(
        Meeting.planned_on == on, Meeting.closed_at.is_(None), Meeting.cancelled_at.is_(None)
    )
    return db.session.scalars(query.order_by(Meeting.id)).first()


def _meetings_before(on: date) -> int:
    return len(db.session.scalars(select(Meeting.id).where(Meeting.planned_on < on)).all())


def channel_of(key: str) -> Channel:
    """A channel of the story."""
    spoken = CHANNELS[key]
    query = (
        select(Channel)
        .join(Unit)
        .where(Unit.key == spoken.unit, Channel.platform == spoken.platform, Channel.name == spoken.name)
    )
    return db.session.scalars(query).one()


def person_of(key: str) -> User:
    """Somebody of the story."""
    return db.session.scalars(select(User).where(User.email.startswith(f"{key}."))).one()


def _contact(key: str) -> Contact:
    return db.session.scalars(select(Contact).where(Contact.user_id == person_of(key).id)).one()


def _attendee(key: str) -> Attendee:
    person = person_of(key)
    return Attendee(person.full_name, person.id)
