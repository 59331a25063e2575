"""Making the files that were asked for and take long: one after the other, by whoever runs the timetable."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import IO
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker import accounts, clock, exports, language, paper, taking_home, xlsx_file
from tracker.dossier.contents import Scope
from tracker.dossier.packing import pack
from tracker.evidence import export, report, rows, stored
from tracker.evidence.columns import Row
from tracker.evidence.filters import Filters
from tracker.exports import DOSSIER, Cancelled, Maker
from tracker.extensions import db
from tracker.models import Export
from tracker.taking_home import Form


class NotAllowed(Exception):
    """Whoever asked may not have it by now; the text is one sentence."""


ONE = Lock()  # in one process one file at a time


def make_waiting() -> int:
    """Make every file that waits; how many. What another thread of this process is making is left to it."""
    if not ONE.acquire(blocking=False):
        return 0
    try:
        exports.clear()
        made = 0
        while (key := exports.claim()) is not None:
            make(key)
            made += 1
        return made
    finally:
        ONE.release()


def make(key: int) -> None:
    """Make one file, or say in its row why there is none."""
    row = db.session.get_one(Export, key)
    maker, path = Maker(row), exports.folder() / row.name
    part = path.with_name(f"{path.name}.part")
    keep = timedelta(days=current_app.config["EXPORT_DAYS"])
    with force_locale(row.language):
        try:
            with part.open("wb") as file:
                head = write(row, file, maker)
            part.replace(path)
            if not maker.done(path.stat().st_size, keep, head):
                raise Cancelled
        except Cancelled:
            exports.remove(path.name)
        except Exception as error:  # noqa: BLE001 - whoever asked is told, whatever it was
            db.session.rollback()  # before somebody else writes: the maker has a connection of its own
            exports.remove(path.name)
            maker.failed(_why(error, path))
        finally:
            db.session.rollback()


def write(row: Export, file: IO[bytes], maker: Maker) -> str:
    """Write the file of a row. Of a dossier it commits, and gives the head that stands for it; else nothing."""
    if not accounts.holds(row.by):
        raise NotAllowed(_("The account of whoever asked for it is no longer active."))
    filters, zone = Filters.read(json.loads(row.asked)), ZoneInfo(language.zone())
    scope, by, form = Scope(filters, row.on, zone, row.language), row.by, row.form
    if form == DOSSIER:
        return pack(file, scope, by, export.unit_of(filters), maker.step)
    taking_home.begin_snapshot()
    if form == Form.PDF:
        said = export.parameters(filters, scope.on, zone)
        file.write(report.pdf(filters, scope.on, said, clock.now()))
        return ""
    xlsx_file.write(file, export.listing(filters, scope.on, zone, _counted(filters, scope, maker)))
    return ""


def _counted(filters: Filters, scope: Scope, maker: Maker) -> Iterator[Row]:
    ids = stored.channel_ids(filters)
    for nth, made in enumerate(rows.by_channel(filters, ids, scope.on), start=1):
        maker.step(nth, len(ids))
        yield from made


def _why(error: Exception, path: Path) -> str:
    """One sentence for whoever asked; what nobody foresaw goes to the log."""
    if isinstance(error, xlsx_file.TooManyRows | report.TooLong | NotAllowed):
        return str(error)
    current_app.logger.error("The file %s could not be made.", path.name, exc_info=error)
    if isinstance(error, OSError):
        return _("It could not be written: %(why)s.", why=error.strerror or type(error).__name__)
    if isinstance(error, paper.NotPrinted):
        return _("The PDF could not be typeset. Narrow the period or take one unit.")
    return _("It could not be made. The server's log says why.")
