"""Pages: the statement for a committee or the public, to read, to copy, and as a PDF."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from tracker import clock, guard, journal, language, paper, taking_home
from tracker.evidence import queries
from tracker.evidence.statement import statement
from tracker.evidence.statement_sheet import Sheet, sheet
from tracker.evidence.views import room
from tracker.extensions import db
from tracker.models import Unit
from tracker.rules.deeds import Deed
from tracker.rules.slots import Slot, slot_on, slots_of_year

PARTS_OF_A_YEAR = (4, 2, 1)  # quarters, halves, the year


@dataclass(frozen=True)
class Asked:
    """The period and the language that were chosen."""

    period: Slot
    spoken: str
    units: frozenset[int] | None


@room.get("/evidence/statement")
@guard.allow(Deed.EVIDENCE_SEE)
def statement_page() -> Any:
    """The statement of a period; without one, of the last quarter that is over."""
    asked = _asked(request.args, Deed.EVIDENCE_SEE)
    on = language.today()
    first = queries.first_year(asked.units, on.year)
    periods = [
        slot
        for year in range(on.year, first - 1, -1)
        for n in PARTS_OF_A_YEAR
        for slot in slots_of_year(year, n)
        if slot.begins_on <= on
    ]
    return render_template(
        "evidence/statement.html",
        said=_said(asked),
        asked=asked,
        periods=periods,
        languages=language.LANGUAGES,
    )


@room.post("/evidence/statement.pdf")
@guard.allow(Deed.EVIDENCE_EXPORT)
def statement_pdf() -> Any:
    """The same on paper; noted before it leaves."""
    asked, on = _asked(request.form, Deed.EVIDENCE_EXPORT), language.today()
    number, digest = journal.head(db.session)
    with force_locale(asked.spoken):
        said, name = _said(asked), _("statement")
        values = {
            "title": said.title,
            "organisation": _organisation(),
            "language": asked.spoken,
            "made": _("Printed on %(moment)s", moment=language.moment(clock.now())),
            "words": {"page": _("Page"), "of": _("of")},
            "paragraph": said.paragraph,
            "heads": said.heads,
            "rows": said.rows,
            "seal": _("Journal entry %(number)s, hash %(hash)s", number=number, hash=digest),
        }
    try:
        made = paper.printed("statement.typ", values, clock.now())
    except paper.NotPrinted:
        current_app.logger.exception("The statement could not be printed.")
        flash(_("The PDF could not be typeset."), "warn")
        where = url_for("evidence.statement_page", period=asked.period.key, language=asked.spoken)
        return redirect(where, 303)
    ids = {"statement": asked.period.key}
    unit_id = next(iter(asked.units)) if asked.units and len(asked.units) == 1 else None
    taking_home.note("pdf", Deed.EVIDENCE_EXPORT, ids, on, asked.spoken, unit_id)
    db.session.commit()
    found = Response(made, mimetype="application/pdf")
    found.headers["Content-Disposition"] = f'attachment; filename="{name}-{asked.period.key}.pdf"'
    return found


def _asked(given: Any, deed: Deed) -> Asked:
    """404 for what is no period, or one that has not begun."""
    on = language.today()
    before = slot_on(slot_on(on, 4).begins_on, 4)
    last = (
        slots_of_year(before.year, 4)[before.number - 2]
        if before.number > 1
        else slots_of_year(on.year - 1, 4)[3]
    )
    try:
        period = Slot.of_key(given["period"]) if given.get("period") else last
    except ValueError:
        abort(404)
    if period.begins_on > on or period.n not in PARTS_OF_A_YEAR:
        abort(404)
    spoken = given.get("language", "")
    return Asked(period, spoken if spoken in language.LANGUAGES else language.chosen(), guard.units_for(deed))


def _said(asked: Asked) -> Sheet:
    units: list[str] = []
    if asked.units is not None:
        query = select(Unit.name).where(Unit.id.in_(asked.units)).order_by(Unit.position, Unit.id)
        units = list(db.session.scalars(query))
    found = statement(asked.period, language.today(), language.zone(), asked.units)
    with force_locale(asked.spoken):
        return sheet(found, _organisation(), units)


def _organisation() -> str:
    found = language.organisation()
    return found.name if found else "–"
