"""Pages: files that were asked for and are made in the background: how far they are, taking them, stopping them."""

import json
from typing import Any

from flask import abort, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _

from tracker import exports, guard
from tracker.evidence.export import in_short
from tracker.evidence.filters import Filters
from tracker.evidence.views import room
from tracker.exports import CHECK, DOSSIER, UNDER_WAY
from tracker.extensions import db
from tracker.models import Export
from tracker.rules.deeds import Deed


@room.get("/evidence/files")
@guard.allow(Deed.EVIDENCE_EXPORT)
def files() -> Any:
    """The files the person asked for, the newest first."""
    rows = exports.of_person(guard.signed_in().id)
    return render_template(
        "evidence/files.html",
        rows=[(row, in_short(Filters.read(json.loads(row.asked)))) for row in rows],
        under_way=sum(row.state in UNDER_WAY for row in rows),
        ready=sum(row.state == "done" for row in rows),
        DOSSIER=DOSSIER,
    )


@room.get("/evidence/files/<int:export_id>")
@guard.allow(Deed.EVIDENCE_EXPORT)
def download(export_id: int) -> Any:
    """The file. 404 for other people's, and for what the person may not see any more."""
    row = _mine(export_id)
    path = exports.folder() / row.name
    limit = guard.units_for(Deed.EVIDENCE_EXPORT)
    taken = Filters.read(json.loads(row.asked)).unit_ids
    seen = limit is None or (taken is not None and taken <= limit)
    if row.state != "done" or not seen or not path.is_file():
        abort(404)
    name = _("dossier") if row.form == DOSSIER else _("evidence")
    ending = "zip" if row.form == DOSSIER else row.form
    return send_file(path, as_attachment=True, download_name=f"{name}-{row.on.isoformat()}.{ending}")


@room.post("/evidence/files/<int:export_id>/cancel")
@guard.allow(Deed.EVIDENCE_EXPORT)
def cancel(export_id: int) -> Any:
    """Stop it, or throw the file away."""
    if exports.cancel(_mine(export_id)):
        db.session.commit()
        flash(_("The file was thrown away."), "done")
    return redirect(url_for("evidence.files"), 303)


def _mine(export_id: int) -> Export:
    row = db.session.get(Export, export_id)
    if row is None or row.form == CHECK or row.by_id != guard.signed_in().id:
        abort(404)
    return row
