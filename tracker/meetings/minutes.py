"""The minutes of a closed meeting: its head, what became of older actions, and channel by channel what was found."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.extensions import db
from tracker.meetings import queries
from tracker.meetings.results import Discharged, Result, results
from tracker.models import Action, Channel, Meeting, MeetingHead
from tracker.rules.closing import late_entered
from tracker.standings import standings

DONE, REOPENED, MOVED = "done", "reopened", "moved"  # kinds of ActionChange


@dataclass(frozen=True)
class Tally:
    """Over all channels: slots the meeting completed, in time or late, or discharged in part; and extra reviews."""

    kept: int
    late: int
    partly: int
    extra: int


@dataclass(frozen=True)
class Minutes:
    """What a closed meeting says to one reader on a day; `partly`: other units' channels were reviewed too."""

    meeting: Meeting
    head: MeetingHead
    older_heads: tuple[MeetingHead, ...]
    groups: tuple[tuple[str, tuple[Result, ...]], ...]
    not_discussed: tuple[Channel, ...]
    older_actions: tuple[Action, ...]
    tally: Tally
    next_on: date | None
    days_to_close: int
    entered_late: bool
    partly: bool
    on: date

    @property
    def results(self) -> list[Result]:
        """All channels in their order."""
        return [one for _, group in self.groups for one in group]

    @property
    def corrected_at(self) -> datetime | None:
        """When a review shown here, or the head, was last corrected."""
        moments = [one.review.closed_at for one in self.results if len(one.versions) > 1]
        moments += [self.head.written_at] if self.older_heads else []
        return max((one for one in moments if one is not None), default=None)


def minutes(meeting: Meeting, units: frozenset[int] | None, zone: str) -> Minutes | None:
    """The minutes as far as a reader of these units (None: all) may see them; None unless it is closed."""
    head = meeting.head
    if head is None or meeting.closed_at is None:
        return None
    on, closed_on = clock.today(zone), clock.day_of(meeting.closed_at, zone)
    shown = results(meeting, head.held_on, standings(max(on, head.held_on), zone, units), zone)
    reviewed = queries.reviewed(meeting)
    left = [line.channel for line in meeting.agenda if line.channel_id not in reviewed]
    return Minutes(
        meeting=meeting,
        head=head,
        older_heads=tuple(one for one in meeting.heads if one is not head),
        groups=tuple(
            (name, tuple(group)) for name, group in groupby(shown, key=lambda one: one.review.unit_name)
        ),
        not_discussed=tuple(
            sorted(
                (one for one in left if units is None or one.unit_id in units), key=lambda one: one.position
            )
        ),
        older_actions=tuple(older_actions(head.held_on, units, zone)),
        tally=_tally(shown),
        next_on=queries.next_on(head.held_on, units),
        days_to_close=(closed_on - head.held_on).days,
        entered_late=late_entered(head.held_on, closed_on),
        partly=len(shown) < len(reviewed),
        on=on,
    )


def _tally(shown: list[Result]) -> Tally:
    slots: list[Discharged] = [slot for one in shown for slot in one.discharged]
    return Tally(
        kept=sum(one.completed and not one.days_late for one in slots),
        late=sum(one.completed and one.days_late > 0 for one in slots),
        partly=sum(not one.completed for one in slots),
        extra=sum(one.extra for one in shown),
    )


def older_actions(on: date, units: frozenset[int] | None, zone: str) -> list[Action]:
    """The actions agreed before a day and still open on it, by the due date of today.

    Those of no channel concern the whole organisation and are shown to all.
    """
    query = select(Action).where(Action.agreed_on < on, or_(Action.done_on.is_(None), Action.done_on >= on))
    if units is not None:
        ours = Action.channel.has(Channel.unit_id.in_(units))
        query = query.where(or_(Action.channel_id.is_(None), ours))
    loaded = query.options(
        joinedload(Action.owner),
        joinedload(Action.channel).joinedload(Channel.unit),
        selectinload(Action.changes),
    )
    listed = db.session.scalars(loaded.order_by(Action.due_on, Action.id))
    return [one for one in listed if not _was_done(one, on, zone)]


def _was_done(action: Action, on: date, zone: str) -> bool:
    """Whether it had been done before a day and was reopened only after it."""
    return any(
        change.kind == REOPENED
        and change.from_on is not None
        and change.from_on < on < clock.day_of(change.at, zone)
        for change in action.changes
    )


def agreed_until(action: Action) -> date:
    """The due date that was agreed on at first, however often the action was moved since."""
    return next((one.from_on for one in action.changes if one.kind == MOVED and one.from_on), action.due_on)


def until_on(action: Action, on: date, zone: str) -> date:
    """The due date as it stood on a day: before whatever was moved on it or later."""
    later = (one for one in action.changes if one.kind == MOVED and clock.day_of(one.at, zone) >= on)
    return next((one.from_on for one in later if one.from_on), action.due_on)
