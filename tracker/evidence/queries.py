"""What this room reads: what can be chosen, the journal a page at a time, and the whole of it to be checked."""

import json
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import String, func, or_, select, type_coerce

from tracker import clock, taking_home
from tracker.evidence import chain
from tracker.extensions import db
from tracker.models import Channel, Entry, Obligation, Unit, Words, locks

PAGE = 100  # rows or entries on a page
AT_ONCE = 1000  # rows fetched at once where everything is read


def first_year(unit_ids: frozenset[int] | None, this_year: int) -> int:
    """The year in which something was owed first, for channels of these units (None: all)."""
    query = select(func.min(Obligation.from_on)).join(Channel, Channel.id == Obligation.channel_id)
    if unit_ids is not None:
        query = query.where(Channel.unit_id.in_(unit_ids))
    found = db.session.scalar(query)
    return min(found.year, this_year) if found else this_year


@dataclass(frozen=True)
class Choices:
    """What the filters offer to a reader: ids with names."""

    units: list[tuple[int, str]]
    channels: list[tuple[int, str]]
    platforms: list[str]


def choices(unit_ids: frozenset[int] | None) -> Choices:
    """Units, channels and platforms that a reader may see."""
    units = select(Unit.id, Unit.name).order_by(Unit.position, Unit.id)
    channels = select(Channel.id, Channel.platform, Channel.name).join(Channel.unit)
    if unit_ids is not None:
        units = units.where(Unit.id.in_(unit_ids))
        channels = channels.where(Channel.unit_id.in_(unit_ids))
    found = db.session.execute(channels.order_by(Unit.position, Unit.id, Channel.position, Channel.id)).all()
    return Choices(
        units=[(key, name) for key, name in db.session.execute(units)],
        channels=[(key, f"{platform} {name}") for key, platform, name in found],
        platforms=sorted({platform for _key, platform, _name in found}, key=str.casefold),
    )


@dataclass(frozen=True)
class Line:
    """One entry as the journal's page shows it. Of another unit's entry only number and hash are told."""

    number: int
    hash: str
    shown: bool
    at: datetime | None = None
    deed: str = ""
    by: str | None = None  # None: the system, or erased
    by_system: bool = False
    ids: dict[str, Any] = field(default_factory=dict)
    words: list[tuple[str, str | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """Who reads the journal: the units they may read, None for all, and their own id."""

    unit_ids: frozenset[int] | None
    user_id: int

    def sees(self, unit_id: int | None, by_id: int | None) -> bool:
        """Whether an entry is shown whole: one of their units, or their own deed."""
        return self.unit_ids is None or unit_id in self.unit_ids or by_id == self.user_id


def journal_page(
    reader: Reader, deed: str | None, on: date | None, before: int | None, zone: str
) -> tuple[list[Line], int | None]:
    """Entries, newest first, and from which number on the older page goes; None if there is none.

    `before` is exclusive. Where a deed or a day is asked for, entries that the reader may not see are left out:
    else the filter would tell what they are.
    """
    query = select(Entry).order_by(Entry.number.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Entry.number < before)
    if deed is not None:
        query = query.where(Entry.deed == deed)
    if on is not None:
        first, after = (clock.moment_on(day, zone, time.min) for day in (on, on + timedelta(days=1)))
        query = query.where(Entry.at >= first, Entry.at < after)
    if (deed is not None or on is not None) and reader.unit_ids is not None:
        query = query.where(or_(Entry.unit_id.in_(reader.unit_ids), Entry.by_id == reader.user_id))
    found = db.session.scalars(query).all()
    said = _words_of([one.number for one in found[:PAGE]])
    lines = [_line(one, said.get(one.number, []), reader) for one in found[:PAGE]]
    return lines, lines[-1].number if len(found) > PAGE else None


def _line(entry: Entry, said: list[tuple[str, str | None]], reader: Reader) -> Line:
    if not reader.sees(entry.unit_id, entry.by_id):
        return Line(entry.number, entry.hash, shown=False)
    by = next((text for name, text in said if name == "by"), None)
    others = [(name, text) for name, text in said if name != "by"]
    ids = json.loads(entry.body)["ids"]
    return Line(entry.number, entry.hash, True, entry.at, entry.deed, by, entry.by_id is None, ids, others)


def _words_of(numbers: list[int]) -> dict[int, list[tuple[str, str | None]]]:
    query = select(Words.number, Words.field, Words.text).where(Words.number.in_(numbers)).order_by(Words.id)
    found: dict[int, list[tuple[str, str | None]]] = {}
    for number, name, text in db.session.execute(query):
        found.setdefault(number, []).append((name, text))
    return found


def verified(sought: str | None) -> tuple[chain.Verdict, list[str]]:
    """The journal's chain checked from one snapshot, and the names of locks that are missing or changed."""
    taking_home.begin_snapshot()
    with closing(_stored()) as entries, closing(_stored_words()) as words:
        verdict = chain.check(entries, words, sought)
    return verdict, locks.faulty_locks(db.session.connection())


def _stored() -> Generator[chain.Stored, None, None]:
    """All entries as they are stored, even where somebody wrote nonsense into a column."""
    at = type_coerce(Entry.at, String)
    query = select(Entry.number, Entry.body, Entry.hash, at, Entry.deed, Entry.by_id, Entry.unit_id)
    with db.session.execute(query.order_by(Entry.number), execution_options={"yield_per": AT_ONCE}) as result:
        for number, body, digest, moment, deed, by, unit in result:
            yield chain.Stored(number, str(body), str(digest), _as_written(moment), str(deed), by, unit)


def _as_written(at: Any) -> str:
    """A stored moment as an entry's text writes it: SQLite gives text, PostgreSQL a datetime."""
    if isinstance(at, datetime):
        return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at.microsecond == 0 else at.isoformat()
    return str(at).removesuffix(".000000").replace(" ", "T") + "Z"


def _stored_words() -> Generator[chain.Word, None, None]:
    query = select(Words.number, Words.field, Words.salt, Words.text).order_by(Words.number, Words.id)
    with db.session.execute(query, execution_options={"yield_per": AT_ONCE}) as result:
        for number, name, salt, said in result:
            yield chain.Word(number, str(name), _text(salt), _text(said))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
