"""What the page of the access log reads: sign-ins and refusals, newest first, a page at a time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import exists, or_, select

from tracker import clock
from tracker.extensions import db
from tracker.models import Access, User
from tracker.rules.accounts import Attempt

PAGE = 100  # rows on a page


@dataclass(frozen=True)
class Asked:
    """What the log is narrowed to; None and False ask for all. The day is one of the organisation's zone."""

    kind: Attempt | None = None
    user_id: int | None = None
    by_unknown: bool = False
    on: date | None = None


@dataclass(frozen=True)
class Line:
    """One row as the page shows it; without a name nobody was known."""

    id: int
    at: datetime
    kind: Attempt
    user_id: int | None
    name: str | None
    about: str
    count: int


def page(asked: Asked, before: int | None, zone: str) -> tuple[list[Line], int | None]:
    """Rows, newest first, and before which id the older page begins; None if there is none."""
    columns = (Access.id, Access.at, Access.kind, Access.user_id, User.full_name, Access.about, Access.count)
    query = select(*columns).outerjoin(User, User.id == Access.user_id).order_by(Access.id.desc())
    if asked.kind is not None:
        query = query.where(Access.kind == asked.kind)
    if asked.user_id is not None or asked.by_unknown:
        query = query.where(Access.user_id == asked.user_id)
    if asked.on is not None:
        begins, ends = (clock.moment_on(day, zone, time.min) for day in (asked.on, asked.on + timedelta(1)))
        query = query.where(Access.at >= begins, Access.at < ends)
    if before is not None:
        query = query.where(Access.id < before)
    found = [Line(*row) for row in db.session.execute(query.limit(PAGE + 1))]
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def people(asked: str | None) -> list[tuple[int, str]]:
    """Who stands in the log, by name; and whoever is `asked` for by id."""
    known = asked is not None and asked.isascii() and asked.isdigit() and len(asked) < 10
    noted = exists().where(Access.user_id == User.id)
    query = select(User.id, User.full_name).where(or_(noted, User.id == int(asked or 0)) if known else noted)
    return [(key, name) for key, name in db.session.execute(query.order_by(User.full_name, User.id))]


def is_empty() -> bool:
    """Whether nothing was noted yet, or all of it is past its days."""
    return db.session.scalar(select(Access.id).limit(1)) is None
