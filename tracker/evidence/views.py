"""Pages: the evidence with its filters and its export, and the journal."""

from typing import Any, cast

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import clock, guard, journal, json_file, language
from tracker.evidence import queries, words
from tracker.evidence.columns import COLUMNS, WORDS
from tracker.evidence.export import export as take_home
from tracker.evidence.forms import FilterForm, JournalForm
from tracker.evidence.rows import page
from tracker.extensions import db
from tracker.rules.deeds import Deed
from tracker.rules.words import Outcome
from tracker.taking_home import Form, answer
from tracker.xlsx_file import TooManyRows

room = Blueprint("evidence", __name__)


@room.get("/evidence")
@guard.allow(Deed.EVIDENCE_SEE)
def index() -> Any:
    """The rows asked for, a hundred a page."""
    unit_ids = guard.units_for(Deed.EVIDENCE_SEE)
    form = _filter_form(request.args, unit_ids)
    return _page(form, unit_ids)


def _filter_form(given: Any, unit_ids: frozenset[int] | None) -> FilterForm:
    form = FilterForm(given)
    form.offer(queries.choices(unit_ids))
    return form


def _page(form: FilterForm, unit_ids: frozenset[int] | None) -> Any:
    on, valid = language.today(), form.validate()
    wanted = request.args.get("page", 1, type=int)
    rows, number, total = page(form.filters(unit_ids), on, wanted, queries.PAGE) if valid else ([], 1, 0)
    entries, digest = journal.head(db.session)
    page_of_rows = render_template(
        "evidence/index.html",
        form=form,
        rows=rows,
        total=total,
        page=number,
        pages=max(1, -(-total // queries.PAGE)),
        chosen=form.chosen,
        entries=entries,
        digest=digest,
        on=on,
        years=range(on.year, queries.first_year(unit_ids, on.year) - 1, -1),
        now=clock.now(),
        remarks=words.remarks,
        Outcome=Outcome,
    )  # fmt: skip
    return page_of_rows, 200 if valid else 422


@room.post("/evidence/export.<any(csv, xlsx, json):form>")
@guard.allow(Deed.EVIDENCE_EXPORT)
def export(form: str) -> Any:
    """The rows asked for as a file. Where the filters are wrong, or there are too many rows, the page says so."""
    unit_ids = guard.units_for(Deed.EVIDENCE_EXPORT)
    asked, kind, on = _filter_form(request.form, unit_ids), Form(form), language.today()
    if not asked.validate():
        return _page(asked, unit_ids)
    try:
        pieces = take_home(kind, asked.filters(unit_ids), on, language.chosen())
    except TooManyRows as refused:
        flash(str(refused), "warn")
        return redirect(url_for("evidence.index", **cast(dict[str, Any], asked.chosen)), 303)
    return answer(kind, pieces, _("evidence"), on)


@room.get("/evidence/schema.json")
@guard.allow(Deed.EVIDENCE_SEE)
def schema() -> Any:
    """What the JSON of the evidence looks like, as a JSON Schema."""
    return jsonify(json_file.schema("evidence", COLUMNS, WORDS))


@room.get("/journal", endpoint="journal")
@guard.allow(Deed.JOURNAL_SEE)
def journal_entries() -> Any:
    """The journal, newest entry first."""
    form = JournalForm(request.args)
    form.offer()
    valid = form.validate()
    reader = queries.Reader(guard.units_for(Deed.JOURNAL_SEE), guard.signed_in().id)
    before = request.args.get("before", type=int)
    if before is not None and abs(before) > guard.LARGEST_ID:
        before = None
    lines: list[queries.Line] = []
    older = None
    if valid:
        lines, older = queries.journal_page(
            reader, form.deed.data or None, form.on.data, before, language.zone()
        )
    entries, digest = journal.head(db.session)
    shown = render_template(
        "evidence/journal.html",
        form=form,
        lines=lines,
        older=older,
        before=before,
        entries=entries,
        digest=digest,
        deed_word=words.deed,
        field_word=words.field,
    )
    return shown, 200 if valid else 422
