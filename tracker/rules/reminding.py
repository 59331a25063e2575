"""Which reminders are owed for a slot on a day, and since when (docs/reminding.md).

What is owed follows from the slot's line alone; who is told, and who was told already, is for the caller
to know. All days are plain dates in the organisation's zone.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.ledger import SlotLine
from tracker.rules.slots import Slot
from tracker.rules.words import Outcome, Stage
from tracker.rules.workdays import Workdays

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Timing:
    """When the stages begin, in working days: before the due date for the notice, after it for the others."""

    notice: int = 15
    overdue: int = 1
    escalation: int = 10


DEFAULT_TIMING = Timing()


@dataclass(frozen=True)
class Owed:
    """A stage that someone should have been told about by now, and the day since which.

    `week` is the calendar week of a weekly reminder, as in "2026-W15", and empty for the other stages:
    together with slot, channel and person it tells whether they were told already.
    """

    stage: Stage
    owed_on: date
    week: str = ""


def week_of(day: date) -> str:
    """The ISO calendar week of a day, as in "2026-W15"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def is_delayed(owed_on: date, told_on: date, workdays: Workdays) -> bool:
    """Whether a reminder comes later than on the working day after the one it was owed on."""
    return told_on > workdays.after(owed_on, 1)


def quieted(planned_on: date | None, line: SlotLine, on: date) -> bool:
    """Whether a planned meeting that carries the channel keeps overdue and escalation quiet on a day.

    Until its own day, included. A meeting planned for after the grace comes too late to quiet anything.
    """
    return planned_on is not None and on <= planned_on <= line.slot.grace_ends_on


def stages_due(
    line: SlotLine,
    on: date,
    workdays: Workdays,
    quiet_until: date | None = None,
    planned_in_slot: bool = False,
    timing: Timing = DEFAULT_TIMING,
) -> tuple[Owed, ...]:
    """The stages owed on a day, in their order; the line must come from a ledger of that day.

    `quiet_until` is the day of the first planned meeting still to come that carries the channel,
    `planned_in_slot` says that one is to come inside the slot. A slot that is whole, or owes nothing, owes no
    reminder; a missed one owes only that news.
    """
    slot = line.slot
    if line.whole or line.outcome in (Outcome.NOT_OWED, Outcome.COMING):
        return ()
    if on <= slot.due_on:
        notice_on = max(slot.begins_on, workdays.before(slot.due_on, timing.notice))
        return (Owed(Stage.NOTICE, notice_on),) if notice_on <= on and not planned_in_slot else ()
    if on > slot.grace_ends_on:
        return (Owed(Stage.MISSED, slot.grace_ends_on + DAY),)
    if quieted(quiet_until, line, on):
        return ()
    owed = (
        Owed(Stage.OVERDUE, overdue_on(slot, workdays, timing)),
        Owed(Stage.ESCALATION, escalation_on(slot, workdays, timing)),
        *_weekly(slot, on, workdays, timing),
    )
    return tuple(one for one in owed if one.owed_on <= on)


def overdue_on(slot: Slot, workdays: Workdays, timing: Timing = DEFAULT_TIMING) -> date:
    """The day on which a slot begins to be reminded of as overdue."""
    return workdays.after(slot.due_on, timing.overdue)


def escalation_on(slot: Slot, workdays: Workdays, timing: Timing = DEFAULT_TIMING) -> date:
    """The tenth working day after the due date, or the last of half the grace if that is earlier.

    Never before the slot is reminded of as overdue.
    """
    half = slot.due_on + timedelta(days=slot.grace_days // 2)
    return max(overdue_on(slot, workdays, timing), min(workdays.after(slot.due_on, timing.escalation), half))


def timeline(slot: Slot, workdays: Workdays, timing: Timing = DEFAULT_TIMING) -> tuple[Owed, ...]:
    """All stages of a slot that nobody reviews and for which no meeting is planned, each with its day."""
    notice = Owed(Stage.NOTICE, max(slot.begins_on, workdays.before(slot.due_on, timing.notice)))
    found = [notice, Owed(Stage.OVERDUE, overdue_on(slot, workdays, timing))]
    found.append(Owed(Stage.ESCALATION, escalation_on(slot, workdays, timing)))
    day = slot.due_on + DAY
    while day <= slot.grace_ends_on:
        found += [one for one in _weekly(slot, day, workdays, timing) if one.owed_on == day]
        day += DAY
    return (
        *(one for one in found if one.owed_on <= slot.grace_ends_on),
        Owed(Stage.MISSED, slot.grace_ends_on + DAY),
    )


def _weekly(slot: Slot, on: date, workdays: Workdays, timing: Timing) -> tuple[Owed, ...]:
    """This week's reminder, from its first working day, in the weeks after that of the escalation."""
    monday = on - timedelta(days=on.weekday())
    if monday <= escalation_on(slot, workdays, timing):
        return ()
    return (Owed(Stage.WEEKLY, workdays.after(monday - DAY, 1), week_of(on)),)
