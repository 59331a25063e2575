"""rows(): the one query of the evidence, some channels at a time, so that memory does not grow with their number."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tracker import language
from tracker.evidence import portions, stored
from tracker.evidence.columns import Mark, Row
from tracker.evidence.filters import Filters
from tracker.evidence.portions import Portion, Span
from tracker.evidence.stored import Looked, Named, StoredRating
from tracker.rules.closing import late_entered
from tracker.rules.ledger import Cell, SlotLine
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Outcome
from tracker.steps import Step, unwatched

AT_FIRST = 25  # channels read with one query a table, until it is known how much there is of each
RATINGS_AT_ONCE = 6000  # about so many are held in memory
ORDER = {criterion: k for k, criterion in enumerate(Criterion)}
NO_CELL_MARKS: tuple[Mark, ...] = ()
NOT_ASKED = (None, None)
CHANNELS = "channels"  # what is counted


def rows(filters: Filters, on: date, step: Step = unwatched) -> Iterator[Row]:
    """The rows asked for as they stand on a day, by unit, channel, slot and criterion.

    One row an owed cell of a slot that has begun; beside it one row a rating that was replaced or discharges nothing.
    `step` is told of how many channels they were read.
    """
    ids = stored.channel_ids(filters)
    for nth, found in enumerate(by_channel(filters, ids, on), start=1):
        step(nth, len(ids), CHANNELS)
        yield from found


def by_channel(
    filters: Filters, ids: Sequence[int], on: date, at_first: int | None = None
) -> Iterator[list[Row]]:
    """The rows asked for of each of these channels, in their order; a channel without any gives an empty list.

    `at_first` channels are read together to begin with, for whoever expects to need few.
    """
    zone, takes, span = language.zone(), filters.test(), Span.of(filters, on)
    start, size = 0, at_first or AT_FIRST
    while start < len(ids):
        some = ids[start : start + size]
        channels, portion_of, ratings = portions.read(some, span, zone)
        for channel in channels:
            made = _of_channel(channel, portion_of[channel.id])
            yield made if takes is None else [row for row in made if takes(row)]
        start += size
        size = max(1, min(len(some) * RATINGS_AT_ONCE // max(ratings, 1), 2 * size))


def _of_channel(channel: Named, portion: Portion) -> list[Row]:
    reviews, ratings = portion.reviews, portion.ratings.get(channel.id, ())
    said, entered_on = portion.explanations.get(channel.id, {}), portion.entered_on
    by_id = {one.id: one for one in ratings}
    book = portion.ledger(channel.id)
    made, beside = [], set(by_id)
    for line in book.lines:
        slot = line.slot
        explained = said.get((slot.begins_on, slot.due_on), "") if said else ""
        for cell in line.cells:
            if cell.outcome is Outcome.COMING:
                continue
            if cell.rating_id is None:
                made.append(_open(channel, slot, cell, explained))
                continue
            beside.discard(cell.rating_id)
            one = by_id[cell.rating_id]
            review, day = reviews[one.review_id], entered_on[one.entered_at]
            made.append(_rated(channel, slot, cell.criterion, cell, one, review, day, explained))
    if beside:
        in_force = _in_force(ratings, reviews)
        for key in beside:
            one = by_id[key]
            review, day = reviews[one.review_id], entered_on[one.entered_at]
            slot_beside = _slot_of(one, review, in_force.get((review.meeting_id, one.criterion)), book.lines)
            made.append(_rated(channel, slot_beside, one.criterion, None, one, review, day, ""))
        made.sort(key=order)
    return made


def order(row: Row) -> tuple[Any, ...]:
    """The order of a channel's rows: by slot and criterion, what discharges nothing after what does."""
    never = date.max
    last, first = row.due_on or row.held_on or never, row.begins_on or row.held_on or never
    entered = row.closed_at.timestamp() if row.closed_at else 0
    return (
        last,
        first,
        row.n or 0,
        ORDER[row.criterion],
        row.outcome is None,
        row.held_on or never,
        entered,
        row.review_id or 0,
    )


def _open(channel: Named, slot: Slot, cell: Cell, explained: str) -> Row:
    """A cell that nothing has discharged."""
    return Row(
        channel.unit, channel.platform, channel.name, slot.begins_on, slot.due_on, slot.n, cell.criterion,
        cell.outcome, None, "", None, None, None, None, (), None, None, None, None, "", explained, None, None,
        channel.id,
    )  # fmt: skip


def _rated(
    channel: Named,
    slot: Slot | None,
    criterion: Criterion,
    cell: Cell | None,
    one: StoredRating,
    review: Looked,
    entered_on: date,
    explained: str,
) -> Row:
    begins_on, due_on, n = (slot.begins_on, slot.due_on, slot.n) if slot else (None, None, None)
    outcome, days_late = (cell.outcome, cell.days_late) if cell else (None, None)
    marks = _marks(one, review, cell, entered_on)
    checked = review.checked if criterion is Criterion.LEGALITY else NOT_ASKED
    return Row(
        channel.unit, channel.platform, channel.name, begins_on, due_on, n, criterion,
        outcome, one.level, one.reason, review.held_on, one.entered_at, review.closed_at, days_late, marks, *checked,
        review.decision, review.decided_from, review.decision_reason, explained, review.meeting_id, review.id,
        channel.id,
    )  # fmt: skip


def _marks(one: StoredRating, review: Looked, cell: Cell | None, entered_on: date) -> tuple[Mark, ...]:
    late = late_entered(review.held_on, entered_on)
    if cell is not None and not (review.replaces_id or one.unchanged or late or cell.entered_afterwards):
        return NO_CELL_MARKS
    true = {
        Mark.CORRECTION: review.replaces_id is not None,
        Mark.REPLACED: review.replaced,
        Mark.EXTRA: cell is None and not review.replaced,
        Mark.UNCHANGED: one.unchanged,
        Mark.LATE_ENTERED: late,
        Mark.ENTERED_AFTERWARDS: cell is not None and cell.entered_afterwards,
    }
    return tuple(mark for mark in Mark if true[mark])


def _in_force(
    ratings: Collection[StoredRating], reviews: Mapping[int, Looked]
) -> dict[tuple[int, Criterion], int]:
    """By meeting and criterion: the rating that no correction has replaced."""
    return {
        (reviews[one.review_id].meeting_id, one.criterion): one.id
        for one in ratings
        if not reviews[one.review_id].replaced
    }


def _slot_of(
    one: StoredRating, review: Looked, in_force_id: int | None, lines: Sequence[SlotLine]
) -> Slot | None:
    """Where a replaced or extra rating is shown: in the slot its successor discharges, else where it was held."""
    if in_force_id is not None:
        for line in lines:
            if any(cell.rating_id == in_force_id for cell in line.cells):
                return line.slot
    held_in = [line for line in lines if line.slot.begins_on <= review.held_on <= line.slot.due_on]
    owed = [line for line in held_in if any(cell.criterion is one.criterion for cell in line.cells)]
    return next((line.slot for line in (*owed, *held_in)), None)
