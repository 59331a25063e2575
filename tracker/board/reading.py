"""The year as the board says it: figures, the promise in a sentence, and what is still needed until when."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from tracker.rules.ledger import Ledger, SlotLine, is_overdue
from tracker.rules.slots import Slot
from tracker.rules.words import Outcome
from tracker.rules.year import lines_of, year_of
from tracker.standings import ChannelStanding

SPELLED = (_l("two"), _l("three"), _l("four"), _l("five"), _l("six"), _l("seven"), _l("eight"), _l("nine"),
           _l("ten"), _l("eleven"), _l("twelve"))  # fmt: skip


@dataclass(frozen=True)
class Needed:
    """So many reviews are needed until a day; `slot` is set where that day ends the grace of a slot already due."""

    count: int
    until: date
    slot: Slot | None


@dataclass(frozen=True)
class Reading:
    """The year of all channels together. `open` leaves out what is overdue; the first six add up to `owed`."""

    year: int
    kept: int
    late: int
    missed: int
    overdue: int
    open: int
    coming: int
    owed: int
    channels: int  # that owe something in the year
    keepable: int  # of them: nothing missed, and the rest can still be reached
    needed: tuple[Needed, ...]
    grace_ends_on: date | None  # of the last slot that is needed
    review_days: int
    longest_gap_days: int | None
    running_gap_days: int | None  # of the channel whose last review is the longest ago

    @property
    def finished(self) -> bool:
        """Whether nothing more is to come in the year."""
        return not self.needed


def read(found: Iterable[ChannelStanding], year: int, on: date) -> Reading:
    """The reading of one year over these channels, on a day. What several share is read once and counted for each."""
    shared: dict[int, tuple[Ledger, int]] = {}
    for one in found:
        shared[id(one.ledger)] = (one.ledger, shared.get(id(one.ledger), (one.ledger, 0))[1] + 1)
    years = [(year_of(book, year), times) for book, times in shared.values()]
    lines = [(line, times) for book, times in shared.values() for line in lines_of(book, year)]
    counts: Counter[Outcome] = Counter()
    for line, times in lines:
        counts[line.outcome] += times
    overdue = sum(times for line, times in lines if is_overdue(line, on))
    needed = [pair for pair in lines if pair[0].outcome in {Outcome.OPEN, Outcome.COMING}]
    return Reading(
        year=year,
        kept=counts[Outcome.KEPT],
        late=counts[Outcome.LATE],
        missed=counts[Outcome.MISSED],
        overdue=overdue,
        open=counts[Outcome.OPEN] - overdue,
        coming=counts[Outcome.COMING],
        owed=sum(one.owed * times for one, times in years),
        channels=sum(times for one, times in years if one.owed),
        keepable=sum(times for one, times in years if one.owed and one.slots_forecast.reachable),
        needed=_needed(needed, on),
        grace_ends_on=max((line.slot.grace_ends_on for line, _times in needed), default=None),
        review_days=len(
            {
                one.held_on
                for book, _times in shared.values()
                for one in book.rated
                if one.held_on.year == year
            }
        ),
        longest_gap_days=_most(one.longest_gap_days for one, _times in years),
        running_gap_days=_most(one.running_gap_days for one, _times in years if one.owed),
    )


def _most(days: Iterable[int | None]) -> int | None:
    return max((one for one in days if one is not None), default=None)


def _needed(lines: Iterable[tuple[SlotLine, int]], on: date) -> tuple[Needed, ...]:
    """One line a last day: the due date, or the end of the grace where the due date is past."""
    counts: Counter[tuple[date, Slot | None]] = Counter()
    for line, times in lines:
        late = is_overdue(line, on)
        counts[line.slot.grace_ends_on if late else line.slot.due_on, line.slot if late else None] += times
    ordered = sorted(counts.items(), key=lambda item: (item[0][0], item[0][1] is None))
    return tuple(Needed(count, until, slot) for (until, slot), count in ordered)


def promise(reading: Reading) -> str:
    """The answer to the board's first question, in one sentence."""
    values = {"k": reading.keepable, "n": reading.channels, "year": reading.year}
    if not reading.channels:
        return _("No review is owed in %(year)s.", **values)
    if reading.finished:
        if not reading.keepable:
            return _("Promise of %(year)s kept for no channel.", **values)
        if reading.keepable == reading.channels:
            return ngettext(
                "Promise of %(year)s kept for the one channel.",
                "Promise of %(year)s kept for all %(n)s channels.", reading.channels, **values,
            )  # fmt: skip
        return _("Promise of %(year)s kept for %(k)s of %(n)s channels.", **values)
    if not reading.keepable:
        return _("The promise can no longer be kept for any channel.")
    if reading.keepable == reading.channels:
        return ngettext(
            "Promise still to be kept for the one channel.",
            "Promise still to be kept for all %(n)s channels.", reading.channels, **values,
        )  # fmt: skip
    return _("Promise still to be kept for %(k)s of %(n)s channels.", **values)


def trouble(reading: Reading) -> str:
    """What is missed and overdue, in one sentence; empty if nothing is."""
    missed, overdue = reading.missed, reading.overdue
    if not missed and not overdue:
        return ""
    if not missed:
        said = ngettext(
            "One slot is overdue.", "%(many)s slots are overdue.", overdue, many=_spelled(overdue)
        )
    elif not overdue:
        said = ngettext("One slot is missed.", "%(many)s slots are missed.", missed, many=_spelled(missed))
    else:
        first = ngettext("One slot is missed", "%(many)s slots are missed", missed, many=_spelled(missed))
        second = ngettext("one is overdue", "%(many)s are overdue", overdue, many=_spelled(overdue))
        said = f"{first}, {second}."
    return said[:1].upper() + said[1:]


def _spelled(count: int) -> str:
    """Two to twelve as words, as a sentence would say them."""
    return str(SPELLED[count - 2]) if 2 <= count <= 12 else str(count)
