"""The closed vocabularies of the product, each value as it is stored and spoken.

The order of members is the order in which they are shown, and, where a rule says "the first of", the
order of that rule.
"""

from enum import StrEnum, auto


class Criterion(StrEnum):
    """What a channel is reviewed on."""

    COST_BENEFIT = auto()
    LEGALITY = auto()
    STRATEGY = auto()


class Level(StrEnum):
    """The verdict of a rating."""

    CLEAR = auto()
    REMARK = auto()
    OBJECTION = auto()


class Answer(StrEnum):
    """What a review answers to an item of the legality checklist."""

    MET = auto()
    PARTLY = auto()
    NOT_MET = auto()
    NOT_APPLICABLE = auto()
    NOT_CHECKED = auto()


class Outcome(StrEnum):
    """What became of a slot or of one of its cells; worst first (docs/promise.md, rule 3)."""

    MISSED = auto()
    OPEN = auto()
    COMING = auto()
    LATE = auto()
    KEPT = auto()
    NOT_OWED = auto()


class Standing(StrEnum):
    """How a channel stands on a day (docs/promise.md, rule 6)."""

    CURRENT = auto()
    DUE_SOON = auto()
    OVERDUE = auto()
    NOT_OWED = auto()


class Decision(StrEnum):
    """What a review decides about its channel."""

    CONTINUE = auto()
    ADJUST = auto()
    CRISIS_ONLY = auto()
    DORMANT = auto()
    REPLACE = auto()
    CLOSE = auto()


class ChannelState(StrEnum):
    """In which way a channel is run."""

    PLANNED = auto()
    ACTIVE = auto()
    CRISIS_ONLY = auto()
    DORMANT = auto()
    CLOSED = auto()


class Stage(StrEnum):
    """The occasion of a reminder, in the order in which they come."""

    NOTICE = auto()
    OVERDUE = auto()
    ESCALATION = auto()
    WEEKLY = auto()
    MISSED = auto()


class WhyUntold(StrEnum):
    """Why a reminder that was owed was not told."""

    PLANNED = auto()  # a meeting is planned
    NOBODY = auto()  # there is nobody who could be told
    INACTIVE = auto()  # the account is deactivated
    NO_ADDRESS = auto()  # mail cannot reach whoever it is
    MAY_NOT = auto()  # the person has no role that could act in the unit


class Role(StrEnum):
    """What a person may be in this installation."""

    EDITOR = auto()
    MANAGER = auto()
    AUDITOR = auto()
    ADMIN = auto()
