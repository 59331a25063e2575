"""What a meeting's log says, as plain values, and what can be the matter with one of its fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum, auto
from typing import NamedTuple

from tracker.rules.checking import CheckLine
from tracker.rules.judgement import clean
from tracker.rules.words import Criterion, Decision, Level


class ObstacleKind(StrEnum):
    """Why a field keeps the meeting from being closed."""

    MISSING = auto()
    IN_FUTURE = auto()
    NOT_SAID = auto()
    ENDS_BEFORE = auto()
    PRESENT_TOO = auto()
    SOMEBODY_EXCUSED = auto()
    NOTHING_RATED = auto()
    LEVEL_MISSING = auto()
    REASON_MISSING = auto()
    ACTION_MISSING = auto()
    CHECK_NOT_MET = auto()
    NOTE_MISSING = auto()
    ANSWER_MISSING = auto()
    UNCHECKED = auto()
    CHECKS_WITHOUT_LEVEL = auto()
    BEFORE_MEETING = auto()
    DECISION_MISSING = auto()
    NEVER_RATED = auto()
    RESUMES_WHEN = auto()
    BEFORE_OPENING = auto()
    SLOT_ENDED = auto()
    CLOSED_BEFORE = auto()
    SUCCESSOR_ITSELF = auto()
    SUCCESSOR_CLOSED = auto()


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
    checks: tuple[CheckLine, ...] = ()  # everything that the channel is asked


@dataclass(frozen=True)
class Head:
    """When the meeting was held and who took part; `nobody_excused` is ticked. Times are local."""

    held_on: date | None
    chair: str
    minute_taker: str
    present: tuple[str, ...]
    excused: tuple[str, ...] = ()
    nobody_excused: bool = False
    begins_at: time | None = None
    ends_at: time | None = None
