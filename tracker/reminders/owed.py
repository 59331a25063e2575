"""Who should have been told what by a day, and was not: decided from state alone, never from the last run."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select

from tracker.extensions import db
from tracker.models import Action, AgendaLine, Channel, Contact, Meeting, Organisation, Reminder
from tracker.reminders.recipients import Recipient, Recipients, Why
from tracker.rules.ledger import SlotLine
from tracker.rules.reminding import Owed, stages_due
from tracker.rules.words import Outcome, Stage
from tracker.rules.workdays import Workdays
from tracker.standings import standings

STAGES = frozenset({Stage.NOTICE, Stage.OVERDUE})  # the ones that are sent


@dataclass(frozen=True)
class Due:
    """One stage of one slot of one channel. `to_close`: a meeting about it whose day is past and that is not closed."""

    channel: Channel
    line: SlotLine
    owed: Owed
    to_close: Meeting | None

    @property
    def key(self) -> tuple[int, date, date, Stage, str]:
        """What the database keeps apart, for each contact."""
        slot = self.line.slot
        return self.channel.id, slot.begins_on, slot.due_on, self.owed.stage, self.owed.week


@dataclass(frozen=True)
class Untold:
    """A stage that nobody is told about, and why: a planned meeting, or nobody who could be told (None)."""

    due: Due
    meeting: Meeting | None


@dataclass
class Letter:
    """All that one recipient is owed on a day."""

    recipient: Recipient
    dues: list[Due] = field(default_factory=list)
    why: set[Why] = field(default_factory=set)
    actions: list[Action] = field(default_factory=list)


@dataclass(frozen=True)
class Round:
    """What is owed on a day, one letter a recipient, and what is not told."""

    letters: list[Letter]
    untold: list[Untold]


def round_on(on: date, organisation: Organisation, unit_ids: frozenset[int] | None = None) -> Round:
    """Everything owed and not yet told on a day, of all units or some; worst first in each letter."""
    dues, untold = _dues(on, organisation, unit_ids)
    recipients = Recipients(organisation)
    letters: dict[tuple[int, int], Letter] = {}
    told = told_since(min((due.line.slot.due_on for due in dues), default=on))
    for due in sorted(dues, key=_worst_first):
        found = recipients.told(due.channel, due.owed.stage)
        if not found:
            untold.append(Untold(due, None))
        for recipient, why in found.items():
            if (*due.key, recipient.contact_id) not in told:
                letter = letters.setdefault(recipient.key, Letter(recipient))
                letter.dues.append(due)
                letter.why |= why
    had_one = set(db.session.scalars(select(Reminder.contact_id).where(Reminder.told_on == on)))
    kept = [one for key, one in sorted(letters.items()) if one.recipient.contact_id not in had_one]
    _add_actions(kept, on, unit_ids)
    return Round(kept, untold)


def without_told(letter: Letter) -> Letter:
    """The letter without what another process has told in the meantime."""
    told = told_since(min(due.line.slot.due_on for due in letter.dues))
    contact_id = letter.recipient.contact_id
    if contact_id is None:  # the other process may have made the person's contact, too
        contact_id = db.session.scalar(select(Contact.id).where(Contact.user_id == letter.recipient.user_id))
    return replace(letter, dues=[due for due in letter.dues if (*due.key, contact_id) not in told])


def told_since(due_on: date) -> set[tuple[int, date, date, Stage, str, int]]:
    """The keys of all reminders told about slots due on a day or later, each with its contact."""
    query = select(
        Reminder.channel_id,
        Reminder.begins_on,
        Reminder.due_on,
        Reminder.stage,
        Reminder.week,
        Reminder.contact_id,
    ).where(Reminder.due_on >= due_on)
    return {(c, b, d, s, w, contact) for c, b, d, s, w, contact in db.session.execute(query)}


def _worst_first(due: Due) -> tuple[bool, date, int]:
    return due.owed.stage is Stage.NOTICE, due.line.slot.due_on, due.channel.position


def _dues(
    on: date, organisation: Organisation, unit_ids: frozenset[int] | None
) -> tuple[list[Due], list[Untold]]:
    workdays = Workdays(organisation.holiday_region)
    meetings = _open_meetings()
    dues: list[Due] = []
    untold: list[Untold] = []
    for one in standings(on, organisation.timezone, unit_ids):
        carrying = meetings[one.channel.id]
        for line in one.ledger.lines:
            if line.outcome is not Outcome.OPEN:
                continue
            found, quiet = _of_line(one.channel, line, on, workdays, carrying)
            dues += found
            untold += quiet
    return dues, untold


def _of_line(
    channel: Channel, line: SlotLine, on: date, workdays: Workdays, meetings: list[Meeting]
) -> tuple[list[Due], list[Untold]]:
    """The stages owed for one slot, and those that a planned meeting keeps quiet."""
    slot = line.slot
    to_come = [one for one in meetings if one.planned_on >= on]
    past = [one for one in meetings if slot.begins_on <= one.planned_on < on]
    to_close = past[-1] if past else None
    everything = [
        Due(channel, line, owed, to_close) for owed in stages_due(line, on, workdays) if owed.stage in STAGES
    ]
    if not to_come:
        return everything, []
    first = to_come[0]
    loud = stages_due(line, on, workdays, first.planned_on, first.planned_on <= slot.due_on)
    return (
        [due for due in everything if due.owed in loud],
        [Untold(due, first) for due in everything if due.owed not in loud],
    )


def _open_meetings() -> defaultdict[int, list[Meeting]]:
    """The meetings neither closed nor cancelled that carry a channel, by channel, in the order of their days."""
    found: defaultdict[int, list[Meeting]] = defaultdict(list)
    query = (
        select(AgendaLine.channel_id, Meeting)
        .join(Meeting, AgendaLine.meeting_id == Meeting.id)
        .where(Meeting.closed_at.is_(None), Meeting.cancelled_at.is_(None))
        .order_by(Meeting.planned_on, Meeting.id)
    )
    for channel_id, meeting in db.session.execute(query):
        found[channel_id].append(meeting)
    return found


def _add_actions(letters: list[Letter], on: date, unit_ids: frozenset[int] | None) -> None:
    """Overdue actions ride along with their owner's letter; alone they make none."""
    by_contact = {one.recipient.contact_id: one for one in letters if one.recipient.contact_id}
    query = (
        select(Action)
        .where(Action.owner_id.in_(by_contact), Action.done_on.is_(None), Action.due_on < on)
        .order_by(Action.due_on, Action.id)
    )
    for action in db.session.scalars(query):
        if unit_ids is None or (action.channel and action.channel.unit_id in unit_ids):
            by_contact[action.owner_id].actions.append(action)
