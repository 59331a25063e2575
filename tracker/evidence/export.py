"""The evidence as a file: its rows, and what was asked for in words."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from tracker import language, taking_home
from tracker.evidence import words
from tracker.evidence.columns import COLUMNS
from tracker.evidence.filters import Filters
from tracker.evidence.rows import rows
from tracker.extensions import db
from tracker.listing import Listing
from tracker.models import Channel, Unit
from tracker.rules.deeds import Deed
from tracker.taking_home import Form


def export(form: Form, filters: Filters, on: date, spoken: str) -> Iterator[bytes]:
    """The rows asked for, as they stand on a day, in pieces of a file. It commits; see taking_home.take()."""
    named, unit_id = _in_words(filters), _unit_of(filters)

    def listing(zone: ZoneInfo) -> Listing:
        parameters = (*named, *taking_home.circumstances(on, zone))
        return Listing("evidence", _("Evidence"), COLUMNS, rows(filters, on), parameters, zone, words.word)

    return taking_home.take(
        form, listing, Deed.EVIDENCE_EXPORT, filters.named(), on, spoken, unit_id, {"text": filters.text}
    )


def _unit_of(filters: Filters) -> int | None:
    """The unit the export is about, if it is about one."""
    if filters.channel_id is not None:
        return db.session.scalar(select(Channel.unit_id).where(Channel.id == filters.channel_id))
    only = next(iter(filters.unit_ids)) if filters.unit_ids and len(filters.unit_ids) == 1 else None
    return filters.unit_id or only


def _in_words(filters: Filters) -> list[tuple[str, str]]:
    """What was asked for, as the lines below the rows say it; what was not limited is said as well."""
    everything = _("all")
    found = language.organisation()
    units = _names_of_units(filters) or everything
    channel = db.session.get(Channel, filters.channel_id) if filters.channel_id else None
    return [
        (_("Organisation"), found.name if found else "–"),
        (_("Period from"), filters.from_on.isoformat() if filters.from_on else everything),
        (_("Period until"), filters.until_on.isoformat() if filters.until_on else everything),
        (_("Unit"), units),
        (_("Channel"), f"{channel.platform} {channel.name}" if channel else everything),
        (_("Platform"), filters.platform or everything),
        (_("Criterion"), words.word(filters.criterion) if filters.criterion else everything),
        (_("Level"), words.word(filters.level) if filters.level else everything),
        (_("Outcome"), words.word(filters.outcome) if filters.outcome else everything),
        (_("Decision"), words.word(filters.decision) if filters.decision else everything),
        (_("Marked as"), words.word(filters.mark) if filters.mark else everything),
        (_("Text in a reason or explanation"), filters.text or everything),
    ]


def _names_of_units(filters: Filters) -> str:
    chosen = {filters.unit_id} if filters.unit_id is not None else filters.unit_ids
    if chosen is None:
        return ""
    return ", ".join(
        db.session.scalars(select(Unit.name).where(Unit.id.in_(chosen)).order_by(Unit.position, Unit.id))
    )
