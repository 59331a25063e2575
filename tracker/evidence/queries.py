"""What this room reads: what can be chosen, and the whole journal to be checked."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import String, and_, func, or_, select, type_coerce

from tracker import taking_home
from tracker.evidence import chain
from tracker.evidence.against_queries import Compared, compared
from tracker.extensions import db
from tracker.models import Channel, Entry, Obligation, Unit, Words, locks
from tracker.steps import Step, unwatched

MOST_CHANNELS = 300  # in a list to choose from
AT_ONCE = 1000  # rows fetched at once where everything is read
CHAIN = "chain"  # the first part of the check

T = TypeVar("T")


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
    too_many: bool  # channels to list them all: a unit is to be chosen first


def choices(unit_ids: frozenset[int] | None, unit: str | None = None, channel: str | None = None) -> Choices:
    """Units, channels and platforms that a reader may see; of very many channels only those of the chosen unit, and
    the one that is chosen.
    """
    units = select(Unit.id, Unit.name).order_by(Unit.position, Unit.id)
    channels = select(Channel.id, Channel.platform, Channel.name).join(Channel.unit)
    platforms = select(Channel.platform).distinct()
    if unit_ids is not None:
        units = units.where(Unit.id.in_(unit_ids))
        channels = channels.where(Channel.unit_id.in_(unit_ids))
        platforms = platforms.where(Channel.unit_id.in_(unit_ids))
    count = db.session.scalar(select(func.count()).select_from(channels.subquery())) or 0
    if count > MOST_CHANNELS:
        few = select(Channel.unit_id).group_by(Channel.unit_id).having(func.count() <= MOST_CHANNELS)
        of_unit = and_(Channel.unit_id == _id(unit), Channel.unit_id.in_(few))
        channels = channels.where(or_(of_unit, Channel.id == _id(channel)))
    found = db.session.execute(channels.order_by(Unit.position, Unit.id, Channel.position, Channel.id)).all()
    return Choices(
        units=[(key, name) for key, name in db.session.execute(units)],
        channels=[(key, f"{platform} {name}") for key, platform, name in found],
        platforms=sorted(db.session.scalars(platforms), key=str.casefold),
        too_many=count > MOST_CHANNELS,
    )


def _id(text: str | None) -> int:
    """0, which no row has, for what is no id."""
    known = text is not None and text.isascii() and text.isdigit() and len(text) < 10
    return int(text or 0) if known else 0


@dataclass(frozen=True)
class Verified:
    """What checking everything found: the chain, what is closed against it, and locks that are missing or changed."""

    chain: chain.Verdict
    closed: Compared
    faulty_locks: list[str]
    lost: bool  # a head was sought and is not in the chain

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return self.chain.broken is None and not (self.lost or self.closed.findings or self.faulty_locks)


def verified(sought: str | None, step: Step = unwatched) -> Verified:
    """Everything checked from one snapshot. What is closed is compared with a chain that is whole only.

    `step` is told of the entries: how many follow from the one before, then of how many the rows were compared.
    """
    taking_home.begin_snapshot()
    with closing(_stored()) as entries, closing(_stored_words()) as words:
        total = db.session.scalar(select(func.max(Entry.number))) or 0
        verdict = chain.check(_told(entries, total, step), words, sought)
    closed = compared(step) if verdict.broken is None else Compared()
    lost = sought is not None and verdict.sought_at is None
    return Verified(verdict, closed, locks.faulty_locks(db.session.connection()), lost)


def _told(entries: Iterable[T], total: int, step: Step) -> Iterator[T]:
    for nth, entry in enumerate(entries):
        if nth % AT_ONCE == 0:
            step(nth, total, CHAIN)
        yield entry


def _stored() -> Generator[chain.Stored, None, None]:
    """All entries as they are stored, even where somebody wrote nonsense into a column."""
    at = type_coerce(Entry.at, String)
    query = select(Entry.number, Entry.body, Entry.hash, at, Entry.deed, Entry.by_id, Entry.unit_id)
    with db.session.execute(query.order_by(Entry.number), execution_options={"yield_per": AT_ONCE}) as result:
        for number, body, digest, moment, deed, by, unit in result:
            yield chain.Stored(number, str(body), str(digest), as_written(moment), str(deed), by, unit)


def as_written(at: Any) -> str:
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
