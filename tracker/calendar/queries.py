"""What a calendar is told of: meetings of the last weeks and to come, what is owed, and a person's own actions."""

from collections import defaultdict
from datetime import date, timedelta

from tracker import seeing
from tracker.extensions import db
from tracker.models import Action, Channel, Meeting, User
from tracker.rules.slots import Slot
from tracker.rules.words import Outcome
from tracker.seeing import Units
from tracker.standings import outlines

BACK = timedelta(days=60)  # so long is a meeting told of afterwards, one called off as called off
AHEAD = timedelta(days=400)  # so far is what is owed told of


def meetings(person: User, units: Units, on: date) -> list[Meeting]:
    """The meetings that a person may see, those called off too, by day."""
    query = seeing.meetings(units, person.id).where(Meeting.planned_on >= on - BACK)
    return list(db.session.scalars(query.order_by(Meeting.planned_on, Meeting.starts_at, Meeting.id)))


def owed(units: Units, on: date) -> dict[Slot, list[Channel]]:
    """The channels that still lack something, by slot: those open now, also past their due date, and those to come."""
    found: defaultdict[Slot, list[Channel]] = defaultdict(list)
    for one in outlines(on, units):
        for line in one.ledger.lines:
            lacks = line.cells and line.outcome in {Outcome.OPEN, Outcome.COMING}
            if lacks and line.slot.due_on <= on + AHEAD:
                found[line.slot].append(one.channel)
    return dict(sorted(found.items(), key=lambda pair: (pair[0].due_on, pair[0])))


def actions(person: User) -> list[Action]:
    """The open actions of a person, those due first at the head."""
    return list(db.session.scalars(seeing.own_actions(person.id)))
