"""Periods that figures are about: a month, quarter, half-year, year, or any two days. Both days are included."""

from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from tracker.rules.slots import Slot, slot_on, slots_of_year

MOST_DAYS = 366  # a longer period would hide what changed within it
KINDS = (12, 6, 4, 3, 2, 1)


@dataclass(frozen=True, order=True)
class Period:
    """From a day until a day; sorts by its last day, then by its first."""

    ends_on: date
    begins_on: date

    @classmethod
    def of_slot(cls, slot: Slot) -> "Period":
        """The period that a slot is."""
        return cls(slot.due_on, slot.begins_on)

    @property
    def days(self) -> int:
        """How many days it has, both ends counted."""
        return (self.ends_on - self.begins_on).days + 1

    @property
    def slot(self) -> Slot | None:
        """The month, quarter, half-year … that it is; None for any other period."""
        for n in KINDS:
            found = slot_on(self.ends_on, n) if self.ends_on.year < MAXYEAR else None
            if found and (found.begins_on, found.due_on) == (self.begins_on, self.ends_on):
                return found
        return None

    @property
    def key(self) -> str:
        """In one word: the slot's key, as in "2026-4-3", else its days, as in "2026-07-01_2026-08-15"."""
        slot = self.slot
        return slot.key if slot else f"{self.begins_on.isoformat()}_{self.ends_on.isoformat()}"

    @classmethod
    def of_key(cls, key: str) -> "Period":
        """The period that a key names; ValueError if it names none."""
        first, between, last = key.partition("_")
        if not between:
            return cls.of_slot(Slot.of_key(key))
        return cls(date.fromisoformat(last), date.fromisoformat(first))


def last_ended(today: date, n: int = 4) -> Period:
    """The slot of cadence n that ended last before a day."""
    return Period.of_slot(slot_on(slot_on(today, n).begins_on - timedelta(days=1), n))


def latest(today: date, n: int, count: int) -> tuple[Period, ...]:
    """The running slot of cadence n and those before it, the newest first; `count` in all."""
    found = [Period.of_slot(slot_on(today, n))]
    while len(found) < count:
        found.append(Period.of_slot(slot_on(found[-1].begins_on - timedelta(days=1), n)))
    return tuple(found)


def numbered(year: int, n: int, number: int) -> Period:
    """The slot of a year by its number from 1; ValueError if there is none."""
    if not 1 <= number <= n:
        raise ValueError(f"no slot {number} of {n}")
    return Period.of_slot(slots_of_year(year, n)[number - 1])
