"""One export from start to end: journal first, commit, then the file from one snapshot that nobody can change.

The page and `flask export` both come here; so their rows are the same bytes.
"""

from collections.abc import Generator, Iterator
from contextvars import copy_context
from datetime import date

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import select

from tracker import clock, journal, language
from tracker.evidence import csv_file, words
from tracker.evidence.filters import Filters
from tracker.evidence.queries import begin_snapshot
from tracker.evidence.rows import count, rows
from tracker.extensions import db
from tracker.models import Channel, Unit
from tracker.rules.deeds import Deed


def csv_export(filters: Filters, on: date, spoken: str) -> Iterator[bytes]:
    """Note the export, commit it, and give back the file in pieces, in the language `spoken` that is set by now.

    The one place of this room that commits by itself: the entry must stand before the first byte leaves.
    """
    said, zone = csv_file.wording(language.zone()), language.zone()
    named = _in_words(filters)
    ids = {
        **filters.named(),
        "rows": count(filters, on),
        "format": "csv",
        "language": spoken,
        "on": on.isoformat(),
    }
    journal.note(db.session, Deed.EVIDENCE_EXPORT, ids=ids, unit_id=_unit_of(filters))
    db.session.commit()
    parameters = [
        *named,
        (_("As of"), on.isoformat()),
        (_("Made at"), clock.now().astimezone(said.zone).isoformat(timespec="seconds")),
        (_("Time zone"), zone),
    ]
    heads = _("Head of the journal: entry"), _("Head of the journal: hash")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return _apart(_from_snapshot(app, filters, on, parameters, heads, said))


def _from_snapshot(
    app: Flask,
    filters: Filters,
    on: date,
    parameters: list[tuple[str, str]],
    heads: tuple[str, str],
    said: csv_file.Wording,
) -> Generator[bytes, None, None]:
    """The file, read on a connection of its own, which is given back when the last byte was taken or nobody waits."""
    with app.app_context():
        begin_snapshot()
        number, digest = journal.head(db.session)
        parameters = [*parameters, (heads[0], str(number)), (heads[1], digest)]
        yield from csv_file.lines(rows(filters, on), count(filters, on), parameters, said)


def _apart(pieces: Generator[bytes, None, None]) -> Iterator[bytes]:
    """The same pieces, made in a context of their own: it does not matter who asks for the next one, or from where."""
    context = copy_context()
    try:
        while (piece := context.run(next, pieces, None)) is not None:
            yield piece
    finally:
        context.run(pieces.close)


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
