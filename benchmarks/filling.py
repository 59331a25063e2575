"""Any size of installation, written by the database itself: from 11 channels to 100,000, from 16 slots to 400.

Rows come from INSERT … SELECT, so that much costs little; every constraint and every lock is asked, as for rows that
the pages write. What a channel was rated is drawn by arithmetic: it is the same on SQLite and PostgreSQL.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import BigInteger, ColumnElement, case, cast, insert, literal, select, union_all, update
from sqlalchemy import String as Words

from tracker import clock
from tracker.app import create_app
from tracker.extensions import db
from tracker.models import (
    Channel,
    Contact,
    Meeting,
    MeetingHead,
    Obligation,
    Organisation,
    Rating,
    Review,
    StateChange,
    Unit,
)
from tracker.rules.slots import Slot, slots_of_year
from tracker.rules.words import ChannelState, Criterion, Level

ZONE = "Europe/Berlin"
SECRETS = {"SECRET_KEY": "of a measurement", "SECURITY_PASSWORD_SALT": "of a measurement"}
PLATFORMS = ("Mastodon", "LinkedIn", "Instagram", "YouTube", "Facebook")
REASON = "Impressum und Datenschutzerklärung sind erst nach zwei Klicks zu finden."
DAYS_IN = 44  # of a quarter, until its meeting
ONE_REMARK_OF = 16
CACHE_KB = 200_000  # while it is filled, or SQLite writes every page many times
PRIME = 2**31 - 1
ALL = ((1, PRIME),)
FIRST_OF_ALL = ((1, 200), (201, 2_000), (2_001, PRIME))


@dataclass(frozen=True)
class Size:
    """How much there is to be: so many quarters, the last of which has begun by `until`.

    Each is reviewed in its middle, by one meeting, where that day has come. One channel in `one_skipped_of` was not
    discussed in a meeting, drawn for each; in the last meeting one in `one_overdue_of`.
    """

    channels: int
    slots: int
    until: date
    units: int = 1
    contacts: int = 1
    one_skipped_of: int = 8
    one_overdue_of: int = 8

    @property
    def quarters(self) -> list[Slot]:
        """The slots, in their order."""
        years = range(self.until.year - self.slots // 4 - 1, self.until.year + 1)
        found = [one for year in years for one in slots_of_year(year, 4)]
        return [one for one in found if one.begins_on <= self.until][-self.slots :]

    @property
    def held_on(self) -> list[date]:
        """The days of the meetings."""
        days = [one.begins_on + timedelta(days=DAYS_IN) for one in self.quarters]
        return [day for day in days if day <= self.until]


@contextmanager
def empty(url: str = "", **settings: Any) -> Iterator[Flask]:
    """An app on a migrated database with nothing in it, outside any context: requests bring their own, as served."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {**SECRETS, "BASE_URL": "http://tracker.example.org", **settings}
        app = create_app(
            {"DATABASE_URL": url or f"sqlite:///{folder}/tracker.sqlite", **settings}, Path(folder)
        )
        with app.app_context():
            upgrade()
        try:
            yield app
        finally:
            with app.app_context():
                db.engine.dispose()


@contextmanager
def filled(size: Size, url: str = "", **settings: Any) -> Iterator[Flask]:
    """The same with an organisation of a size in it."""
    with empty(url, **settings) as app:
        with app.app_context():
            fill(size)
        yield app


def fill(size: Size) -> None:
    """An organisation of this size in an empty database, its reminders confirmed long ago; commits."""
    long_ago = clock.moment_on(date(1900, 1, 1), ZONE)
    row = {"id": 1, "name": "IHK Beispiel", "timezone": ZONE, "language": "de", "holiday_region": "DE-BW"}
    db.session.add(Organisation(**row, reminders_confirmed_at=long_ago))
    db.session.flush()
    if db.engine.dialect.name == "sqlite":
        db.session.connection().exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KB}")
    _channels(size)
    days = size.held_on
    for nth, day in enumerate(days):
        hold_meeting(nth, day, size.one_overdue_of if day == days[-1] else size.one_skipped_of)
        db.session.commit()
    _look_at_sizes()
    db.session.commit()


def _channels(size: Size) -> None:
    since = size.quarters[0].begins_on
    begun = {"from_on": since, "cause": "Konzept", "created_at": clock.moment_on(since, ZONE)}
    n = _numbers(size.contacts)
    mailbox = _with_number("kanal", n.c.k) + "@example.org"
    _insert(Contact, {"name": _with_number("Postfach ", n.c.k), "email": mailbox}, n, n.c.k)
    n = _numbers(size.units)
    named = {"key": _with_number("einheit-", n.c.k), "name": _with_number("Einheit ", n.c.k)}
    _insert(Unit, {**named, "position": n.c.k}, n, n.c.k)
    k = (n := _numbers(size.channels)).c.k
    of_channel = {
        "unit_id": (k - 1) * size.units // size.channels + 1,
        "platform": case(dict(enumerate(PLATFORMS)), value=k % len(PLATFORMS)),
        "name": _with_number("Kanal ", k),
        "position": k,
        "contact_id": (k - 1) % size.contacts + 1,
    }
    _insert(Channel, of_channel, n, k)
    _insert(StateChange, {"channel_id": Channel.id, "state": ChannelState.ACTIVE, **begun}, Channel)
    owed = {"channel_id": Channel.id, "reviews_per_year": 4, "criteria": frozenset(Criterion), **begun}
    _insert(Obligation, owed, Channel)


def hold_meeting(nth: int, day: date, one_skipped_of: int) -> None:
    """A meeting, closed from below: reviews, then the head, then itself, as the locks ask."""
    at = clock.moment_on(day, ZONE)
    meeting = Meeting(planned_on=day, planned_at=at)
    db.session.add(meeting)
    db.session.flush()
    discussed = _drawn(Channel.id, nth) % one_skipped_of != 0
    of_channel = {"channel_id": Channel.id, "platform": Channel.platform, "channel_name": Channel.name}
    plain = {
        "meeting_id": meeting.id,
        "unit_name": Unit.name,
        "by_name": "Jonas Brandt",
        "by_roles": "editor",
        "reason": "",
    }
    joined = Channel.__table__.join(Unit.__table__)
    for first, last in FIRST_OF_ALL if nth == 0 else ALL:
        of_these = Channel.id.between(first, last) & discussed
        _insert(Review, {**of_channel, **plain}, joined, Channel.id, where=of_these)
        _ratings(Review.meeting_id == meeting.id, Review.channel_id.between(first, last), nth, at)
        if nth == 0:
            _look_at_sizes()
    head = MeetingHead(meeting_id=meeting.id, version=1, held_on=day, chair="Katrin Seidel",
                       minute_taker="Jonas Brandt", by_name="Jonas Brandt", written_at=at)  # fmt: skip
    db.session.add(head)
    db.session.flush()
    db.session.execute(update(Review).where(Review.meeting_id == meeting.id).values(closed_at=at))
    head.closed_at = at
    db.session.flush()
    meeting.closed_at = at
    db.session.flush()


def _ratings(of_meeting: Any, of_channels: Any, nth: int, at: datetime) -> None:
    criteria = union_all(*(select(literal(at).label("at"), literal(one.value).label("word"))
                           for at, one in enumerate(Criterion))).subquery()  # fmt: skip
    remarked = _drawn(Review.channel_id * 3 + criteria.c.at, nth + 1000) % ONE_REMARK_OF == 0
    rated = {
        "review_id": Review.id,
        "criterion": criteria.c.word,
        "level": case((remarked, Level.REMARK.value), else_=Level.CLEAR.value),
        "reason": case((remarked, REASON), else_=""),
        "unchanged": False,
        "entered_at": at,
    }
    pairs = Review.__table__.join(criteria, literal(value=True))
    _insert(Rating, rated, pairs, Review.id, criteria.c.at, where=of_meeting & of_channels)


def _look_at_sizes() -> None:
    """So that PostgreSQL's locks ask an index from then on, not a table that they think is empty."""
    if db.engine.dialect.name == "postgresql":
        db.session.connection().exec_driver_sql("ANALYZE")


def _numbers(count: int) -> Any:
    """A table of the numbers from 1; both databases count by recursion."""
    found = select(literal(1).label("k")).cte("numbers", recursive=True)
    return found.union_all(select(found.c.k + 1).where(found.c.k < count))


def _with_number(text: str, k: Any) -> Any:
    return literal(text) + cast(k, Words)


def _drawn(k: Any, nth: int) -> Any:
    """A number for a channel and a meeting that looks like chance: squared twice, modulo a prime."""
    once = (cast(k, BigInteger) * 26_544_357 + nth * 40_503_731 + 12_345) % PRIME
    mixed = (once * once + nth * 1_103_515_245) % PRIME
    return mixed * mixed % PRIME // 64


def _insert(model: Any, found: dict[str, Any], source: Any, *order: Any, where: Any = None) -> None:
    """Rows from a query; what is no column there is a value that stands in all of them."""
    table = model.__table__
    columns = [_as_column(one, table.c[name].type) for name, one in found.items()]
    query = select(*columns).select_from(source).order_by(*order)
    db.session.execute(insert(table).from_select(list(found), query if where is None else query.where(where)))


def _as_column(value: Any, kind: Any) -> Any:
    return (
        value
        if isinstance(value, ColumnElement) or hasattr(value, "__clause_element__")
        else literal(value, kind)
    )
