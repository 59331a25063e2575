"""For which slot a rating on a meeting's day would count, criterion by criterion."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker import clock
from tracker.rules.ledger import Duty, Ledger, Rated, ledger
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion
from tracker.standings import Shown


@dataclass(frozen=True)
class Counted:
    """For which slot a rating on the meeting's day would count, and for which criteria; no slot: an extra review.

    `met` are those that another meeting of the same day has discharged already.
    """

    criteria: tuple[Criterion, ...]
    slot: Slot | None
    days_late: int
    met: frozenset[Criterion] = frozenset()


def counts(duties: list[Duty], shown: list[Shown], held_on: date, on: date) -> Iterator[Counted]:
    """What ratings on the meeting's day would count for, by a ledger in which they are already there."""
    now, rated = clock.now(), [_plain(one) for one in shown]
    mine = {-k: criterion for k, criterion in enumerate(Criterion, start=1)}
    added = [Rated(key, criterion, held_on, on, now) for key, criterion in mine.items()]
    book = ledger(duties, [*rated, *added], on)
    slots = {criterion: _slot(book, key) for key, criterion in mine.items()}
    same_day = [one for one in rated if one.held_on == held_on]
    before = ledger(duties, rated, on) if same_day else None
    for slot in dict.fromkeys(slots.values()):
        criteria = tuple(criterion for criterion in Criterion if slots[criterion] == slot)
        met = frozenset(
            one.criterion for one in same_day if before and slot in before.discharging.get(one.id, ())
        )
        yield Counted(criteria, slot, max(0, (held_on - slot.due_on).days) if slot else 0, met)


def _plain(shown: Shown) -> Rated:
    """A rating for the ledger. When it was entered decides nothing that is asked for here."""
    return Rated(shown.id, shown.criterion, shown.held_on, shown.held_on, shown.closed_at)


def _slot(book: Ledger, key: int) -> Slot | None:
    return next(iter(book.discharging.get(key, ())), None)
