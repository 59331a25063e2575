"""What a change of a channel does to its obligations: one ends the day before, another begins.

Opening, pausing, resuming, closing a channel and changing its cadence are all the same change with other
values; nothing is rewritten (docs/promise.md, rule 2).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from tracker.rules.ledger import Duty, Ledger, Rated, ledger
from tracker.rules.slots import CADENCES, Slot, slot_on
from tracker.rules.words import ChannelState, Criterion


class RuleBroken(ValueError):
    """A change that the rules do not allow; its text is for the log, not for a page.

    `rule` tells which one: "cadence", "cadence_day", "slot_ended", "before_opening" or "closed".
    """

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(text)
        self.rule = rule


def may_change_cadence_on(day: date, old_n: int, new_n: int) -> bool:
    """Whether the day starts a slot of both cadences."""
    return day == slot_on(day, old_n).begins_on == slot_on(day, new_n).begins_on


def next_common_start(today: date, old_n: int, new_n: int) -> date:
    """The first day after today that starts a slot of both cadences."""
    day = slot_on(today, old_n).due_on + timedelta(days=1)
    while not may_change_cadence_on(day, old_n, new_n):
        day = slot_on(day, old_n).due_on + timedelta(days=1)
    return day


def criteria_owed(state: ChannelState, criteria: Iterable[Criterion]) -> frozenset[Criterion]:
    """What a channel in that state owes of the criteria it was to be reviewed on.

    Imprint and privacy duties go on while a channel is dormant or kept for a crisis.
    """
    wanted = frozenset(criteria)
    match state:
        case ChannelState.ACTIVE:
            return wanted
        case ChannelState.CRISIS_ONLY | ChannelState.DORMANT:
            return wanted & {Criterion.LEGALITY}
        case ChannelState.PLANNED | ChannelState.CLOSED:
            return frozenset()


def change(
    duties: Iterable[Duty], from_on: date, n: int, criteria: Iterable[Criterion], *, on: date | None = None
) -> tuple[Duty, ...]:
    """The duties after a change: n times a year on these criteria from that day on, or nothing without any.

    The one in force ends the day before; what was to begin on that day or later is dropped. A change to what
    is in force anyway changes nothing. RuleBroken if the cadence changes on a day that does not start a slot
    of both, or, where today is given as `on`, if a slot that has ended would be reached. The first obligation
    of a channel may begin in the past, so that a history can be taken over.
    """
    before = tuple(sorted(duties, key=lambda duty: duty.from_on))
    wanted = frozenset(criteria)
    if n not in CADENCES:
        raise RuleBroken("cadence", f"{n} times a year is not a cadence")
    kept = tuple(duty for duty in before if duty.from_on < from_on)
    new = (Duty(from_on, None, n, wanted),) if wanted else ()
    if kept == before and kept and new and _goes_on_as(kept[-1], new[0]):
        return before
    _refuse_odd_day(kept, new)
    if on is not None and before:
        _refuse_ended_slot(before, from_on, {duty.n for duty in new}, on)
    return tuple(_ended(duty, from_on - timedelta(days=1)) for duty in kept) + new


def preview(
    duties_before: Iterable[Duty], duties_after: Iterable[Duty], rated: Iterable[Rated], on: date
) -> tuple[tuple[Slot, Criterion, bool], ...]:
    """The cells that become owed (True) or stop being owed (False), by slot.

    It looks ahead to the end of the year after the last day on which something changes, or after `on`.
    """
    before, after, known = tuple(duties_before), tuple(duties_after), tuple(rated)
    last_year = preview_ends_on(before, after, on).year
    was = _owed(ledger(before, known, on, last_year))
    will = _owed(ledger(after, known, on, last_year))
    return tuple(
        (slot, criterion, (slot, criterion) in will) for slot, criterion in sorted(was ^ will, key=_order)
    )


def preview_ends_on(duties_before: Iterable[Duty], duties_after: Iterable[Duty], on: date) -> date:
    """The last day that a preview looks at: what changes until then, and is changed then, stays so."""
    changing = {
        day for duty in (*duties_before, *duties_after) for day in (duty.from_on, duty.until_on) if day
    }
    return date(max({on, *changing}).year + 1, 12, 31)


def _goes_on_as(duty: Duty, new: Duty) -> bool:
    return duty.until_on is None and (duty.n, duty.criteria) == (new.n, new.criteria)


def _ended(duty: Duty, last: date) -> Duty:
    return replace(duty, until_on=last) if duty.until_on is None or duty.until_on > last else duty


def _refuse_odd_day(kept: tuple[Duty, ...], new: tuple[Duty, ...]) -> None:
    """The cadence is compared with the last one the channel had, even after a pause."""
    for old, begun in zip(kept[-1:], new, strict=False):
        if old.n != begun.n and not may_change_cadence_on(begun.from_on, old.n, begun.n):
            text = f"{begun.from_on} does not start a slot of both {old.n} and {begun.n} times a year"
            raise RuleBroken("cadence_day", text)


def _refuse_ended_slot(before: tuple[Duty, ...], from_on: date, new: set[int], on: date) -> None:
    reached = new | {duty.n for duty in before if duty.until_on is None or duty.until_on >= from_on}
    for n in sorted(reached):
        slot = slot_on(from_on, n)
        if slot.due_on < on:
            raise RuleBroken("slot_ended", f"the slot of {from_on} ended on {slot.due_on}")


def _owed(book: Ledger) -> set[tuple[Slot, Criterion]]:
    return {(line.slot, cell.criterion) for line in book.lines for cell in line.cells}


def _order(cell: tuple[Slot, Criterion]) -> tuple[Slot, int]:
    return cell[0], list(Criterion).index(cell[1])
