"""rows(): the one query of the evidence, a channel at a time, so that memory does not grow with their number."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from tracker import clock, language
from tracker.evidence.columns import Mark, Row
from tracker.evidence.filters import Filters
from tracker.extensions import db
from tracker.models import Channel, Explanation, MeetingHead, Rating, Review, ReviewDecision, Unit
from tracker.rules.ledger import Cell, Ledger
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Decision, Level, Outcome
from tracker.standings import standings

LATE_ENTERED_AFTER = 14  # days between the meeting and the moment its minutes were closed
ORDER = {criterion: k for k, criterion in enumerate(Criterion)}


@dataclass(frozen=True, slots=True)
class Found:
    """One closed rating, in force or replaced, with what stands around it."""

    id: int
    review_id: int
    meeting_id: int
    criterion: Criterion
    level: Level
    reason: str
    unchanged: bool
    entered_at: datetime
    closed_at: datetime
    replaces_id: int | None
    replaced_by_id: int | None
    held_on: date
    decision: Decision | None
    decided_from: date | None
    decision_reason: str | None


def rows(filters: Filters, on: date) -> Iterator[Row]:
    """The rows asked for as they stand on a day, by unit, channel, slot and criterion.

    One row an owed cell of a slot that has begun; beside it one row a rating that was replaced or discharges nothing.
    """
    zone = language.zone()
    for channel_id in _channel_ids(filters):
        for one in standings(on, zone, channel_id=channel_id):
            yield from (row for row in _of_channel(one.channel, one.ledger, zone) if filters.takes(row))


def count(filters: Filters, on: date) -> int:
    """How many rows there are."""
    return sum(1 for _row in rows(filters, on))


def page(filters: Filters, on: date, number: int, size: int) -> tuple[list[Row], int, int]:
    """The rows of one page, its number (from 1; the last page for a number beyond it), and how many rows there are."""
    total = count(filters, on)
    number = max(1, min(number, -(-total // size)))
    start = (number - 1) * size
    return list(islice(rows(filters, on), start, start + size)), number, total


def _channel_ids(filters: Filters) -> list[int]:
    query = select(Channel.id).join(Unit, Channel.unit_id == Unit.id)
    if filters.unit_ids is not None:
        query = query.where(Channel.unit_id.in_(filters.unit_ids))
    if filters.unit_id is not None:
        query = query.where(Channel.unit_id == filters.unit_id)
    if filters.channel_id is not None:
        query = query.where(Channel.id == filters.channel_id)
    if filters.platform is not None:
        query = query.where(Channel.platform == filters.platform)
    return list(db.session.scalars(query.order_by(Unit.position, Unit.id, Channel.position, Channel.id)))


def _of_channel(channel: Channel, book: Ledger, zone: str) -> list[Row]:
    found = _ratings(channel.id, book.on)
    said = _explanations(channel.id, zone)
    in_force = {
        (one.meeting_id, one.criterion): one.id for one in found.values() if one.replaced_by_id is None
    }
    made = [
        _row(channel, line.slot, cell.criterion, cell, found.get(cell.rating_id or 0), said, zone)
        for line in book.lines
        for cell in line.cells
        if cell.outcome is not Outcome.COMING
    ]
    for one in found.values():
        if one.replaced_by_id is not None or one.id not in book.discharging:
            slot = _slot_of(one, in_force.get((one.meeting_id, one.criterion)), book)
            made.append(_row(channel, slot, one.criterion, None, one, {}, zone))
    return sorted(made, key=_order)


def _order(row: Row) -> tuple[Any, ...]:
    never = date.max
    last, first = row.due_on or row.held_on or never, row.begins_on or row.held_on or never
    entered = row.closed_at.timestamp() if row.closed_at else 0
    beside = row.outcome is None
    return (
        last,
        first,
        row.n or 0,
        ORDER[row.criterion],
        beside,
        row.held_on or never,
        entered,
        row.review_id or 0,
    )


def _row(
    channel: Channel,
    slot: Slot | None,
    criterion: Criterion,
    cell: Cell | None,
    one: Found | None,
    said: Mapping[tuple[date, date], str],
    zone: str,
) -> Row:
    return Row(
        unit=channel.unit.name,
        platform=channel.platform,
        channel=channel.name,
        begins_on=slot.begins_on if slot else None,
        due_on=slot.due_on if slot else None,
        n=slot.n if slot else None,
        criterion=criterion,
        outcome=cell.outcome if cell else None,
        level=one.level if one else None,
        reason=one.reason if one else "",
        held_on=one.held_on if one else None,
        entered_at=one.entered_at if one else None,
        closed_at=one.closed_at if one else None,
        days_late=cell.days_late if cell and one else None,
        marks=_marks(one, cell, zone) if one else (),
        decision=one.decision if one else None,
        decided_from=one.decided_from if one else None,
        decision_reason=(one.decision_reason or "") if one else "",
        explanation=said.get((slot.begins_on, slot.due_on), "") if slot else "",
        meeting_id=one.meeting_id if one else None,
        review_id=one.review_id if one else None,
        channel_id=channel.id,
    )


def _marks(one: Found, cell: Cell | None, zone: str) -> tuple[Mark, ...]:
    replaced = one.replaced_by_id is not None
    true = {
        Mark.CORRECTION: one.replaces_id is not None,
        Mark.REPLACED: replaced,
        Mark.EXTRA: cell is None and not replaced,
        Mark.UNCHANGED: one.unchanged,
        Mark.LATE_ENTERED: (clock.day_of(one.entered_at, zone) - one.held_on).days > LATE_ENTERED_AFTER,
        Mark.ENTERED_AFTERWARDS: cell is not None and cell.entered_afterwards,
    }
    return tuple(mark for mark in Mark if true[mark])


def _slot_of(one: Found, in_force_id: int | None, book: Ledger) -> Slot | None:
    """Where a replaced or extra rating is shown: in the slot its successor discharges, else where it was held."""
    discharged = book.discharging.get(in_force_id or 0)
    if discharged:
        return discharged[0]
    held_in = [line for line in book.lines if line.slot.begins_on <= one.held_on <= line.slot.due_on]
    owed = [line for line in held_in if any(cell.criterion is one.criterion for cell in line.cells)]
    return next((line.slot for line in (*owed, *held_in)), None)


def _ratings(channel_id: int, until: date) -> dict[int, Found]:
    newer = aliased(Review)
    query: Select[*tuple[Any, ...]] = (
        select(
            Rating.id, Rating.review_id, Review.meeting_id, Rating.criterion, Rating.level, Rating.reason,
            Rating.unchanged, Rating.entered_at, Review.closed_at, Review.replaces_id, newer.id, MeetingHead.held_on,
            ReviewDecision.decision, ReviewDecision.from_on, ReviewDecision.reason,
        )
        .join(Review, Rating.review_id == Review.id)
        .join(MeetingHead, and_(MeetingHead.meeting_id == Review.meeting_id, ~MeetingHead.replaced))
        .outerjoin(newer, and_(newer.replaces_id == Review.id, newer.closed_at.is_not(None)))
        .outerjoin(ReviewDecision, ReviewDecision.review_id == Review.id)
        .where(Review.channel_id == channel_id, Review.closed_at.is_not(None), MeetingHead.held_on <= until)
    )  # fmt: skip
    return {values[0]: Found(*values) for values in db.session.execute(query)}


def _explanations(channel_id: int, zone: str) -> dict[tuple[date, date], str]:
    """What was said on each slot, by its days: a line an explanation, with name and day."""
    query = (
        select(Explanation)
        .where(Explanation.channel_id == channel_id)
        .order_by(Explanation.at, Explanation.id)
    )
    found: defaultdict[tuple[date, date], list[str]] = defaultdict(list)
    for one in db.session.scalars(query):
        found[one.begins_on, one.due_on].append(f"{one.text} ({one.by_name}, {clock.day_of(one.at, zone)})")
    return {days: "\n".join(lines) for days, lines in found.items()}
