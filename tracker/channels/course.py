"""The course of one channel as a table: how it was and will be run, and on what it is reviewed, each with its cause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.models import Obligation, StateChange
from tracker.rules.deciding import StateFrom, state_on
from tracker.rules.words import ChannelState


@dataclass(frozen=True)
class Stretch:
    """From a day, until a day or open: run in one way, reviewed by one obligation or by none. Causes of what began."""

    from_on: date
    until_on: date | None
    state: ChannelState
    duty: Obligation | None
    causes: tuple[str, ...]


def stretches(states: Sequence[StateChange], obligations: Sequence[Obligation]) -> list[Stretch]:
    """All stretches of a channel, the newest first; days on which something begins or ends lie between them."""
    known = [StateFrom(one.from_on, one.state) for one in states]
    ends = {one.until_on + timedelta(days=1) for one in obligations if one.until_on}
    begun = [(one.from_on, one.cause) for one in states] + [(one.from_on, one.cause) for one in obligations]
    days = sorted({day for day, _cause in begun} | ends)
    found = []
    for day, after in zip(days, [*days[1:], None], strict=True):
        duty = next((one for one in obligations if _in_force(one, day)), None)
        until_on = after - timedelta(days=1) if after else None
        found.append(Stretch(day, until_on, state_on(known, day), duty, _causes(begun, day)))
    return found[::-1]


def _in_force(one: Obligation, day: date) -> bool:
    return one.from_on <= day and (one.until_on is None or day <= one.until_on)


def _causes(begun: Iterable[tuple[date, str]], day: date) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cause for from_on, cause in begun if from_on == day and cause))
