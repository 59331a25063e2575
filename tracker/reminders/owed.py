"""Who should have been told what by a day, and was not: decided from state alone, never from the last run."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models import (
    Action,
    ActionReminder,
    AgendaLine,
    Channel,
    Contact,
    Explanation,
    Meeting,
    Organisation,
    Reminder,
)
from tracker.reminders.letters import Due, Letter, NotTold, Round, worst_first
from tracker.reminders.recipients import Audience, Recipients
from tracker.rules.ledger import SlotLine
from tracker.rules.reminding import Owed, Timing, stages_due, week_of
from tracker.rules.words import Outcome, Stage, WhyUntold
from tracker.rules.workdays import Workdays
from tracker.standings import lines_on

MEETINGS_BACK = timedelta(days=400)  # older ones have nothing to do with a slot that is still reminded of


def timing_of(organisation: Organisation) -> Timing:
    """When the stages begin, as the organisation has set it."""
    return Timing(
        organisation.notice_workdays, organisation.overdue_workdays, organisation.escalation_workdays
    )


def round_on(on: date, organisation: Organisation, unit_ids: frozenset[int] | None = None) -> Round:
    """Everything owed and not yet told on a day, of all units or some; worst first in each letter."""
    dues, untold = _dues(on, organisation, unit_ids)
    recipients = Recipients(organisation, on)
    letters: dict[tuple[int, int], Letter] = {}
    told = told_before(on, min((due.line.slot.due_on for due in dues), default=on))
    told_to_somebody = {one[:5] for one in told.stages}
    for due in sorted(dues, key=worst_first):
        audience = recipients.of_stage(due.channel, due.owed.stage)
        untold += _not_told(due, audience)
        if due.key in told_to_somebody:  # whoever hears of it later was not owed it before
            due = replace(due, owed=replace(due.owed, owed_on=on))  # noqa: PLW2901
        for key, (recipient, why) in audience.told.items():
            if (*due.key, recipient.contact_id) not in told.stages:
                letter = letters.setdefault(key, Letter(recipient))
                letter.dues.append(due)
                letter.why |= why
                letter.absent |= {due.key: recipient.stands_in_for} if recipient.stands_in_for else {}
    _add_actions(letters, recipients, on, unit_ids, told)
    kept = [one for _key, one in sorted(letters.items()) if one.recipient.contact_id not in told.had_one]
    return Round(kept, untold)


def without_told(letter: Letter, on: date) -> Letter:
    """The letter without what another process has told in the meantime."""
    contact_id = letter.recipient.contact_id
    if contact_id is None:  # the other process may have made the person's contact, too
        contact_id = db.session.scalar(select(Contact.id).where(Contact.user_id == letter.recipient.user_id))
    told = told_before(on, min((due.line.slot.due_on for due in letter.dues), default=on))
    return replace(
        letter,
        dues=[due for due in letter.dues if (*due.key, contact_id) not in told.stages],
        actions=[one for one in letter.actions if (one.id, contact_id) not in told.actions],
    )


@dataclass(frozen=True)
class ToldBefore:
    """What was told before: stages and actions, each with its contact, and who had a mail on the day itself."""

    stages: frozenset[tuple[int, date, date, Stage, str, int]]
    actions: frozenset[tuple[int, int]]
    had_one: frozenset[int]


def told_before(on: date, due_on: date) -> ToldBefore:
    """All about slots due on `due_on` or later, actions of the calendar week of `on`, and whoever had a mail `on`."""
    columns = (Reminder.channel_id, Reminder.begins_on, Reminder.due_on, Reminder.stage, Reminder.week)
    query = select(*columns, Reminder.contact_id, Reminder.told_on)
    stages = db.session.execute(query.where(or_(Reminder.due_on >= due_on, Reminder.told_on == on))).all()
    of_week = select(ActionReminder.action_id, ActionReminder.contact_id, ActionReminder.told_on)
    actions = db.session.execute(of_week.where(ActionReminder.week == week_of(on))).all()
    return ToldBefore(
        frozenset((c, b, d, s, w, contact) for c, b, d, s, w, contact, _told_on in stages),
        frozenset((action, contact) for action, contact, _told_on in actions),
        frozenset(one.contact_id for one in (*stages, *actions) if one.told_on == on),
    )


def _not_told(due: Due, audience: Audience) -> list[NotTold]:
    found = [NotTold(due, why, who) for who, why in audience.untold.items()]
    return found if audience.told else [*found, NotTold(due, WhyUntold.NOBODY)]


def _dues(
    on: date, organisation: Organisation, unit_ids: frozenset[int] | None
) -> tuple[list[Due], list[NotTold]]:
    """What is owed of each slot that is open, or was missed since reminders go out and is not explained yet."""
    confirmed_at, zone = organisation.reminders_confirmed_at, organisation.timezone
    news_since = clock.day_of(confirmed_at, zone) if confirmed_at else on
    rules = _Rules(on, Workdays(organisation.holiday_region), timing_of(organisation), organisation.stages)
    meetings, explained = _meetings(on), _explained(news_since)
    dues: list[Due] = []
    untold: list[NotTold] = []
    found = lines_on(on, unit_ids)
    owing = {id(lines): lines for _channel, lines in found}  # one ledger serves many channels
    stages = {key: list(rules.of_ledger(lines, news_since)) for key, lines in owing.items()}
    for channel, lines in found:
        for line, owed in stages[id(lines)]:
            slot = line.slot
            if line.outcome is Outcome.MISSED and (channel.id, slot.begins_on, slot.due_on) in explained:
                continue
            said, quiet = rules.of_line(channel, line, owed, meetings[channel.id])
            dues += said
            untold += quiet
    return dues, untold


@dataclass(frozen=True)
class _Rules:
    """What decides on a day: working days, when stages begin, and which of them are sent (None: all)."""

    on: date
    workdays: Workdays
    timing: Timing
    sent: frozenset[str] | None

    def of_ledger(self, lines: Iterable[SlotLine], news_since: date) -> Iterator[tuple[SlotLine, list[Owed]]]:
        """The slots that are open, or were missed since a day, with the stages owed if no meeting is planned."""
        for line in lines:
            missed = line.outcome is Outcome.MISSED and line.slot.grace_ends_on >= news_since
            if line.outcome is Outcome.OPEN or missed:
                yield line, self._stages(line, None, False)

    def of_line(
        self, channel: Channel, line: SlotLine, stages: list[Owed], meetings: list[Meeting]
    ) -> tuple[list[Due], list[NotTold]]:
        """The stages owed for one slot of a channel, and those that a planned meeting keeps quiet."""
        if not meetings:
            return [Due(channel, line, owed, None) for owed in stages], []
        slot, on = line.slot, self.on
        still_open = [one for one in meetings if one.closed_at is None]
        to_come = [one for one in still_open if one.planned_on >= on]
        past = [one for one in still_open if slot.begins_on <= one.planned_on < on]
        everything = [
            Due(channel, line, self._since(owed, meetings), past[-1] if past else None) for owed in stages
        ]
        if not to_come:
            return everything, []
        first = to_come[0]
        loud = {
            (owed.stage, owed.week)
            for owed in self._stages(line, first.planned_on, first.planned_on <= slot.due_on)
        }
        said = [due for due in everything if (due.owed.stage, due.owed.week) in loud]
        quiet = [due for due in everything if (due.owed.stage, due.owed.week) not in loud]
        return said, [NotTold(due, WhyUntold.PLANNED, meeting=first) for due in quiet]

    def _stages(self, line: SlotLine, quiet_until: date | None, in_slot: bool) -> list[Owed]:
        found = stages_due(line, self.on, self.workdays, quiet_until, in_slot, self.timing)
        return [one for one in found if self.sent is None or one.stage in self.sent]

    def _since(self, owed: Owed, meetings: list[Meeting]) -> Owed:
        """What a planned meeting kept quiet is owed from the working day after it, not before."""
        quieted = [one.planned_on for one in meetings if owed.owed_on <= one.planned_on < self.on]
        return replace(owed, owed_on=self.workdays.after(quieted[-1], 1)) if quieted else owed


def _meetings(on: date) -> defaultdict[int, list[Meeting]]:
    """The meetings not cancelled that carry a channel, by channel, in the order of their days."""
    found: defaultdict[int, list[Meeting]] = defaultdict(list)
    query = (
        select(AgendaLine.channel_id, Meeting)
        .join(Meeting, AgendaLine.meeting_id == Meeting.id)
        .where(Meeting.cancelled_at.is_(None), Meeting.planned_on >= on - MEETINGS_BACK)
        .order_by(Meeting.planned_on, Meeting.id)
    )
    for channel_id, meeting in db.session.execute(query):
        found[channel_id].append(meeting)
    return found


def _explained(since: date) -> set[tuple[int, date, date]]:
    query = select(Explanation.channel_id, Explanation.begins_on, Explanation.due_on)
    return {
        (c, b, d) for c, b, d in db.session.execute(query.where(Explanation.due_on >= since - MEETINGS_BACK))
    }


def _add_actions(
    letters: dict[tuple[int, int], Letter],
    recipients: Recipients,
    on: date,
    unit_ids: frozenset[int] | None,
    told: ToldBefore,
) -> None:
    """Actions past their due date: once a calendar week to their owner, in the same mail or in one of their own."""
    query = (
        select(Action)
        .options(joinedload(Action.channel), joinedload(Action.owner))
        .where(Action.done_on.is_(None), Action.due_on < on)
        .order_by(Action.due_on, Action.id)
    )
    for action in db.session.scalars(query):
        if unit_ids is not None and not (action.channel and action.channel.unit_id in unit_ids):
            continue
        for key, (recipient, why) in recipients.of_action(action).told.items():
            if (action.id, recipient.contact_id) not in told.actions:
                letter = letters.setdefault(key, Letter(recipient))
                letter.actions.append(action)
                letter.why |= why
                letter.absent |= {action.id: recipient.stands_in_for} if recipient.stands_in_for else {}
