"""A year in its three readings, in words: one channel's or a sum of many, the same on every page and on paper."""

from typing import Protocol

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import language
from tracker.rules.year import Forecast


class Counted(Protocol):
    """Slots of a year by outcome; `overdue` are those of the open ones whose due date is past."""

    @property
    def owed(self) -> int: ...
    @property
    def kept(self) -> int: ...
    @property
    def late(self) -> int: ...
    @property
    def missed(self) -> int: ...
    @property
    def open(self) -> int: ...
    @property
    def overdue(self) -> int: ...
    @property
    def coming(self) -> int: ...
    @property
    def entered_afterwards(self) -> int: ...


class Gaps(Protocol):
    """Days between reviews; the running gap lasts from the last of them until now."""

    @property
    def longest_gap_days(self) -> int | None: ...
    @property
    def running_gap_days(self) -> int | None: ...


def discharged(one: Counted) -> str:
    """How much of what is owed is done."""
    return _("%(k)s of %(n)s discharged", k=one.kept + one.late, n=one.owed)


def beside(one: Counted) -> str:
    """What there is to say beside how much is done, as it goes on after that; may be empty."""
    left = one.open + one.coming - one.overdue
    said = (
        _("%(n)s missed", n=one.missed) if one.missed else "",
        _("%(n)s overdue", n=one.overdue) if one.overdue else "",
        _("%(n)s still open or to come", n=left) if left else "",
        _("%(n)s of them entered afterwards", n=one.entered_afterwards) if one.entered_afterwards else "",
    )
    late = ", " + _("%(n)s of them late", n=one.late) if one.late else ""
    return late + "".join(f"; {part}" for part in said if part)


def review_days(days: int, owed: int) -> str:
    """Days held against slots owed: more of them than slots are no sum that could be exceeded."""
    return _("%(k)s of %(n)s", k=days, n=owed) if days <= owed else _("%(k)s; %(n)s are owed", k=days, n=owed)


def reach(forecast: Forecast, owed: int) -> str:
    """Whether the reading can still be reached, and what it takes; what remains owed after it was lost."""
    if not owed:
        return ""
    left = {"n": forecast.needed, "day": language.day(forecast.by[0])} if forecast.needed else {}
    if not forecast.reachable:
        lost = _("no longer to be reached")
        return f"{lost}; " + _("still owed: %(n)s, the next by %(day)s", **left) if left else lost
    return _("still needed: %(n)s, the next by %(day)s", **left) if left else _("reached")


def gap(one: Gaps) -> str:
    """The longest gap between two reviews; and the one that is running, where it is longer than that."""
    longest, running = one.longest_gap_days, one.running_gap_days
    if running is not None and running > (longest or 0):
        since = ngettext(
            "%(num)d day so far, since the last review", "%(num)d days so far, since the last review", running
        )
        return since if longest is None else f"{_days(longest)}; {since}"
    return _("unknown") if longest is None else _days(longest)


def _days(count: int) -> str:
    return ngettext("%(num)d day", "%(num)d days", count)
