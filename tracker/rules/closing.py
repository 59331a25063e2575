"""What still stands in the way of closing a meeting, in one list (docs/logging.md).

A review is half-filled if it has a reason without a level, or an action or a decision that lacks a part.
A criterion without a level and a reason was not discussed, which is no obstacle.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from tracker.rules.checking import CheckFault, check_faults
from tracker.rules.deciding import Course, decided, resumes, state_on
from tracker.rules.judgement import Fault, clean, faults
from tracker.rules.log import Head, Obstacle, ObstacleKind, Row, Verdict
from tracker.rules.obligating import RuleBroken
from tracker.rules.words import ChannelState, Criterion, Decision

LATE_ENTERED_AFTER_DAYS = 14


def obstacles(
    head: Head,
    rows: Iterable[Row],
    today: date,
    courses: Mapping[str, Course] = MappingProxyType({}),
    all_checks: bool = False,
) -> tuple[Obstacle, ...]:
    """Everything in the way, in the order of the page; the meeting can be closed if there is nothing.

    `courses` tell, by the key of the channel, how those are run that a decision is on or names. `all_checks`: the
    organisation wants every item of the checklist answered where legality is rated.
    """
    listed = tuple(rows)
    then = {**courses, **{row.channel_key: _after(row, courses, today) for row in listed}}
    found = list(_of_head(head, today))
    if not any(verdict.level for row in listed for verdict in row.ratings.values()):
        found.append(Obstacle("ratings", ObstacleKind.NOTHING_RATED))
    for row in listed:
        found += _of_ratings(row)
        found += _of_checks(row, all_checks)
        found += _of_decision(row, courses.get(row.channel_key, Course()), head.held_on or today, today)
        found += _of_successor(row, then)
        found += _of_actions(row, head.held_on)
    return tuple(found)


def late_entered(held_on: date, closed_on: date) -> bool:
    """Whether a meeting was closed more than 14 days after it was held."""
    return (closed_on - held_on).days > LATE_ENTERED_AFTER_DAYS


def _of_head(head: Head, today: date) -> Iterator[Obstacle]:
    if head.held_on is None:
        yield Obstacle("held_on", ObstacleKind.MISSING)
    elif head.held_on > today:
        yield Obstacle("held_on", ObstacleKind.IN_FUTURE)
    if head.begins_at and head.ends_at and head.ends_at < head.begins_at:
        yield Obstacle("ends_at", ObstacleKind.ENDS_BEFORE)
    if not clean(head.chair):
        yield Obstacle("chair", ObstacleKind.MISSING)
    if not clean(head.minute_taker):
        yield Obstacle("minute_taker", ObstacleKind.MISSING)
    if not any(clean(name) for name in head.present):
        yield Obstacle("present", ObstacleKind.MISSING)
    if not head.excused and not head.nobody_excused:
        yield Obstacle("excused", ObstacleKind.NOT_SAID)
    if head.excused and head.nobody_excused:
        yield Obstacle("excused", ObstacleKind.SOMEBODY_EXCUSED)
    if set(head.excused) & set(head.present):
        yield Obstacle("excused", ObstacleKind.PRESENT_TOO)


FIELD_OF_FAULT: Mapping[Fault, tuple[str, ObstacleKind]] = {
    Fault.REASON_MISSING: ("reason", ObstacleKind.REASON_MISSING),
    Fault.ACTION_MISSING: ("action", ObstacleKind.ACTION_MISSING),
    Fault.CHECK_NOT_MET: ("level", ObstacleKind.CHECK_NOT_MET),
}


def _of_ratings(row: Row) -> Iterator[Obstacle]:
    """One complete action answers all objections of the channel; to an unchanged one also an action still open."""
    agreed = any(action.complete for action in row.actions)
    for criterion in Criterion:
        verdict = row.ratings.get(criterion, Verdict())
        where = f"{row.channel_key}.{criterion}"
        if verdict.level is None and verdict.unchanged:
            yield Obstacle(f"{where}.level", ObstacleKind.NEVER_RATED)
        elif verdict.level is None and clean(verdict.reason):
            yield Obstacle(f"{where}.level", ObstacleKind.LEVEL_MISSING)
        for fault in faults(
            verdict.level,
            verdict.reason,
            agreed or (verdict.unchanged and row.open_action),
            verdict.unchanged,
            check_not_met=verdict.check_not_met and criterion is Criterion.LEGALITY,
        ):
            name, kind = FIELD_OF_FAULT[fault]
            yield Obstacle(f"{where}.{name}", kind)


OF_CHECK: Mapping[CheckFault, tuple[str, ObstacleKind]] = {
    CheckFault.NOTE_MISSING: (".note", ObstacleKind.NOTE_MISSING),
    CheckFault.ANSWER_MISSING: ("", ObstacleKind.ANSWER_MISSING),
    CheckFault.UNCHECKED: ("", ObstacleKind.UNCHECKED),
}


def _of_checks(row: Row, all_checks: bool) -> Iterator[Obstacle]:
    """An answer belongs to a verdict on its criterion; unchecked items are asked for only where legality is rated."""
    rated = {criterion for criterion, verdict in row.ratings.items() if verdict.level}
    for criterion in Criterion:
        verdict = row.ratings.get(criterion, Verdict())
        said = any(line.said for line in row.checks if line.criterion is criterion)
        if said and verdict.level is None and not clean(verdict.reason) and not verdict.unchanged:
            yield Obstacle(f"{row.channel_key}.{criterion}.level", ObstacleKind.CHECKS_WITHOUT_LEVEL)
    for line, fault in check_faults(row.checks, all_checks and Criterion.LEGALITY in rated):
        part, kind = OF_CHECK[fault]
        yield Obstacle(f"{row.channel_key}.{line.key}{part}", kind)


OF_RULE: Mapping[str, ObstacleKind] = {
    "before_opening": ObstacleKind.BEFORE_OPENING,
    "slot_ended": ObstacleKind.SLOT_ENDED,
    "closed": ObstacleKind.CLOSED_BEFORE,
}


def _of_decision(row: Row, course: Course, held_on: date, today: date) -> Iterator[Obstacle]:
    """To continue needs neither a day nor a reason, unless it takes the channel up again; all others need both."""
    line, where = row.decision, f"{row.channel_key}.decision"
    if line.decision is None:
        if line.from_on or clean(line.reason) or clean(line.successor):
            yield Obstacle(where, ObstacleKind.DECISION_MISSING)
        return
    resumed = line.decision is Decision.CONTINUE and resumes(course, line.from_on or held_on)
    if line.decision is not Decision.CONTINUE or resumed:
        if line.from_on is None:
            missing = ObstacleKind.RESUMES_WHEN if resumed else ObstacleKind.MISSING
            yield Obstacle(f"{where}.from_on", missing)
        if not clean(line.reason):
            yield Obstacle(f"{where}.reason", ObstacleKind.REASON_MISSING)
    try:
        decided(course, line.decision, line.from_on, today)
    except RuleBroken as broken:
        yield Obstacle(f"{where}.from_on", OF_RULE[broken.rule])


def _of_successor(row: Row, then: Mapping[str, Course]) -> Iterator[Obstacle]:
    """A successor is another channel, and one that is there from that day on, even after this meeting."""
    line, where = row.decision, f"{row.channel_key}.decision.successor"
    if line.decision is not Decision.REPLACE:
        return
    successor = f"channel-{clean(line.successor)}"
    if not clean(line.successor):
        yield Obstacle(where, ObstacleKind.MISSING)
    elif successor == row.channel_key:
        yield Obstacle(where, ObstacleKind.SUCCESSOR_ITSELF)
    elif line.from_on and state_on(then.get(successor, Course()).states, line.from_on) is ChannelState.CLOSED:
        yield Obstacle(where, ObstacleKind.SUCCESSOR_CLOSED)


def _after(row: Row, courses: Mapping[str, Course], today: date) -> Course:
    """How the channel is run once the meeting is closed; as before where its decision does not do."""
    course = courses.get(row.channel_key, Course())
    try:
        return decided(course, row.decision.decision or Decision.ADJUST, row.decision.from_on, today)
    except RuleBroken:
        return course


def _of_actions(row: Row, held_on: date | None) -> Iterator[Obstacle]:
    for number, action in enumerate(row.actions, start=1):
        if action.blank:
            continue
        where = f"{row.channel_key}.action-{number}"
        if not clean(action.what):
            yield Obstacle(f"{where}.what", ObstacleKind.MISSING)
        if not clean(action.owner):
            yield Obstacle(f"{where}.owner", ObstacleKind.MISSING)
        if action.due_on is None:
            yield Obstacle(f"{where}.due_on", ObstacleKind.MISSING)
        elif held_on is not None and action.due_on < held_on:
            yield Obstacle(f"{where}.due_on", ObstacleKind.BEFORE_MEETING)
