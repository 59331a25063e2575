"""The days of a digest as entries of a calendar: all-day, with a UID that stays the same from mail to mail."""

from datetime import date, datetime
from functools import lru_cache
from itertools import groupby

from tracker import clock
from tracker.calendar_file import PUBLISH, calendar, day_event, due
from tracker.outbox import link
from tracker.reminders.letters import Due
from tracker.rules.words import Stage


def kind_of(due: Due) -> Stage:
    """Escalation and weekly say what overdue says."""
    return due.owed.stage if due.owed.stage in {Stage.NOTICE, Stage.MISSED} else Stage.OVERDUE


def has_day(due: Due) -> bool:
    """Whether there is still a day to enter: not for what was missed."""
    return due.owed.stage is not Stage.MISSED


def calendar_of(dues: list[Due]) -> str | None:
    """An all-day entry for each slot: its due date, or once that is past, the last day of its grace."""
    entered = groupby(
        (due for due in dues if has_day(due)), key=lambda due: (kind_of(due) is Stage.OVERDUE, due.line.slot)
    )
    entries = tuple(due(slot, len(list(found)), overdue) for (overdue, slot), found in entered)
    return (
        _calendar(entries, link("board.index"), clock.now().replace(second=0, microsecond=0))
        if entries
        else None
    )


@lru_cache(maxsize=64)  # many people are told of the same days in the same minute
def _calendar(entries: tuple[tuple[str, date, str], ...], url: str, stamp: datetime) -> str:
    made = calendar(PUBLISH)
    for uid, day, words in entries:
        made.add_component(day_event(uid, day, words, url, stamp))
    return made.to_ical().decode("utf-8")
