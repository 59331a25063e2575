"""What is past its years: which rows of each table, which values still name somebody, which words of the journal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, not_, or_, select

from tracker import clock
from tracker.extensions import db
from tracker.models import Entry, MeetingHead, Review, Words
from tracker.models.personal import ERASED, FORMER, KEEPS, Keeps, columns

NAMING = frozenset(
    {
        "by", "chair", "minute_taker", "present", "excused", "guests", "owner", "name", "address", "email",
        "recipients", "contact", "fallback", "who", "subject", "person", "deputy", "said", "passkey",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Past:
    """Everything before a day, its first moment in UTC, and that day."""

    day: date
    at: datetime

    @classmethod
    def of(cls, today: date, years: int, zone: str) -> "Past":
        """Counted in calendar years: with one year, on any day of 2026, what is older than 1 January 2025."""
        day = date(today.year - years, 1, 1)
        return cls(day, clock.moment_on(day, zone, time.min))


def table_of(name: str) -> Table:
    """A table by its name."""
    return db.metadata.tables[name]


def is_past(table: Table, past: Past) -> ColumnElement[bool]:
    """The condition for rows of a table that are past, by the day or moment that they are about."""
    c = table.c
    if table.name in {"meeting_head", "attendance"}:
        heads = select(MeetingHead.id).where(MeetingHead.closed_at < past.at)  # as its entry in the journal
        return (c.id if table.name == "meeting_head" else c.head_id).in_(heads)
    if table.name in {"rating", "decision", "check_answer"}:
        return c.review_id.in_(select(Review.id).where(Review.closed_at < past.at))
    if table.name == "mail":
        return and_(c.written_at < past.at, c.state != "waiting")
    days = {
        "reminder": "told_on",
        "action_reminder": "told_on",
        "untold": "noted_on",
        "meeting": "planned_on",
    }
    if table.name == "action":
        return and_(c.done_on.is_not(None), c.done_on < past.day)
    if table.name in days:
        return c[days[table.name]] < past.day
    moments = ("closed_at", "at", "entered_at", "uploaded_at", "written_at", "created_at")
    return c[next(one for one in moments if one in c)] < past.at


def not_yet(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition for values that somebody could still be named by."""
    former = [func.substr(column, 1, len(one)) == one for one in FORMER.values()]
    return and_(column.is_not(None), column != "", not_(or_(*former)), column.not_in(list(ERASED.values())))


def personal() -> Iterator[tuple[Table, ColumnElement[Any]]]:
    """Every column that gets a pseudonym."""
    for name in KEEPS:
        table = table_of(name)
        for column in columns(name, Keeps.PERSONAL):
            yield table, table.c[column]


def naming_words(past: Past) -> Select[int]:
    """The words of entries that are past and name people."""
    known = db.session.scalars(select(Words.field).distinct())
    naming = [one for one in known if names_people(one)]
    old = select(Entry.number).where(Entry.at < past.at)
    return select(Words.id).where(Words.text.is_not(None), Words.field.in_(naming), Words.number.in_(old))


def names_people(field: str) -> bool:
    """Whether words of this name name people: a part of it does, or they are an action with its owner."""
    parts = field.split(".")
    return bool(NAMING & set(parts)) or parts[-1].startswith("action-")
