"""One export from start to end: the file from one snapshot, then its entry in the journal, then the first byte.

The page and `flask export` both come here; so their rows are the same bytes.
"""

from collections.abc import Iterator
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import select

from tracker import clock, journal, language
from tracker.evidence import csv_file, words
from tracker.evidence.filters import Filters
from tracker.evidence.queries import begin_snapshot
from tracker.evidence.rows import rows
from tracker.extensions import db
from tracker.models import Channel, Unit
from tracker.rules.deeds import Deed

IN_MEMORY = 4 * 1024 * 1024  # bytes of a file that are kept in memory; more goes to a temporary file
PIECE = 64 * 1024  # bytes sent at once


def csv_export(filters: Filters, on: date, spoken: str) -> Iterator[bytes]:
    """Write the file, note the export, commit, and give the file back in pieces; `spoken` is the language of now.

    The one place of this room that commits by itself: the entry must stand before the first byte leaves. The head of
    the journal in the file is that of the snapshot its rows were read from; the export's own entry comes after it.
    """
    said, zone = csv_file.wording(language.zone()), language.zone()
    named, unit_id = _in_words(filters), _unit_of(filters)
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when its last piece was taken
    begin_snapshot()
    number, digest = journal.head(db.session)
    parameters = [
        *named,
        (_("As of"), on.isoformat()),
        (_("Made at"), clock.now().astimezone(said.zone).isoformat(timespec="seconds")),
        (_("Time zone"), zone),
        (_("Head of the journal: entry"), str(number)),
        (_("Head of the journal: hash"), digest),
    ]
    written = csv_file.write(file, rows(filters, on), parameters, said)
    db.session.rollback()  # the snapshot is over, and a new transaction may write
    ids = {**filters.named(), "rows": written, "format": "csv", "language": spoken, "on": on.isoformat()}
    journal.note(db.session, Deed.EVIDENCE_EXPORT, ids=ids, unit_id=unit_id)
    db.session.commit()
    return _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


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
    ]


def _names_of_units(filters: Filters) -> str:
    chosen = {filters.unit_id} if filters.unit_id is not None else filters.unit_ids
    if chosen is None:
        return ""
    return ", ".join(
        db.session.scalars(select(Unit.name).where(Unit.id.in_(chosen)).order_by(Unit.position, Unit.id))
    )
