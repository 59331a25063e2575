"""The legality checklist and the prompts: which wording is asked where and when, and what an answer still lacks.

docs/looking.md says the same in words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto
from typing import Protocol, TypeVar

from tracker.rules.judgement import clean
from tracker.rules.words import Answer, Criterion

NEEDS_NOTE = frozenset({Answer.PARTLY, Answer.NOT_MET})
OPEN = frozenset({None, Answer.NOT_CHECKED})
STALE_AFTER_DAYS = 365


class Placed(Protocol):
    """What decides where something is asked: None everywhere, an empty set nowhere; units are ids as text."""

    @property
    def platforms(self) -> frozenset[str] | None: ...
    @property
    def unit_ids(self) -> frozenset[str] | None: ...


class Dated(Placed, Protocol):
    """What of a wording decides when and where it is asked."""

    @property
    def number(self) -> int: ...
    @property
    def from_on(self) -> date: ...
    @property
    def until_on(self) -> date | None: ...


W = TypeVar("W", bound=Dated)


def in_force(wordings: Iterable[W], day: date) -> W | None:
    """The wording of an item that is asked on a day: the newest that has begun, unless it has ended."""
    begun = [one for one in wordings if one.from_on <= day]
    newest = max(begun, key=lambda one: one.number, default=None)
    ended = newest is not None and newest.until_on is not None and newest.until_on < day
    return None if ended else newest


def asks(wording: Placed, platform: str, unit_id: int) -> bool:
    """Whether it is asked of a channel on this platform of this unit; platforms are compared without case."""
    platforms, units = wording.platforms, wording.unit_ids
    of_platform = platforms is None or platform.casefold() in {one.casefold() for one in platforms}
    return of_platform and (units is None or str(unit_id) in units)


def stale(checked_on: date | None, on: date) -> bool:
    """Whether an item was really looked at more than a year ago; one never looked at is not stale but open."""
    return checked_on is not None and on - checked_on > timedelta(days=STALE_AFTER_DAYS)


@dataclass(frozen=True)
class CheckLine:
    """What was typed on one item of a channel: no answer is "not checked". A prompt has no answers, only a note.

    `confirmed`: as last time, not newly looked at; then `checked_on` is the day it was looked at last.
    """

    key: str  # of the field, such as "check-4"
    answer: Answer | None = None
    note: str = ""
    criterion: Criterion = Criterion.LEGALITY
    wording_id: int = 0
    confirmed: bool = False
    checked_on: date | None = None

    @property
    def said(self) -> bool:
        """Whether anything was typed."""
        return self.answer is not None or bool(clean(self.note))


class CheckFault(StrEnum):
    """What an answer lacks."""

    NOTE_MISSING = auto()
    ANSWER_MISSING = auto()
    UNCHECKED = auto()


def check_faults(lines: Sequence[CheckLine], all_required: bool) -> tuple[tuple[CheckLine, CheckFault], ...]:
    """What keeps a legality rating from being complete: partly and not met say why; a note belongs to an answer.

    Items not checked are no fault unless the organisation requires all of them.
    """
    found = []
    for line in (one for one in lines if one.criterion is Criterion.LEGALITY):
        if line.answer in NEEDS_NOTE and not clean(line.note):
            found.append((line, CheckFault.NOTE_MISSING))
        elif line.answer in OPEN and clean(line.note):
            found.append((line, CheckFault.ANSWER_MISSING))
        elif line.answer in OPEN and all_required:
            found.append((line, CheckFault.UNCHECKED))
    return tuple(found)


def counted(answers: Iterable[Answer | None]) -> tuple[int, int]:
    """How many items were checked, of how many: "11 of 14 checked". Not applicable counts as checked."""
    listed = list(answers)
    return sum(one not in OPEN for one in listed), len(listed)
