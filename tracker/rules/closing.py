"""What still stands in the way of closing a meeting, in one list (docs/logging.md).

A review is half-filled if it has a reason without a level, or an action or a decision that lacks a part.
A criterion without a level and a reason was not discussed, which is no obstacle.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, auto
from typing import NamedTuple

from tracker.rules.judgement import Fault, clean, faults
from tracker.rules.words import Criterion, Decision, Level

LATE_ENTERED_AFTER_DAYS = 14


class ObstacleKind(StrEnum):
    """Why a field keeps the meeting from being closed."""

    MISSING = auto()
    IN_FUTURE = auto()
    NOT_SAID = auto()
    NOTHING_RATED = auto()
    LEVEL_MISSING = auto()
    REASON_MISSING = auto()
    ACTION_MISSING = auto()
    CHECK_NOT_MET = auto()
    BEFORE_MEETING = auto()
    DECISION_MISSING = auto()


@dataclass(frozen=True)
class Obstacle:
    """A field, by its key such as "channel-7.action-1.owner", and what is the matter with it."""

    where: str
    what: ObstacleKind


class Verdict(NamedTuple):
    """What was typed for one criterion; `unchanged` carries the old level and reason."""

    level: Level | None = None
    reason: str = ""
    unchanged: bool = False
    check_not_met: bool = False


@dataclass(frozen=True)
class ActionLine:
    """What was typed for one action; a line left blank is skipped, but keeps its number."""

    what: str = ""
    owner: str = ""
    due_on: date | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing was typed."""
        return not (clean(self.what) or clean(self.owner) or self.due_on)

    @property
    def complete(self) -> bool:
        """Whether it says what, by whom and by when."""
        return bool(clean(self.what) and clean(self.owner) and self.due_on)


@dataclass(frozen=True)
class DecisionLine:
    """What was typed for the decision; only replacing a channel names a successor."""

    decision: Decision | None = None
    from_on: date | None = None
    reason: str = ""
    successor: str = ""


@dataclass(frozen=True)
class Row:
    """One channel in the meeting; `open_action` says that an action of an earlier meeting is still open."""

    channel_key: str
    ratings: Mapping[Criterion, Verdict]
    actions: tuple[ActionLine, ...] = ()
    decision: DecisionLine = field(default_factory=DecisionLine)
    open_action: bool = False


@dataclass(frozen=True)
class Head:
    """When the meeting was held and who took part; `excused_said` is also true for "nobody"."""

    held_on: date | None
    chair: str
    minute_taker: str
    present: tuple[str, ...]
    excused_said: bool


def obstacles(head: Head, rows: Iterable[Row], today: date) -> tuple[Obstacle, ...]:
    """Everything in the way, in the order of the page; the meeting can be closed if there is nothing."""
    listed = tuple(rows)
    found = list(_of_head(head, today))
    if not any(verdict.level for row in listed for verdict in row.ratings.values()):
        found.append(Obstacle("ratings", ObstacleKind.NOTHING_RATED))
    for row in listed:
        found += _of_ratings(row)
        found += _of_decision(row)
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
    if not clean(head.chair):
        yield Obstacle("chair", ObstacleKind.MISSING)
    if not clean(head.minute_taker):
        yield Obstacle("minute_taker", ObstacleKind.MISSING)
    if not any(clean(name) for name in head.present):
        yield Obstacle("present", ObstacleKind.MISSING)
    if not head.excused_said:
        yield Obstacle("excused", ObstacleKind.NOT_SAID)


FIELD_OF_FAULT: Mapping[Fault, tuple[str, ObstacleKind]] = {
    Fault.REASON_MISSING: ("reason", ObstacleKind.REASON_MISSING),
    Fault.ACTION_MISSING: ("action", ObstacleKind.ACTION_MISSING),
    Fault.CHECK_NOT_MET: ("level", ObstacleKind.CHECK_NOT_MET),
}


def _of_ratings(row: Row) -> Iterator[Obstacle]:
    """One complete action of the channel answers all of its objections."""
    has_action = row.open_action or any(action.complete for action in row.actions)
    for criterion in Criterion:
        verdict = row.ratings.get(criterion, Verdict())
        where = f"{row.channel_key}.{criterion}"
        if verdict.level is None and (verdict.unchanged or clean(verdict.reason)):
            yield Obstacle(f"{where}.level", ObstacleKind.LEVEL_MISSING)
        for fault in faults(
            verdict.level,
            verdict.reason,
            has_action,
            verdict.unchanged,
            check_not_met=verdict.check_not_met and criterion is Criterion.LEGALITY,
        ):
            name, kind = FIELD_OF_FAULT[fault]
            yield Obstacle(f"{where}.{name}", kind)


def _of_decision(row: Row) -> Iterator[Obstacle]:
    """To continue needs neither a day nor a reason; every other decision needs both."""
    line, where = row.decision, f"{row.channel_key}.decision"
    if line.decision is None:
        if line.from_on or clean(line.reason) or clean(line.successor):
            yield Obstacle(where, ObstacleKind.DECISION_MISSING)
        return
    if line.decision is Decision.CONTINUE:
        return
    if line.from_on is None:
        yield Obstacle(f"{where}.from_on", ObstacleKind.MISSING)
    if not clean(line.reason):
        yield Obstacle(f"{where}.reason", ObstacleKind.REASON_MISSING)
    if line.decision is Decision.REPLACE and not clean(line.successor):
        yield Obstacle(f"{where}.successor", ObstacleKind.MISSING)


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
