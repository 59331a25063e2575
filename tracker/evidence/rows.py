"""rows(): the one query of the evidence, some channels at a time, so that memory does not grow with their number."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import aliased

from tracker import clock, language
from tracker.evidence.columns import Mark, Row
from tracker.evidence.filters import Filters
from tracker.extensions import db
from tracker.models import Channel, Check, Explanation, MeetingHead, Rating, Review, ReviewDecision, Unit
from tracker.rules.closing import late_entered
from tracker.rules.ledger import Cell, Ledger
from tracker.rules.slots import Slot
from tracker.rules.words import Answer, Criterion, Decision, Level, Outcome
from tracker.standings import standings

AT_ONCE = 25  # channels read with one query a table
ORDER = {criterion: k for k, criterion in enumerate(Criterion)}


@dataclass(frozen=True, slots=True)
class Found:
    """One closed rating, in force or replaced, with what stands around it."""

    id: int
    channel_id: int
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
    checked: str


def rows(filters: Filters, on: date) -> Iterator[Row]:
    """The rows asked for as they stand on a day, by unit, channel, slot and criterion.

    One row an owed cell of a slot that has begun; beside it one row a rating that was replaced or discharges nothing.
    """
    zone, ids = language.zone(), _channel_ids(filters)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found, said = _ratings(some, on), _explanations(some, zone)
        by_id = {one.channel.id: one for one in standings(on, zone, channel_ids=some)}
        for one in (by_id[channel_id] for channel_id in some):
            key = one.channel.id
            made = _of_channel(one.channel, one.ledger, found[key], said[key], zone)
            yield from (row for row in made if filters.takes(row))


def page(filters: Filters, on: date, number: int, size: int) -> tuple[list[Row], int, int]:
    """The rows of one page, its number (from 1; the last page for a number beyond it), and how many rows there are."""
    number, total = max(1, number), 0
    wanted: list[Row] = []
    last: deque[Row] = deque(maxlen=size)
    for row in rows(filters, on):
        if (number - 1) * size <= total < number * size:
            wanted.append(row)
        last.append(row)
        total += 1
    pages = max(1, -(-total // size))
    if number > pages:
        wanted = list(last)[-(total - (pages - 1) * size) :] if total else []
    return wanted, min(number, pages), total


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


def _of_channel(
    channel: Channel,
    book: Ledger,
    found: Mapping[int, Found],
    said: Mapping[tuple[date, date], str],
    zone: str,
) -> list[Row]:
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
        checked=one.checked if one else "",
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
        Mark.LATE_ENTERED: late_entered(one.held_on, clock.day_of(one.entered_at, zone)),
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


def _ratings(channel_ids: Collection[int], until: date) -> defaultdict[int, dict[int, Found]]:
    """The closed ratings of each channel in meetings held until a day, by their ids."""
    newer = aliased(Review)
    query: Select[*tuple[Any, ...]] = (
        select(
            Rating.id, Review.channel_id, Rating.review_id, Review.meeting_id, Rating.criterion, Rating.level,
            Rating.reason, Rating.unchanged, Rating.entered_at, Review.closed_at, Review.replaces_id, newer.id,
            MeetingHead.held_on, ReviewDecision.decision, ReviewDecision.from_on, ReviewDecision.reason,
        )
        .join(Review, Rating.review_id == Review.id)
        .join(MeetingHead, and_(MeetingHead.meeting_id == Review.meeting_id, MeetingHead.in_force()))
        .outerjoin(newer, and_(newer.replaces_id == Review.id, newer.closed_at.is_not(None)))
        .outerjoin(ReviewDecision, ReviewDecision.review_id == Review.id)
        .where(Review.channel_id.in_(channel_ids), Review.closed_at.is_not(None), MeetingHead.held_on <= until)
    )  # fmt: skip
    checked = _checked(channel_ids)
    found: defaultdict[int, dict[int, Found]] = defaultdict(dict)
    for values in db.session.execute(query):
        review_id, criterion = values[2], values[4]
        said = checked.get(review_id, "") if criterion is Criterion.LEGALITY else ""
        one = Found(*(*values, said))
        found[one.channel_id][one.id] = one
    return found


def _checked(channel_ids: Collection[int]) -> dict[int, str]:
    """How many items of its checklist each review answered, such as "11/14", by its id."""
    answered = func.sum(case((Check.answer != Answer.NOT_CHECKED, 1), else_=0))
    query = (
        select(Check.review_id, answered, func.count())
        .join(Review, Check.review_id == Review.id)
        .where(Review.channel_id.in_(channel_ids), Check.answer.is_not(None))
        .group_by(Check.review_id)
    )
    return {review_id: f"{n}/{total}" for review_id, n, total in db.session.execute(query)}


def _explanations(
    channel_ids: Collection[int], zone: str
) -> defaultdict[int, defaultdict[tuple[date, date], str]]:
    """What was said on each slot of each channel, by its days: a line an explanation, with name and day."""
    query = (
        select(Explanation)
        .where(Explanation.channel_id.in_(channel_ids))
        .order_by(Explanation.at, Explanation.id)
    )
    found: defaultdict[int, defaultdict[tuple[date, date], str]] = defaultdict(lambda: defaultdict(str))
    for one in db.session.scalars(query):
        line = f"{one.text} ({one.by_name}, {clock.day_of(one.at, zone)})"
        slots, days = found[one.channel_id], (one.begins_on, one.due_on)
        slots[days] = f"{slots[days]}\n{line}" if slots[days] else line
    return found
