"""What a run would do now: how many values of each column, words of the journal, accounts, and rows that go."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, func, select

from tracker.extensions import db
from tracker.models import Meeting
from tracker.retention.people import former_accounts
from tracker.retention.queries import Past, is_past, naming_words, not_yet, personal, table_of


@dataclass(frozen=True)
class Count:
    """How many values of a column would be replaced; without a column: how many rows would go."""

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
        values = [f"{one.table}.{one.column}={one.count}" for one in self.counts]
        return ";".join(map(str, (self.past.day.isoformat(), *values, self.words, self.accounts)))


def preview(past: Past) -> Preview:
    """What would be replaced and erased."""
    wanted = [(table, "", rows) for table, rows in going(past)]
    for table, names in personal():
        wanted.append((table, str(names.key), and_(is_past(table, past), not_yet(names))))
    counts = []
    for table, column, condition in wanted:
        found = db.session.scalar(select(func.count()).select_from(table).where(condition)) or 0
        if found:
            counts.append(Count(table.name, column, found))
    words = db.session.scalar(select(func.count()).select_from(naming_words(past).subquery())) or 0
    return Preview(past, tuple(counts), words, len(former_accounts(past)))


def going(past: Past) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """The rows that prove nothing and go as a whole: absences, and drafts of meetings that were called off."""
    absence, draft = table_of("absence"), table_of("draft")
    yield absence, absence.c.until_on < past.day
    off = select(Meeting.id).where(Meeting.cancelled_at < past.at)
    yield draft, (draft.c.saved_at < past.at) & draft.c.meeting_id.in_(off)
