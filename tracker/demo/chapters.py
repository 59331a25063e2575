"""What can happen in the demo: the kinds of chapters its story is made of, as plain values with their days.

All days are in the organisation's zone, all times are local. Channels and people are named by their keys in the story.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from tracker.rules.words import Criterion, Decision, Level

Said = Mapping[str, Mapping[Criterion, tuple[Level, str]]]


@dataclass(frozen=True)
class Chapter:
    """Something that happens on a day, at a local time."""

    on: date
    at: time


@dataclass(frozen=True)
class Plan(Chapter):
    """A meeting is planned for a day, with these channels on its agenda."""

    meets_on: date
    channels: tuple[str, ...]
    place: str = "Raum 4.12"


@dataclass(frozen=True)
class Agreed:
    """An action agreed in a meeting."""

    channel: str
    what: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class Decided:
    """What becomes of a channel, from when, why. Closing the meeting does it."""

    channel: str
    decision: Decision
    from_on: date
    reason: str


@dataclass(frozen=True)
class Close(Chapter):
    """A planned meeting, held as planned, is closed.

    Channels of its agenda are rated clear on every criterion they owe, except what `said` tells and `skipped` leaves
    out; an empty tuple leaves out the whole channel.
    """

    meets_on: date
    said: Said = field(default_factory=dict)
    skipped: Mapping[str, tuple[Criterion, ...]] = field(default_factory=dict)
    excused: tuple[str, ...] = ()
    actions: tuple[Agreed, ...] = ()
    decisions: tuple[Decided, ...] = ()
    guests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Correct(Chapter):
    """One rating of a closed meeting is replaced, with a reason."""

    meets_on: date
    channel: str
    criterion: Criterion
    level: Level
    words: str
    reason: str
    by: str


@dataclass(frozen=True)
class Explain(Chapter):
    """A manager explains a missed slot, told by its key."""

    channel: str
    slot: str
    words: str


@dataclass(frozen=True)
class Finish(Chapter):
    """An action is done; it is known by its first words."""

    what: str
    by: str
    note: str


@dataclass(frozen=True)
class Reopen(Chapter):
    """An action is not done after all; it is known by its first words."""

    what: str
    by: str
    reason: str


@dataclass(frozen=True)
class Move(Chapter):
    """An action is due on another day; it is known by its first words."""

    what: str
    by: str
    due_on: date
    reason: str


@dataclass(frozen=True)
class Prepare(Chapter):
    """Somebody types a reason for a meeting to come: it stays a draft."""

    meets_on: date
    channel: str
    criterion: Criterion
    level: Level
    words: str
    by: str


def tuesday(year: int, month: int, day: int) -> date:
    """The Tuesday on that date or the first one after it.

    So the story can be told of any year: a meeting never falls on a weekend and stays in its quarter, or its grace.
    """
    named = date(year, month, day)
    return named + timedelta(days=(1 - named.weekday()) % 7)
