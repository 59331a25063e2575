"""What time it is: the only file that asks. Tests and the demo set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The moment, in UTC, without fractions of a second."""
    return _set_to.get() or datetime.now(UTC).replace(microsecond=0)


def today(zone: str) -> date:
    """The calendar day in `zone`, e.g. "Europe/Berlin"."""
    return day_of(now(), zone)


def day_of(moment: datetime, zone: str) -> date:
    """On which calendar day of `zone` a moment lies. A moment without a zone is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(zone)).date()


def moment_on(day: date, zone: str, at: time = time(12, 0)) -> datetime:
    """The moment at which clocks in `zone` show `at` on `day`, in UTC."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Let the clock stand at `moment` (UTC) inside the block, in this thread or task only."""
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
