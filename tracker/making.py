"""Doing what was asked for and takes long, a file or a check: one after the other, by whoever runs the timetable."""

import json
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
from tracker.evidence import checking, export, report
from tracker.evidence.filters import Filters
from tracker.exports import CHECK, DOSSIER, Cancelled, Maker
from tracker.extensions import db
from tracker.models import Export
from tracker.steps import Step
from tracker.taking_home import Form


class NotAllowed(Exception):
    """Whoever asked may not have it by now; the text is one sentence."""


ONE = Lock()  # in one process one at a time


def make_waiting() -> int:
    """Make everything that waits; how much. What another thread of this process is making is left to it."""
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
    """Make one file, or check everything; or say in its row why nothing came of it."""
    row = db.session.get_one(Export, key)
    maker, path, form = Maker(row), exports.folder() / row.name, row.form
    with force_locale(row.language):
        try:
            if not accounts.holds(row.by):
                raise NotAllowed(_("The account of whoever asked for it is no longer active."))
            made = _check(row, maker) if form == CHECK else _file(row, maker, path)
            if not made:
                raise Cancelled
        except Cancelled:
            exports.remove(path.name)
        except Exception as error:  # noqa: BLE001 - whoever asked is told, whatever it was
            db.session.rollback()  # before somebody else writes: the maker has a connection of its own
            exports.remove(path.name)
            maker.failed(_why(error, form, key))
        finally:
            db.session.rollback()


def _check(row: Export, maker: Maker) -> bool:
    return maker.done(checking.work(json.loads(row.asked).get("head", ""), maker.step))


def _file(row: Export, maker: Maker, path: Path) -> bool:
    part = path.with_name(f"{path.name}.part")
    keep = timedelta(days=current_app.config["EXPORT_DAYS"])
    with part.open("wb") as file:
        head = write(row, file, maker.step)
    part.replace(path)
    return maker.done(head, path.stat().st_size, keep)


def write(row: Export, file: IO[bytes], step: Step) -> str:
    """Write the file of a row. Of a dossier it commits, and gives the head that stands for it; else nothing."""
    filters, zone = Filters.read(json.loads(row.asked)), ZoneInfo(language.zone())
    scope, by, form = Scope(filters, row.on, zone, row.language), row.by, row.form
    if form == DOSSIER:
        return pack(file, scope, by, export.unit_of(filters), step)
    taking_home.begin_snapshot()
    if form == Form.PDF:
        said = export.parameters(filters, scope.on, zone)
        file.write(report.pdf(filters, scope.on, said, clock.now(), step))
        return ""
    xlsx_file.write(file, export.listing(filters, scope.on, zone, step))
    return ""


def _why(error: Exception, form: str, key: int) -> str:
    """One sentence for whoever asked; what nobody foresaw goes to the log."""
    if isinstance(error, xlsx_file.TooManyRows | report.TooLong | NotAllowed):
        return str(error)
    current_app.logger.error(
        "What was asked for as number %s (%s) could not be made.", key, form, exc_info=error
    )
    if form == CHECK:
        return _("The check could not be finished. The server's log says why.")
    if isinstance(error, OSError):
        return _("It could not be written: %(why)s.", why=error.strerror or type(error).__name__)
    if isinstance(error, paper.NotPrinted):
        return _("The PDF could not be typeset. Narrow the period or take one unit.")
    return _("It could not be made. The server's log says why.")
