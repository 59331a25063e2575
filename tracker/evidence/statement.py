"""The statement: what became of the promise in a quarter, half or year, for a committee or the public.

It names channels, days and decisions, never people and never their reasons. Its counts are those of the ledger.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from tracker.extensions import db
from tracker.models import Action, Channel, Explanation, MeetingHead, Review, ReviewDecision
from tracker.rules.ledger import Ledger, Rated, SlotLine, is_overdue
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Decision, Outcome
from tracker.standings import ChannelStanding, standings


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
        standings(on, zone, unit_ids), key=lambda one: (one.channel.unit.position, one.channel.unit_id)
    )
    decided, explained = _decisions(period, on), _explained()
    lines, outcomes, criteria, missed, afterwards = [], Counter[Outcome](), set(), 0, 0
    for one in found:
        owed = [line for line in one.ledger.lines if line.cells and _within(period, line.slot.due_on)]
        rated = [rating for rating in one.ledger.rated if _within(period, rating.held_on)]
        if not owed and not rated:
            continue
        line = _line(one, owed, rated, decided.get(one.channel.id, ()))
        outcomes.update(line.outcomes)
        criteria |= {rating.criterion for rating in rated}
        missed += sum(
            slot.outcome is Outcome.MISSED
            and (one.channel.id, slot.slot.begins_on, slot.slot.due_on) in explained
            for slot in owed
        )
        afterwards += sum(any(cell.entered_afterwards for cell in slot.cells) for slot in owed)
        lines.append(line)
    agreed, done = _actions(period, [one.channel for one in found])
    days = sorted({day for line in lines for day in line.days})
    said = tuple(one for one in Criterion if one in criteria)
    return Statement(period, on, tuple(lines), tuple(days), said, outcomes,
                     sum(line.overdue for line in lines), missed, afterwards, agreed, done)  # fmt: skip


def _line(
    one: ChannelStanding,
    owed: Sequence[SlotLine],
    rated: Sequence[Rated],
    decided: Sequence[tuple[Decision, date | None]],
) -> Line:
    channel = one.channel
    name = channel.platform if channel.name == channel.unit.name else f"{channel.platform} {channel.name}"
    overdue = sum(is_overdue(line, one.ledger.on) for line in owed)
    counts = Counter(line.outcome for line in owed if not is_overdue(line, one.ledger.on))
    held = {
        (cell.held_on, not line.whole) for line in owed for cell in line.cells if cell.held_on is not None
    }
    listed = sorted({rating.held_on for rating in rated})
    made_up = tuple(sorted(one for one in held if one[0] not in listed))
    before = _for_before(one.ledger, rated, owed)
    return Line(channel.unit.name, name, tuple(listed), before, made_up, counts, overdue, tuple(decided))


def _for_before(book: Ledger, rated: Iterable[Rated], owed: Sequence[SlotLine]) -> dict[date, Slot]:
    """The days whose ratings all discharged slots due before the period, with the last of these slots.

    A day on which something was also rated that discharges nothing else is no review of the period either.
    """
    within = {line.slot for line in owed}
    counted: dict[date, set[Slot]] = {}
    for rating in rated:
        counted.setdefault(rating.held_on, set()).update(book.discharging.get(rating.id, ()))
    return {day: max(slots) for day, slots in counted.items() if slots and not slots & within}


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


def _actions(period: Slot, channels: Iterable[Channel]) -> tuple[int, int]:
    query = select(func.count(), func.count(Action.done_on)).where(
        Action.channel_id.in_([one.id for one in channels]),
        Action.agreed_on >= period.begins_on,
        Action.agreed_on <= period.due_on,
    )
    agreed, done = db.session.execute(query).one()
    return agreed, done
