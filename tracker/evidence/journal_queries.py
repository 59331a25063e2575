"""What the journal's pages read: its entries a page at a time or one alone, as far as a reader may see them."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, literal, or_, select, type_coerce

from tracker import clock
from tracker.evidence import chain
from tracker.evidence.queries import as_written
from tracker.extensions import db
from tracker.models import Action, AgendaLine, Channel, Entry, Unit, User, Words

PAGE = 100  # entries on a page


@dataclass(frozen=True)
class Reader:
    """Who reads the journal: the units they may read, None for all, and their own id."""

    unit_ids: frozenset[int] | None
    user_id: int

    def sees(self, unit_id: int | None, by_id: int | None) -> bool:
        """Whether an entry is shown whole: one of their units, or their own deed."""
        return self.unit_ids is None or unit_id in self.unit_ids or by_id == self.user_id

    def seen(self) -> ColumnElement[bool]:
        """The same as a condition of a query."""
        if self.unit_ids is None:
            return literal(value=True)
        return or_(Entry.unit_id.in_(self.unit_ids), Entry.by_id == self.user_id)


@dataclass(frozen=True)
class Asked:
    """What the journal is narrowed to; None and empty ask for all. Days are those of the organisation's zone."""

    deed: str | None = None
    by_id: int | None = None
    by_system: bool = False
    channel_id: int | None = None
    from_on: date | None = None
    until_on: date | None = None
    number: int | None = None
    text: str = ""

    @property
    def tells(self) -> bool:
        """Whether being among the entries found says more about one than its number, which everybody may know."""
        return any(
            (self.deed, self.by_id, self.by_system, self.channel_id, self.from_on, self.until_on, self.text)
        )


@dataclass(frozen=True)
class Line:
    """One entry as the pages show it. Of another unit's entry only number and hash are told."""

    number: int
    hash: str
    shown: bool
    body: str = ""
    at: datetime | None = None
    deed: str = ""
    by: str | None = None  # None: the system, or erased
    by_system: bool = False
    ids: dict[str, Any] = field(default_factory=dict)
    words: list[tuple[str, str | None]] = field(default_factory=list)


@dataclass(frozen=True)
class OneEntry:
    """One entry alone: the hash before it, its neighbours, its words with their salts, and what is wrong with it."""

    line: Line
    previous: str
    earlier: int | None
    later: int | None
    words: list[chain.Word]
    fault: str


def page(reader: Reader, asked: Asked, before: int | None, zone: str) -> tuple[list[Line], int | None]:
    """Entries, newest first, and from which number on the older page goes; None if there is none.

    `before` is exclusive. Where more than a number is asked for, entries that the reader may not see are left out:
    else the filter would tell what they are.
    """
    query = _narrowed(_rows().order_by(Entry.number.desc()).limit(PAGE + 1), asked, zone)
    if before is not None:
        query = query.where(Entry.number < before)
    if asked.tells and reader.unit_ids is not None:
        query = query.where(reader.seen())
    found = db.session.execute(query).all()
    said = _words_of([row[0] for row in found[:PAGE]])
    lines = [_line(row, said.get(row[0], []), reader) for row in found[:PAGE]]
    return lines, lines[-1].number if len(found) > PAGE else None


def _rows() -> Select[Any]:
    """Entries as they are stored, even where somebody wrote nonsense into a column."""
    at = type_coerce(Entry.at, String)
    columns: tuple[Any, ...] = (
        Entry.number, Entry.body, Entry.hash, at, Entry.deed, Entry.by_id, Entry.unit_id,
    )  # fmt: skip
    return select(*columns)


def _narrowed(query: Select[Any], asked: Asked, zone: str) -> Select[Any]:
    if asked.deed is not None:
        query = query.where(Entry.deed == asked.deed)
    if asked.by_id is not None or asked.by_system:
        query = query.where(Entry.by_id == asked.by_id)
    if asked.channel_id is not None:
        query = query.where(_about(asked.channel_id))
    if asked.from_on is not None:
        query = query.where(Entry.at >= clock.moment_on(asked.from_on, zone, time.min))
    if asked.until_on is not None:
        query = query.where(Entry.at < clock.moment_on(asked.until_on + timedelta(days=1), zone, time.min))
    if asked.number is not None:
        query = query.where(Entry.number == asked.number)
    if asked.text:
        found = Words.text.icontains(asked.text, autoescape=True)
        query = query.where(exists().where(Words.number == Entry.number, found))
    return query


def _about(channel_id: int) -> ColumnElement[bool]:
    """Entries that name the channel, one of its actions, or a meeting that has it on the agenda.

    An entry's text is searched as it is stored: it may be damaged, and then a database could not read it as JSON.
    """
    ended = func.replace(Entry.body, "}", ",")  # so that every number is followed by a comma
    action = literal('%"action":') + cast(Action.id, String) + ",%"
    meeting = literal('%"meeting":') + cast(AgendaLine.meeting_id, String) + ",%"
    return or_(
        ended.contains(f'"channel":{channel_id},'),
        Entry.body.contains(f'"review-of-channel-{channel_id}":'),
        Entry.deed.startswith("actions.")
        & exists().where(Action.channel_id == channel_id, ended.like(action)),
        Entry.deed.startswith("meetings.")
        & exists().where(AgendaLine.channel_id == channel_id, ended.like(meeting)),
    )


def one(reader: Reader, number: int) -> OneEntry | None:
    """One entry with its neighbours, checked; None if there is none with this number."""
    row = db.session.execute(_rows().where(Entry.number == number)).first()
    if row is None:
        return None
    near = select(Entry.number, Entry.hash)
    earlier = db.session.execute(
        near.where(Entry.number < number).order_by(Entry.number.desc()).limit(1)
    ).first()
    later = db.session.scalar(select(func.min(Entry.number)).where(Entry.number > number))
    follows = earlier is not None and earlier[0] == number - 1
    previous = earlier[1] if earlier is not None and follows else chain.START if number == 1 else ""
    query = select(Words.number, Words.field, Words.salt, Words.text).where(Words.number == number)
    said = [chain.Word(*each) for each in db.session.execute(query.order_by(Words.id))]
    stored = chain.Stored(row[0], row[1], row[2], as_written(row[3]), *row[4:])
    fault = chain.fault_of(stored, number, previous, said)
    line = _line(row, [(each.field, each.text) for each in said], reader)
    return OneEntry(line, previous, earlier[0] if earlier else None, later, said, fault)


def _line(row: Any, said: list[tuple[str, str | None]], reader: Reader) -> Line:
    number, body, digest, at, deed, by_id, unit_id = row
    if not reader.sees(unit_id, by_id):
        return Line(number, digest, shown=False)
    by = next((text for name, text in said if name == "by"), None)
    others = [(name, text) for name, text in said if name != "by"]
    return Line(number, digest, True, body, _moment(at), deed, by, by_id is None, _ids(body), others)


def _ids(body: str) -> dict[str, Any]:
    """What an entry says in numbers and keys; nothing where somebody damaged its text."""
    try:
        found = json.loads(body)["ids"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return {}
    return found if isinstance(found, dict) else {}


def _moment(at: Any) -> datetime | None:
    try:
        return (at if isinstance(at, datetime) else datetime.fromisoformat(str(at))).replace(tzinfo=UTC)
    except ValueError:
        return None


def _words_of(numbers: list[int]) -> dict[int, list[tuple[str, str | None]]]:
    query = select(Words.number, Words.field, Words.text).where(Words.number.in_(numbers)).order_by(Words.id)
    found: dict[int, list[tuple[str, str | None]]] = {}
    for number, name, text in db.session.execute(query):
        found.setdefault(number, []).append((name, text))
    return found


def people(reader: Reader) -> list[tuple[int, str]]:
    """Who did something that the reader may see, by name."""
    query = select(User.id, User.full_name).where(exists().where(Entry.by_id == User.id, reader.seen()))
    return [(key, name) for key, name in db.session.execute(query.order_by(User.full_name, User.id))]


def channels(reader: Reader) -> list[tuple[int, str]]:
    """The channels of the reader's units, in the order of the concept."""
    query = select(Channel.id, Channel.platform, Channel.name).join(Unit, Unit.id == Channel.unit_id)
    if reader.unit_ids is not None:
        query = query.where(Channel.unit_id.in_(reader.unit_ids))
    found = db.session.execute(query.order_by(Unit.position, Unit.id, Channel.position, Channel.id))
    return [(key, f"{platform} {name}") for key, platform, name in found]
