"""The statement: what became of the promise in a quarter, half or year, for a committee or the public.

It names channels, days and decisions, never people and never their reasons. Its counts are those of the ledger.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from tracker.extensions import db
from tracker.models import Action, Channel, Explanation, MeetingHead, Review, ReviewDecision
from tracker.rules.ledger import Ledger, SlotLine, is_overdue
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Decision, Outcome
from tracker.standings import ChannelStanding, outlines


@dataclass(frozen=True)
class Line:
    """One channel in the period: the days it was reviewed on, its slots by outcome, and what was decided.

    `open` among the outcomes leaves out what is `overdue`.
    """

    unit: str
    channel: str
    days: tuple[date, ...]
    for_before: Mapping[date, Slot]  # those of the days that counted for a slot due before the period alone
    made_up: tuple[
        tuple[date, bool], ...
    ]  # days after the period that discharged slots of it, whole or in part
    outcomes: Mapping[Outcome, int]
    overdue: int
    decisions: tuple[tuple[Decision, date | None], ...]

    @property
    def owed(self) -> int:
        """How many slots due in the period were owed."""
        return sum(self.outcomes.values()) + self.overdue

    @property
    def evaluated(self) -> bool:
        """Whether a review counts for the period, if only afterwards; one that counts for nothing else does, too."""
        return bool(self.made_up) or any(day not in self.for_before for day in self.days)


@dataclass(frozen=True)
class Statement:
    """The period as it stands on a day. `channels` are those that owed something or were reviewed in it."""

    period: Slot
    on: date
    lines: tuple[Line, ...]
    meetings: tuple[date, ...]
    criteria: tuple[Criterion, ...]  # on which something was rated
    outcomes: Mapping[Outcome, int]
    overdue: int  # not among the outcomes
    explained: int  # of the slots missed
    afterwards: int  # slots kept or late with something entered when they had counted as missed
    agreed: int  # actions agreed in the period
    done: int  # of them

    @property
    def evaluated(self) -> int:
        """How many channels were reviewed at least once for this period."""
        return sum(line.evaluated for line in self.lines)

    @property
    def owed(self) -> int:
        """How many slots were owed."""
        return sum(line.owed for line in self.lines)

    @property
    def decisions(self) -> dict[Decision, list[str]]:
        """Which channels each decision was about, in the order of the decisions."""
        found: dict[Decision, list[str]] = {}
        for decision in Decision:
            named = [line.channel for line in self.lines if decision in {one for one, _day in line.decisions}]
            if named:
                found[decision] = named
        return found


def statement(period: Slot, on: date, zone: str, unit_ids: frozenset[int] | None) -> Statement:
    """What became of the promise in a period, as it stands on a day, for channels of these units (None: all)."""
    found = sorted(
        outlines(on, unit_ids, zone), key=lambda one: (one.channel.unit.position, one.channel.unit_id)
    )
    decided, explained = _decisions(period, on), _explained()
    lines, outcomes, criteria, missed, afterwards = [], Counter[Outcome](), set[Criterion](), 0, 0
    in_period = _in_period(period)
    for one in found:
        book = in_period(one.ledger)
        if not book.owed and not book.criteria:
            continue
        lines.append(_line(one, book, decided.get(one.channel.id, ())))
        outcomes.update(book.outcomes)
        criteria |= book.criteria
        missed += sum((one.channel.id, slot.begins_on, slot.due_on) in explained for slot in book.missed)
        afterwards += book.afterwards
    agreed, done = _actions(period, unit_ids)
    days = sorted({day for line in lines for day in line.days})
    said = tuple(one for one in Criterion if one in criteria)
    return Statement(period, on, tuple(lines), tuple(days), said, outcomes,
                     sum(line.overdue for line in lines), missed, afterwards, agreed, done)  # fmt: skip


@dataclass(frozen=True)
class _Book:
    """What a ledger says of the period, once for all channels that share it; see Line."""

    owed: int
    outcomes: Counter[Outcome]
    overdue: int
    missed: tuple[Slot, ...]
    afterwards: int
    criteria: frozenset[Criterion]
    days: tuple[date, ...]
    for_before: Mapping[date, Slot]
    made_up: tuple[tuple[date, bool], ...]


def _in_period(period: Slot) -> Callable[[Ledger], _Book]:
    found: dict[int, _Book] = {}

    def book(of: Ledger) -> _Book:
        if id(of) not in found:
            found[id(of)] = _book(of, period)
        return found[id(of)]

    return book


def _book(of: Ledger, period: Slot) -> _Book:
    owed = [line for line in of.lines if line.cells and _within(period, line.slot.due_on)]
    rated = [one for one in of.rated if _within(period, one.held_on)]
    days = sorted({one.held_on for one in rated})
    held = {
        (cell.held_on, not line.whole) for line in owed for cell in line.cells if cell.held_on is not None
    }
    overdue = [line for line in owed if is_overdue(line, of.on)]
    return _Book(
        owed=len(owed),
        outcomes=Counter(line.outcome for line in owed if line not in overdue),
        overdue=len(overdue),
        missed=tuple(line.slot for line in owed if line.outcome is Outcome.MISSED),
        afterwards=sum(any(cell.entered_afterwards for cell in line.cells) for line in owed),
        criteria=frozenset(one.criterion for one in rated),
        days=tuple(days),
        for_before=_for_before(of, days, owed),
        made_up=tuple(sorted(one for one in held if one[0] not in days)),
    )


def _for_before(of: Ledger, days: Iterable[date], owed: Sequence[SlotLine]) -> dict[date, Slot]:
    """Those of the days that discharged cells, but none of the period, with the last of the slots discharged."""
    counted: dict[date, set[Slot]] = {day: set() for day in days}
    for line in of.lines:
        for cell in line.cells:
            if cell.held_on in counted:
                counted[cell.held_on].add(line.slot)
    within = {line.slot for line in owed}
    return {day: max(slots) for day, slots in counted.items() if slots and not slots & within}


def _line(one: ChannelStanding, book: _Book, decided: Sequence[tuple[Decision, date | None]]) -> Line:
    channel = one.channel
    name = channel.platform if channel.name == channel.unit.name else f"{channel.platform} {channel.name}"
    return Line(channel.unit.name, name, book.days, book.for_before, book.made_up, book.outcomes, book.overdue,
                tuple(decided))  # fmt: skip


def _within(period: Slot, day: date) -> bool:
    return period.begins_on <= day <= period.due_on


def _decisions(period: Slot, on: date) -> dict[int, list[tuple[Decision, date | None]]]:
    """By channel: what was decided in meetings of the period, corrections in the place of what they replaced."""
    replaced = select(Review.replaces_id).where(
        Review.replaces_id.is_not(None), Review.closed_at.is_not(None)
    )
    query = (
        select(Review.channel_id, ReviewDecision.decision, ReviewDecision.from_on)
        .join(ReviewDecision, ReviewDecision.review_id == Review.id)
        .join(MeetingHead, MeetingHead.meeting_id == Review.meeting_id)
        .where(MeetingHead.in_force(), Review.closed_at.is_not(None), Review.id.not_in(replaced))
        .where(MeetingHead.held_on >= period.begins_on, MeetingHead.held_on <= min(period.due_on, on))
        .order_by(MeetingHead.held_on, Review.id)
    )
    found: dict[int, list[tuple[Decision, date | None]]] = {}
    for channel_id, decision, from_on in db.session.execute(query):
        found.setdefault(channel_id, []).append((decision, from_on))
    return found


def _explained() -> set[tuple[int, date, date]]:
    query = select(Explanation.channel_id, Explanation.begins_on, Explanation.due_on).distinct()
    return {(channel_id, begins_on, due_on) for channel_id, begins_on, due_on in db.session.execute(query)}


def _actions(period: Slot, unit_ids: frozenset[int] | None) -> tuple[int, int]:
    """How many were agreed for channels of these units in the period, and how many of them are done."""
    query = select(func.count(), func.count(Action.done_on)).where(
        Action.channel_id.is_not(None),
        Action.agreed_on >= period.begins_on,
        Action.agreed_on <= period.due_on,
    )
    if unit_ids is not None:
        query = query.where(Action.channel.has(Channel.unit_id.in_(unit_ids)))
    agreed, done = db.session.execute(query).one()
    return agreed, done
