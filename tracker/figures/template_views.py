"""Pages: the template to fill in, as a file, for a period and as many before it as one asks for."""

import io
from typing import Any

from flask import abort, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _

from tracker import guard
from tracker.figures import periods, queries, template_file
from tracker.figures.views import asked_period, room
from tracker.rules.deeds import Deed

KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@room.get("/template/<kind>")
@guard.allow(Deed.FIGURES_UPLOAD)
def template(kind: str) -> Any:
    """The file to fill in: the channels one may enter figures for, each in the periods in which it was run."""
    if kind not in KINDS:
        abort(404)
    period, wrong = asked_period()
    if wrong:
        flash(wrong, "warn")
        return redirect(url_for("figures.upload"))
    asked = periods.until(period, periods.counted(request.args.get("count", "")))
    units = guard.units_for(Deed.FIGURES_UPLOAD)
    run = {one: queries.run_in(one, units) for one in asked}
    ids = {one.id for of in run.values() for one in of}
    channels = [one for one in queries.channels(units) if one.id in ids]
    first = next((one for one in asked if run[one]), period)
    known = queries.around([one.id for one in channels], first)
    filled = template_file.lines(channels, known, run)
    if kind == "csv":
        data = template_file.as_csv(filled)
    else:
        data = template_file.as_xlsx(filled, template_file.last_lines(channels, known, first))
    spans = dict.fromkeys(periods.file_words(one) for one in (first, period))
    name = "-".join((_("figures"), *spans)) + f".{kind}"
    return send_file(io.BytesIO(data), mimetype=KINDS[kind], as_attachment=True, download_name=name)
