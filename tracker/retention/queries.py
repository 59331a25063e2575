"""What is past its years: how many values of each column, which words of the journal, which accounts, which texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, not_, or_, select

from tracker import clock
from tracker.extensions import db
from tracker.models import Entry, MeetingHead, Review, User, Words
from tracker.models.personal import ERASED, FORMER, KEEPS, Keeps, columns

TEXTS_A_PAGE = 50
NAMING = frozenset(
    {
        "by", "chair", "minute_taker", "present", "excused", "guests", "owner", "name", "address", "email",
        "recipients", "contact", "fallback", "who", "subject", "person", "deputy", "said",
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


@dataclass(frozen=True)
class Count:
    """How many values of a column would be replaced."""

    table: str
    column: str
    count: int


@dataclass(frozen=True)
class Preview:
    """What would happen now; two that are equal promise the same."""

    past: Past
    counts: tuple[Count, ...]
    words: int  # of the journal
    accounts: int

    @property
    def anything(self) -> bool:
        """Whether there is something to do."""
        return bool(self.counts or self.words or self.accounts)

    @property
    def sign(self) -> str:
        """A form sends it back, so that nothing else is done than was shown."""
        values = [one.count for one in self.counts]
        return "-".join(map(str, (self.past.day.isoformat(), *values, self.words, self.accounts)))


def table_of(name: str) -> Table:
    """A table by its name."""
    return db.metadata.tables[name]


def is_past(table: Table, past: Past) -> ColumnElement[bool]:
    """The condition for rows of a table that are past, by the day or moment that they are about."""
    c = table.c
    if table.name in {"meeting_head", "attendance"}:
        heads = select(MeetingHead.id).where(
            MeetingHead.held_on < past.day, MeetingHead.closed_at.is_not(None)
        )
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
    moments = ("closed_at", "at", "entered_at", "uploaded_at", "written_at")
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


def preview(past: Past) -> Preview:
    """What would be replaced and erased."""
    counts = []
    for table, column in personal():
        query = select(func.count()).select_from(table).where(is_past(table, past), not_yet(column))
        found = db.session.scalar(query) or 0
        if found:
            counts.append(Count(table.name, column.name, found))
    words = db.session.scalar(select(func.count()).select_from(naming_words(past).subquery())) or 0
    return Preview(past, tuple(counts), words, len(former_accounts(past)))


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


def former_accounts(past: Past) -> list[User]:
    """Deactivated accounts that were made, and did something last, before that day."""
    later = select(Entry.by_id).where(Entry.at >= past.at, Entry.by_id.is_not(None))
    query = select(User).where(User.active.is_(False), User.created_at < past.at, User.id.not_in(later))
    return list(db.session.scalars(query.where(not_yet(User.__table__.c.full_name)).order_by(User.id)))


@dataclass(frozen=True)
class Text:
    """Something somebody wrote freely, past its years."""

    table: str
    column: str
    id: int
    text: str


def texts(past: Past, page: int) -> tuple[list[Text], bool]:
    """A page of them, oldest rows first, and whether there are more."""
    skip = (page - 1) * TEXTS_A_PAGE
    found: list[Text] = []
    for name in KEEPS:
        table = table_of(name)
        for column in columns(name, Keeps.OWN_WORDS):
            query = select(table.c.id, table.c[column]).where(is_past(table, past), not_yet(table.c[column]))
            wanted = TEXTS_A_PAGE + 1 - len(found)
            rows = db.session.execute(query.order_by(table.c.id).offset(skip).limit(wanted)).all()
            if not rows and skip:
                count = select(func.count()).select_from(table)
                skip -= db.session.scalar(count.where(is_past(table, past), not_yet(table.c[column]))) or 0
                continue
            skip = 0
            found += [Text(name, column, key, said) for key, said in rows]
            if len(found) > TEXTS_A_PAGE:
                return found[:TEXTS_A_PAGE], True
    return found, False


def text_of(past: Past, table: str, column: str, key: int) -> str | None:
    """One such text; None where there is none that may be erased."""
    if column not in (columns(table, Keeps.OWN_WORDS) if table in KEEPS else ()):
        return None
    of = table_of(table)
    query = select(of.c[column]).where(of.c.id == key, is_past(of, past), not_yet(of.c[column]))
    return db.session.scalar(query)


def entries_about(table: Table, key: int) -> Select[int] | None:
    """The entries that may say the same as a row: those of its meeting, action or explanation; None if none does."""
    c = table.c
    if table.name in {"rating", "decision", "check_answer"}:
        about, of = "meeting", select(Review.meeting_id).join(table, c.review_id == Review.id)
    elif table.name in {"review", "meeting_head"}:
        about, of = "meeting", select(c.meeting_id)
    elif table.name == "action_change":
        about, of = "action", select(c.action_id)
    elif table.name in {"action", "explanation", "meeting", "figures"}:
        about, of = table.name, select(c.id)
    else:
        return None
    number = db.session.scalar(of.where(c.id == key))
    said = [Entry.body.contains(f'"{about}":{number}{after}') for after in (",", "}")]
    return select(Entry.number).where(or_(*said))
