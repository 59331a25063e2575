"""What the board reads besides the standings: meetings, actions, explanations, the engine and the outbox."""

from dataclasses import dataclass
from datetime import date

from flask import g
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock, engine, language, seeing
from tracker.extensions import db
from tracker.models import Action, Channel, Explanation, Mail, Meeting, Run
from tracker.seeing import Units

ACTIONS_SHOWN = 5


@dataclass(frozen=True)
class PlannedMeeting:
    """A meeting that is not closed yet, with the ids of the visible channels on its agenda."""

    meeting: Meeting
    channel_ids: frozenset[int]


@dataclass(frozen=True)
class OpenActions:
    """How many actions are open, how many of them past their due date, and the first few."""

    count: int
    overdue: int
    first: list[Action]


@dataclass(frozen=True)
class Health:
    """Whether reminders go out: the last run, whether it is too long ago, and what the outbox holds."""

    run: Run | None
    late: bool
    waiting: int
    given_up: int


def more_channels_than(few: int, units: Units) -> bool:
    """Whether there are more channels, of these units if they are limited."""
    query = select(Channel.id).limit(few + 1)
    if units is not None:
        query = query.where(Channel.unit_id.in_(units))
    return len(db.session.scalars(query).all()) > few


def unclosed_meetings(channel_ids: frozenset[int], units: Units, chair_id: int) -> list[PlannedMeeting]:
    """Meetings neither closed nor called off, by day; of other units' channels nothing is told."""
    query = seeing.meetings(units, chair_id).options(selectinload(Meeting.agenda))
    query = query.where(Meeting.closed_at.is_(None), Meeting.cancelled_at.is_(None))
    found = db.session.scalars(query.order_by(Meeting.planned_on, Meeting.starts_at, Meeting.id))
    return [
        PlannedMeeting(one, frozenset(line.channel_id for line in one.agenda) & channel_ids) for one in found
    ]


def explained() -> set[tuple[int, date, date]]:
    """The slots that have an explanation: channel, first day, due date."""
    rows = db.session.execute(
        select(Explanation.channel_id, Explanation.begins_on, Explanation.due_on).distinct()
    )
    return {(channel_id, begins_on, due_on) for channel_id, begins_on, due_on in rows}


def open_actions(units: Units, on: date) -> OpenActions:
    """The open actions that one may see, due first first."""
    visible = seeing.actions(units).where(Action.done_on.is_(None))
    numbers = visible.with_only_columns(func.count(Action.id), func.count().filter(Action.due_on < on))
    count, overdue = db.session.execute(numbers).one()
    query = visible.order_by(Action.due_on, Action.id).limit(ACTIONS_SHOWN)
    query = query.options(joinedload(Action.owner), joinedload(Action.channel).joinedload(Channel.unit))
    return OpenActions(count, overdue, list(db.session.scalars(query)))


def actions_of(user_id: int, until: date) -> list[Action]:
    """The open actions of one person that are due by a day, due first first."""
    return list(db.session.scalars(seeing.own_actions(user_id).where(Action.due_on <= until)))


def health() -> Health:
    """How the reminder engine and the outbox are; asked once in a request."""
    if "board_health" not in g:
        g.board_health = _health()
    found: Health = g.board_health
    return found


def _health() -> Health:
    query = select(Mail.state, func.count()).where(Mail.state.in_(("waiting", "given_up")))
    counts = dict(db.session.execute(query.group_by(Mail.state)).all())
    now = clock.now()
    run = engine.last_run(now=now)
    late = language.organisation() is not None and engine.is_late(run, now)
    return Health(run, late, counts.get("waiting", 0), counts.get("given_up", 0))
