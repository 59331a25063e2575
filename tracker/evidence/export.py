"""The evidence as a file: its rows, and what was asked for in words."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from tracker import clock, exports, language, taking_home
from tracker.evidence import report, stored, words
from tracker.evidence.columns import COLUMNS
from tracker.evidence.filters import Filters
from tracker.evidence.matrix import by_criterion
from tracker.evidence.portions import Span
from tracker.evidence.rows import rows
from tracker.exports import DOSSIER
from tracker.extensions import db
from tracker.listing import Listing
from tracker.models import Channel, Export, Unit, User
from tracker.rules.deeds import Deed
from tracker.steps import Step, unwatched
from tracker.taking_home import Form

MANY_CHANNELS = 300
MANY_REVIEWS = {Form.XLSX: 3000, Form.PDF: 400}


def export(form: Form, filters: Filters, on: date, spoken: str, step: Step = unwatched) -> Iterator[bytes]:
    """The rows asked for, as they stand on a day, in pieces of a file. It commits; see taking_home.take().

    Raises xlsx_file.TooManyRows, report.TooLong and paper.NotPrinted; then nothing is noted.
    """
    ids, unit_id, sought = filters.named(), unit_of(filters), {"text": filters.text}
    if form is Form.PDF:
        made = _printed(filters, on, step)
        taking_home.note(form, Deed.EVIDENCE_EXPORT, ids, on, spoken, unit_id, sought)
        db.session.commit()
        return iter((made,))

    def asked(zone: ZoneInfo) -> Listing:
        return listing(filters, on, zone, step)

    return taking_home.take(form, asked, Deed.EVIDENCE_EXPORT, ids, on, spoken, unit_id, sought)


def _printed(filters: Filters, on: date, step: Step) -> bytes:
    taking_home.begin_snapshot()
    try:
        said = parameters(filters, on, ZoneInfo(language.zone()))
        return report.pdf(filters, on, said, clock.now(), step)
    finally:
        db.session.rollback()


def takes_long(form: str, filters: Filters, on: date) -> bool:
    """Whether nobody should wait for it: it is made in the background then."""
    if form == DOSSIER:
        return True
    if form in {Form.CSV, Form.JSON}:
        return False  # they leave while they are made
    ids = stored.channel_ids(filters)
    return len(ids) > MANY_CHANNELS or not stored.fewer_reviews(
        ids, MANY_REVIEWS[Form(form)], Span.of(filters, on).held
    )


def ask(form: str, filters: Filters, on: date, spoken: str, by: User) -> Export:
    """Have it made in the background; noted in the journal now, since nobody is there later. Never commits."""
    taking_home.note(
        form, Deed.EVIDENCE_EXPORT, filters.named(), on, spoken, unit_of(filters), {"text": filters.text}
    )
    return exports.ask(
        form, spoken, on, {**filters.named(), **({"text": filters.text} if filters.text else {})}, by
    )


def listing(filters: Filters, on: date, zone: ZoneInfo, step: Step = unwatched) -> Listing:
    """The rows asked for with everything a file says beside them; `step` is told of how many channels they are read."""
    made = rows(filters, on, step)
    return Listing(
        "evidence", _("Evidence"), COLUMNS, made, parameters(filters, on, zone), zone, words.word,
        by_criterion(filters, on), taking_home.facts(on, filters.named()),
    )  # fmt: skip


def parameters(filters: Filters, on: date, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """What was asked for in words, as of when, and the head of the journal."""
    return (*_in_words(filters), *taking_home.circumstances(on, zone))


def unit_of(filters: Filters) -> int | None:
    """The unit the export is about, if it is about one."""
    if filters.channel_id is not None:
        return db.session.scalar(select(Channel.unit_id).where(Channel.id == filters.channel_id))
    only = next(iter(filters.unit_ids)) if filters.unit_ids and len(filters.unit_ids) == 1 else None
    return filters.unit_id or only


def in_short(filters: Filters) -> str:
    """What was asked for, in one line; only what was limited."""
    days = {one.isoformat(): language.day(one) for one in (filters.from_on, filters.until_on) if one}
    said = [(name, days.get(value, value)) for name, value in _in_words(filters)[1:] if value != _("all")]
    return "; ".join(f"{name}: {value}" for name, value in said)


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
