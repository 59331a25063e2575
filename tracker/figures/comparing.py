"""What figures would change: of each channel and period what holds now beside what is to hold, and how both read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, auto
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _

from tracker import known_figures
from tracker.figures import hints
from tracker.figures.columns import BY_KEY, ESTIMATED, NOTE, Kind
from tracker.models import Channel, Figures
from tracker.rules.indicators import Measured
from tracker.rules.periods import Period
from tracker.trends import cents, whole

KEPT = (*BY_KEY, ESTIMATED, NOTE)
BLANK: Mapping[str, Any] = {**dict.fromkeys(BY_KEY), ESTIMATED: False, NOTE: ""}
Values = Mapping[str, Any]


class Change(StrEnum):
    """What becomes of what holds."""

    NEW = auto()
    CHANGED = auto()
    SAME = auto()
    LEFT_OUT = auto()  # says nothing but how many followers there were before


@dataclass(frozen=True)
class Difference:
    """One value, before and after."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Compared:
    """A channel and period: what is to hold, and how that differs from what does."""

    line: int
    channel: Channel
    period: Period
    values: Values
    change: Change
    differences: Sequence[Difference]
    hints: Sequence[str]


def values_of(row: Figures | None) -> dict[str, Any]:
    """The values of a row; of none, all unknown."""
    return dict(BLANK) if row is None else {key: getattr(row, key) for key in KEPT}


def clean(values: Values) -> dict[str, Any]:
    """The values as a row holds them: counts are whole, hours and euros have two decimals."""
    found = {}
    for key, value in values.items():
        if key in BY_KEY and value is not None:
            exact = Decimal(value)
            found[key] = int(exact) if BY_KEY[key].kind is Kind.COUNT else exact.quantize(Decimal("0.01"))
        else:
            found[key] = value
    return found


def differences(before: Values, after: Values) -> list[Difference]:
    """What differs, in the order of the columns."""
    return [Difference(key, before[key], after[key]) for key in KEPT if before[key] != after[key]]


def compare(
    rows: Iterable[tuple[int, Channel, Period, Values]], today: date, hinted: int = 0
) -> list[Compared]:
    """Each row (its line, what it is about, what it says) beside what holds now; the first `hinted` with hints."""
    asked = list(rows)
    known = known_figures.of_channels({channel.id for _line, channel, _period, _said in asked})
    held_by = {
        (one.row.channel_id, one.row.ends_on, one.row.begins_on): one for of in known.values() for one in of
    }
    rates = known_figures.rates()
    told = {key: {one.period: one.measured for one in of} for key, of in known.items()}
    for _line, channel, period, said in asked:  # what the file says counts for the periods beside it, too
        held = held_by.get((channel.id, period.ends_on, period.begins_on))
        after = {**values_of(held.row if held else None), **clean(said)}
        told[channel.id][period] = measured_of(period, after, known_figures.rate_on(rates, period.ends_on))
    found: list[Compared] = []
    for line, channel, period, said in asked:
        held = held_by.get((channel.id, period.ends_on, period.begins_on))
        before = values_of(held.row if held else None)
        after = {**before, **clean(said)}
        changed = differences(before, after)
        if held is None:
            change = Change.LEFT_OUT if _says_nothing(after) else Change.NEW
        else:
            change = Change.CHANGED if changed else Change.SAME
        warned: list[str] = []
        if change in TAKEN and hinted > 0:
            hinted -= 1
            of = told[channel.id]
            warned = hints.said(of[period], hints.around(period, of.values()), today)
        found.append(Compared(line, channel, period, after, change, changed, warned))
    return found


TAKEN = frozenset({Change.NEW, Change.CHANGED})


def measured_of(period: Period, values: Values, rate: Decimal | None) -> Measured:
    """The figures as the rules know them."""
    numbers = {key: values[key] for key in BY_KEY}
    return Measured(period.begins_on, period.ends_on, hours_estimated=values[ESTIMATED], rate=rate, **numbers)


def _says_nothing(values: Values) -> bool:
    return all(values[key] is None for key in BY_KEY if key != "followers_start")


def fingerprint(compared: Iterable[Compared]) -> str:
    """What the person accepts: if what holds has changed meanwhile, it is shown again."""
    told = [(one.channel.id, one.period.key, one.change.value, repr(one.differences)) for one in compared]
    return sha256(repr(told).encode()).hexdigest()[:16]


def say(key: str, value: Any) -> str:
    """A value as it is read."""
    if key == NOTE:
        return str(value) or "–"
    if key == ESTIMATED:
        return _("yes") if value else _("no")
    if value is None:
        return _("unknown")
    return whole(value) if BY_KEY[key].kind is Kind.COUNT else cents(value)
