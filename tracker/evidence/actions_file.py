"""What was agreed for channels, and what became of it, as a file."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from tracker.evidence import stored
from tracker.evidence.filters import Filters
from tracker.extensions import db
from tracker.listing import Column, Kind, Listing
from tracker.models import Action, Channel, Contact, Unit

COLUMNS = (
    Column("agreed_on", _l("Agreed"), Kind.DAY),
    Column("unit", _l("Unit"), Kind.TEXT),
    Column("platform", _l("Platform"), Kind.TEXT),
    Column("channel", _l("Channel"), Kind.TEXT),
    Column("what", _l("Action"), Kind.TEXT),
    Column("owner", _l("Owner"), Kind.TEXT),
    Column("due_on", _l("Due"), Kind.DAY),
    Column("done_on", _l("Done"), Kind.DAY),
    Column("done_note", _l("Note"), Kind.TEXT),
    Column("action_id", _l("Action no."), Kind.NUMBER),
)


class Line(NamedTuple):
    """One action."""

    agreed_on: date
    unit: str
    platform: str
    channel: str
    what: str
    owner: str
    due_on: date
    done_on: date | None
    done_note: str
    action_id: int


def lines(filters: Filters, on: date) -> Iterator[Line]:
    """Actions of channels in scope agreed within the period, until a day, in the order in which they were agreed."""
    yield from map(Line._make, db.session.connection().execute(_query(filters, on)))


def _query(filters: Filters, on: date) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = (
        select(
            Action.agreed_on, Unit.name, Channel.platform, Channel.name, Action.what, Contact.name, Action.due_on,
            Action.done_on, Action.done_note, Action.id,
        )
        .join(Channel, Action.channel_id == Channel.id)
        .join(Unit, Channel.unit_id == Unit.id)
        .join(Contact, Action.owner_id == Contact.id)
        .where(Action.channel_id.in_(stored.in_scope(filters)), Action.agreed_on <= on)
        .order_by(Action.agreed_on, Action.id)
    )  # fmt: skip
    if filters.from_on:
        query = query.where(Action.agreed_on >= filters.from_on)
    if filters.until_on:
        query = query.where(Action.agreed_on <= filters.until_on)
    return query


def listing(filters: Filters, on: date, zone: ZoneInfo, said: tuple[tuple[str, str], ...]) -> Listing:
    """The actions with what was asked for."""
    return Listing("actions", _("Actions"), COLUMNS, lines(filters, on), said, zone, str)
