"""What the minutes say on one channel: its review and the corrections of it, what they discharged, and their marks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.extensions import db
from tracker.models import Action, Channel, Check, CheckWording, Meeting, Rating, Review, ReviewDecision
from tracker.rules.closing import late_entered
from tracker.rules.ledger import Cell, Ledger, SlotLine
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion
from tracker.standings import ChannelStanding


class Mark(StrEnum):
    """What is to be known about a rating in force besides its verdict (docs/promise.md, rules 4 and 5)."""

    EXTRA = auto()  # it discharges nothing
    ENTERED_LATE = auto()  # more than two weeks after the meeting, which itself was closed in time
    ENTERED_AFTERWARDS = auto()  # when the grace of its slot was over


@dataclass(frozen=True)
class Discharged:
    """A slot of which the meeting discharged these criteria.

    `alone`: they are all that was owed. `completed`: nothing is left of the slot, and no later meeting had to help.
    """

    slot: Slot
    criteria: tuple[Criterion, ...]
    days_late: int
    alone: bool
    completed: bool


@dataclass(frozen=True)
class Result:
    """One channel. `versions` are its review and the corrections of it, oldest first; the last one is in force.

    `asked` are the criteria owed on that day, and those that were rated. `since` says, where a rating was carried
    unchanged, on which day it was given.
    """

    channel: Channel
    versions: tuple[Review, ...]
    actions: tuple[Action, ...]
    asked: tuple[Criterion, ...]
    since: Mapping[Criterion, date]
    marks: Mapping[int, tuple[Mark, ...]]  # by the id of the rating
    discharged: tuple[Discharged, ...]

    @property
    def review(self) -> Review:
        """The version in force."""
        return self.versions[-1]

    @property
    def extra(self) -> bool:
        """Whether there are ratings and none of them discharges anything."""
        return bool(self.review.ratings) and not self.discharged

    def withdrawn(self, review: Review, criterion: Criterion) -> bool:
        """Whether a version has no rating of a criterion because a correction took it back."""
        earlier = self.versions[: self.versions.index(review)]
        return any(one.criterion is criterion for version in earlier for one in version.ratings)

    def verdicts(self, review: Review) -> list[tuple[Criterion, Rating | None]]:
        """One version's rating of each criterion; None: not discussed. Nothing for a review withdrawn as a whole."""
        if review.replaces_id is not None and not review.ratings:
            return []
        by_criterion = {one.criterion: one for one in review.ratings}
        return [(criterion, by_criterion.get(criterion)) for criterion in self.asked]


def results(meeting: Meeting, held_on: date, standings: Sequence[ChannelStanding], zone: str) -> list[Result]:
    """The channels reviewed in a closed meeting whose standing is given, in the order of unit and concept."""
    query = select(Review).where(Review.meeting_id == meeting.id, Review.closed_at.is_not(None))
    loaded = query.options(
        selectinload(Review.ratings),
        joinedload(Review.decision),
        selectinload(Review.checks).joinedload(Check.wording).joinedload(CheckWording.item),
        joinedload(Review.channel).joinedload(Channel.unit),
    )
    reviews = db.session.scalars(loaded.order_by(Review.id)).all()
    replacing = {one.replaces_id: one for one in reviews if one.replaces_id is not None}
    actions = _actions(reviews)
    books = {one.channel.id: one for one in standings}
    found = []
    for first in (one for one in reviews if one.replaces_id is None and one.channel_id in books):
        versions = [first]
        while (newer := replacing.get(versions[-1].id)) is not None:
            versions.append(newer)
        agreed = [action for version in versions for action in actions[version.id]]
        found.append(_result(versions, agreed, held_on, books[first.channel_id], zone))
    return sorted(
        found, key=lambda one: (one.channel.unit.position, one.channel.unit_id, one.channel.position)
    )


def _result(
    versions: Sequence[Review], actions: Sequence[Action], held_on: date, standing: ChannelStanding, zone: str
) -> Result:
    book, review = standing.ledger, versions[-1]
    rated = {rating.criterion for version in versions for rating in version.ratings}
    asked = rated | owed(book, held_on)
    cells = _cells(book, review)
    extra = bool(cells) or not review.ratings  # a review that is extra as a whole says so once
    return Result(
        channel=standing.channel,
        versions=tuple(versions),
        actions=tuple(actions),
        asked=tuple(criterion for criterion in Criterion if criterion in asked),
        since=_since(standing, held_on),
        marks={
            one.id: tuple(_marks(one, versions[0], held_on, cells.get(one.id), extra, zone))
            for one in review.ratings
        },
        discharged=_discharged(book, cells),
    )


def owed(book: Ledger, on: date) -> set[Criterion]:
    """The criteria a meeting on a day was asked about: in force, or of an ended slot not discharged until then."""
    found = {criterion for duty in book.duties if duty.in_force(on) for criterion in duty.criteria}
    for line in book.lines:
        if line.slot.due_on < on <= line.slot.grace_ends_on:
            found |= {cell.criterion for cell in line.cells if cell.held_on is None or cell.held_on >= on}
    return found


def _cells(book: Ledger, review: Review) -> dict[int, list[tuple[Slot, Cell]]]:
    """What each rating of a review discharged."""
    ours = {one.id for one in review.ratings}
    found: dict[int, list[tuple[Slot, Cell]]] = {}
    for line in book.lines:
        for cell in line.cells:
            if cell.rating_id in ours:
                found.setdefault(cell.rating_id or 0, []).append((line.slot, cell))
    return found


def _discharged(book: Ledger, cells: Mapping[int, list[tuple[Slot, Cell]]]) -> tuple[Discharged, ...]:
    by_slot: defaultdict[Slot, list[Cell]] = defaultdict(list)
    for taken in cells.values():
        for slot, cell in taken:
            by_slot[slot].append(cell)
    lines = {line.slot: line for line in book.lines if line.slot in by_slot and line.cells}
    return tuple(_of_slot(lines[slot], found) for slot, found in sorted(by_slot.items()))


def _of_slot(line: SlotLine, ours: Sequence[Cell]) -> Discharged:
    last = max(cell.held_on for cell in line.cells if cell.held_on is not None)
    return Discharged(
        slot=line.slot,
        criteria=tuple(cell.criterion for cell in line.cells if cell in ours),
        days_late=max(cell.days_late for cell in ours),
        alone=len(ours) == len(line.cells),
        completed=line.whole and any(cell.held_on == last for cell in ours),
    )


def _marks(
    rating: Rating,
    first: Review,
    held_on: date,
    taken: Sequence[tuple[Slot, Cell]] | None,
    extra: bool,
    zone: str,
) -> list[Mark]:
    closed_late = first.closed_at is not None and late_entered(held_on, clock.day_of(first.closed_at, zone))
    entered_late = late_entered(held_on, clock.day_of(rating.entered_at, zone))
    true = {
        Mark.EXTRA: extra and not taken,
        Mark.ENTERED_LATE: entered_late and not closed_late,
        Mark.ENTERED_AFTERWARDS: any(cell.entered_afterwards for _, cell in taken or ()),
    }
    return [mark for mark in Mark if true[mark]]


def _since(standing: ChannelStanding, held_on: date) -> dict[Criterion, date]:
    """The day on which the rating was given that an unchanged one of this day carries on."""
    found: dict[Criterion, date] = {}
    for one in standing.ledger.rated:
        if one.held_on < held_on and not (standing.ratings[one.id].unchanged and one.criterion in found):
            found[one.criterion] = one.held_on
    return found


def _actions(reviews: Sequence[Review]) -> defaultdict[int | None, list[Action]]:
    """The actions agreed in these reviews, by due date."""
    query = select(Action).where(Action.review_id.in_([one.id for one in reviews]))
    loaded = query.options(joinedload(Action.owner), selectinload(Action.changes))
    found: defaultdict[int | None, list[Action]] = defaultdict(list)
    for action in db.session.scalars(loaded.order_by(Action.due_on, Action.id)):
        found[action.review_id].append(action)
    return found


def successor(decision: ReviewDecision) -> Channel | None:
    """The channel that takes the place of the one decided on."""
    return db.session.get(Channel, decision.successor_id) if decision.successor_id else None
