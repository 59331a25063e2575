"""What a decision, or a manager's change, does to a channel: how it is run from a day on, and so what it owes.

How a channel is run is kept as facts with a date, so that a day to come changes what is owed now and the state only on
that day. A state and a cadence are changed apart: each replaces what was planned of its own kind for that day or
later, and leaves the other alone (docs/promise.md, rule 2).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.rules import obligating
from tracker.rules.duties import Duty
from tracker.rules.obligating import RuleBroken, criteria_owed
from tracker.rules.slots import slot_on
from tracker.rules.words import ChannelState, Criterion, Decision

DAY = timedelta(days=1)
RESTING = frozenset({ChannelState.CRISIS_ONLY, ChannelState.DORMANT})
STATE_OF_DECISION = {
    Decision.CRISIS_ONLY: ChannelState.CRISIS_ONLY,
    Decision.DORMANT: ChannelState.DORMANT,
    Decision.REPLACE: ChannelState.CLOSED,
    Decision.CLOSE: ChannelState.CLOSED,
}


@dataclass(frozen=True)
class StateFrom:
    """From this day on a channel is run in this way."""

    from_on: date
    state: ChannelState


def state_on(states: Iterable[StateFrom], day: date) -> ChannelState:
    """How a channel is run on a day; before its first day it is planned."""
    begun = [one for one in states if one.from_on <= day]
    return max(begun, key=lambda one: one.from_on).state if begun else ChannelState.PLANNED


@dataclass(frozen=True)
class Promise:
    """From this day on an active channel is to be reviewed n times a year on these criteria."""

    from_on: date
    n: int
    criteria: frozenset[Criterion]


@dataclass(frozen=True)
class Course:
    """How a channel is run from which day on, and what it owes; both in the order of their days."""

    opened_on: date | None = None
    states: tuple[StateFrom, ...] = ()
    duties: tuple[Duty, ...] = ()

    @property
    def first_on(self) -> date | None:
        """The day it was opened, else the first one on which anything is known of it."""
        known = [one.from_on for one in self.states[:1]] + [one.from_on for one in self.duties[:1]]
        return self.opened_on or min(known, default=None)

    @property
    def promises(self) -> tuple[Promise, ...]:
        """What it owes while it is active: read from its duties, since a pause narrows them only for a while."""
        found: list[Promise] = []
        criteria = frozenset(Criterion)
        for duty in self.duties:
            if state_on(self.states, duty.from_on) is ChannelState.ACTIVE:
                criteria = duty.criteria
            if not found or (found[-1].n, found[-1].criteria) != (duty.n, criteria):
                found.append(Promise(duty.from_on, duty.n, criteria))
        return tuple(found)


@dataclass(frozen=True)
class Turn:
    """A change from a day on; None leaves the state, the cadence or the criteria as they are."""

    from_on: date
    state: ChannelState | None = None
    n: int | None = None
    criteria: frozenset[Criterion] | None = None


def turn_of(decision: Decision, from_on: date | None, course: Course) -> Turn | None:
    """What a decision changes; None for one that changes nothing, such as to continue with an active channel.

    RuleBroken "closed" where the channel is closed before that day already.
    """
    if from_on is None:
        return None
    if decision is Decision.CONTINUE:
        resumes = state_on(course.states, from_on) in RESTING
        return Turn(from_on, ChannelState.ACTIVE) if resumes else None
    state = STATE_OF_DECISION.get(decision)
    if state is None:
        return None
    turn = Turn(from_on, state)
    refuse_once_closed(course, turn)
    return turn


def refuse_once_closed(course: Course, turn: Turn) -> None:
    """A channel that is closed before that day can only be taken up again: else RuleBroken "closed"."""
    before = [one for one in course.states if one.from_on < turn.from_on]
    again = turn.state in {None, ChannelState.ACTIVE}
    if before and before[-1].state is ChannelState.CLOSED and not again:
        raise RuleBroken("closed", f"it is closed from {before[-1].from_on} on")


def decided(course: Course, decision: Decision, from_on: date | None, today: date) -> Course:
    """The course after a decision that is effective from a day on. RuleBroken as turn_of and turned say.

    A day before the channel's opening is refused, even for a decision that changes nothing.
    """
    if from_on is not None:
        _refuse_before_opening(course, from_on)
    turn = turn_of(decision, from_on, course)
    return turned(course, turn, today) if turn else course


def turned(course: Course, turn: Turn, today: date) -> Course:
    """The course after a change; the same one if it was so already.

    RuleBroken "before_opening", "slot_ended" where the day lies in a slot that has ended, "cadence" or "cadence_day".
    """
    day = turn.from_on
    _refuse_before_opening(course, day)
    states, promises = _states(course, turn), _promises(course, turn)
    duties = course.duties
    days = {day} | {one.from_on for one in states} | {one.from_on for one in promises}
    for at in sorted(one for one in days if one >= day) if promises else ():
        promise = _promise_on(promises, at)
        owed = criteria_owed(state_on(states, at), promise.criteria) if promise.from_on <= at else ()
        duties = obligating.change(duties, at, promise.n, owed)
    after = replace(course, states=states, duties=duties)
    if after != course:
        _refuse_ended_slot(course, after, promises, day, today)
    return after


Decided = tuple[Decision, date | None]


def redecided(course: Course, before: Decided | None, after: Decided | None, today: date) -> Course:
    """The course once a decision is corrected into another one, or withdrawn (None).

    First the old one is undone, then the new one does its part. RuleBroken as `undone` and `decided` say.
    """
    if before is not None:
        course = undone(course, before, today)
    return decided(course, *after, today) if after is not None else course


def undone(course: Course, before: Decided, today: date) -> Course:
    """The course without what a decision did: as on the day before again, unless something later replaced it.

    RuleBroken "slot_ended" where it took effect in a slot that has ended, which no change reaches.
    """
    begun = _begun_by(course, before)
    if begun is None:
        return course
    if begun == course.states[-1]:
        return turned(course, Turn(begun.from_on, state_on(course.states, begun.from_on - DAY)), today)
    _refuse_ended_slot(course, course, course.promises, begun.from_on, today)
    return course


def _begun_by(course: Course, before: Decided) -> StateFrom | None:
    """The state that a decision brought about, if it is still in the course; never the one a channel began with."""
    decision, from_on = before
    state = ChannelState.ACTIVE if decision is Decision.CONTINUE else STATE_OF_DECISION.get(decision)
    if from_on is None or state is None or StateFrom(from_on, state) not in course.states[1:]:
        return None
    resumed = state_on(course.states, from_on - DAY) in RESTING
    return StateFrom(from_on, state) if resumed or decision is not Decision.CONTINUE else None


def resumes(course: Course, day: date) -> bool:
    """Whether to continue means to take the channel up again: it is at rest on that day."""
    return state_on(course.states, day) in RESTING


def _states(course: Course, turn: Turn) -> tuple[StateFrom, ...]:
    if turn.state is None:
        return course.states
    kept = tuple(one for one in course.states if one.from_on < turn.from_on)
    if (kept[-1].state if kept else ChannelState.PLANNED) is turn.state:
        return kept
    return (*kept, StateFrom(turn.from_on, turn.state))


def _promises(course: Course, turn: Turn) -> tuple[Promise, ...]:
    promises = course.promises
    if turn.n is None and turn.criteria is None:
        return promises
    before = _promise_on(promises, turn.from_on) if promises else None
    n = turn.n or (before.n if before else None)
    if n is None:
        return promises
    criteria = before.criteria if before else frozenset(Criterion)
    kept = tuple(one for one in promises if one.from_on < turn.from_on)
    return (*kept, Promise(turn.from_on, n, criteria if turn.criteria is None else turn.criteria))


def _promise_on(promises: tuple[Promise, ...], day: date) -> Promise:
    """The one that holds on a day; before the first one begins, that one."""
    return next((one for one in reversed(promises) if one.from_on <= day), promises[0])


def _refuse_before_opening(course: Course, day: date) -> None:
    first = course.first_on
    if first is not None and day < first:
        raise RuleBroken("before_opening", f"{day} is before {first}, its first day")


def _refuse_ended_slot(
    before: Course, after: Course, promises: tuple[Promise, ...], day: date, today: date
) -> None:
    """The slots that count are those of every cadence that was or will be in force on the day."""
    cadences = {_promise_on(promises, day).n} if promises else set()
    cadences |= {one.n for one in (*before.duties, *after.duties) if one.in_force(day)}
    for n in sorted(cadences):
        slot = slot_on(day, n)
        if slot.due_on < today:
            raise RuleBroken("slot_ended", f"the slot of {day} ended on {slot.due_on}")
