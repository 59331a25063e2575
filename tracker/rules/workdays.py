"""Working days: Monday to Friday without the public holidays of the organisation's region."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

COUNTRIES = tuple(sorted(holidays.list_supported_countries(include_aliases=False)))  # as ISO 3166 writes them
STATES = {
    key: name for name, key in holidays.country_holidays("DE").subdivisions_aliases.items()
}  # of Germany


@lru_cache(maxsize=64)
def _holidays_of(region: str) -> holidays.HolidayBase:
    country, dash, subdivision = region.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known or (dash and subdivision not in known[country]):
        raise ValueError(f"not a holiday region: {region!r}")
    return holidays.country_holidays(country, subdiv=subdivision or None)


@dataclass(frozen=True)
class Workdays:
    """The working days of a region such as "DE-BW" or "DE"; ValueError if there is no such region."""

    region: str

    def __post_init__(self) -> None:
        _holidays_of(self.region)

    def is_workday(self, day: date) -> bool:
        """Whether people work on that day."""
        return _is_workday(self.region, day)

    def before(self, day: date, k: int) -> date:
        """The k-th working day before a day, which itself does not count; the day itself for 0."""
        return _walk(self.region, day, k, timedelta(days=-1))

    def after(self, day: date, k: int) -> date:
        """The k-th working day after a day, which itself does not count; the day itself for 0."""
        return _walk(self.region, day, k, timedelta(days=1))


def _is_workday(region: str, day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays_of(region)


@lru_cache(maxsize=4096)  # all channels ask for the same few days
def _walk(region: str, day: date, k: int, step: timedelta) -> date:
    if k < 0:
        raise ValueError(f"not a number of working days: {k}")
    while k:
        day += step
        k -= _is_workday(region, day)
    return day
