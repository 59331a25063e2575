"""Pages: the evidence with its filters, and its files."""

from typing import Any, cast

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import clock, guard, journal, json_file, language
from tracker.evidence import export as files
from tracker.evidence import queries, words
from tracker.evidence.columns import COLUMNS, WORDS
from tracker.evidence.forms import FilterForm
from tracker.evidence.paging import SORTS, Page, Place, page
from tracker.evidence.report import TooLong
from tracker.exports import DOSSIER
from tracker.extensions import db
from tracker.paper import NotPrinted
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
    form = filter_form(request.args, unit_ids)
    return _page(form, unit_ids)


def filter_form(given: Any, unit_ids: frozenset[int] | None) -> FilterForm:
    """The filters as somebody chose them, with what they may choose from."""
    form = FilterForm(given)
    form.offer(queries.choices(unit_ids, form.unit.data, form.channel.data))
    return form


def _page(form: FilterForm, unit_ids: frozenset[int] | None) -> Any:
    on, valid = language.today(), form.validate()
    sort = request.args.get("sort", "")
    sort = sort if sort.removeprefix("-") in SORTS else ""
    found = Page([], 0)
    if valid:
        number, at, to = (request.args.get(name, "") for name in ("page", "at", "to"))
        nth = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 1
        found = page(form.filters(unit_ids), on, nth, sort, Place.read(at), Place.read(to))
    entries, digest = journal.head(db.session)
    page_of_rows = render_template(
        "evidence/index.html",
        form=form,
        found=found,
        chosen=form.chosen,
        sort=sort,
        entries=entries,
        digest=digest,
        on=on,
        years=range(on.year, queries.first_year(unit_ids, on.year) - 1, -1),
        now=clock.now(),
        remarks=words.remarks,
        Outcome=Outcome,
    )  # fmt: skip
    return page_of_rows, 200 if valid else 422


@room.post("/evidence/export.<any(csv, xlsx, json, pdf, dossier):form>")
@guard.allow(Deed.EVIDENCE_EXPORT)
def export(form: str) -> Any:
    """The rows asked for as a file, at once or made in the background. Where something is wrong, the page says so."""
    unit_ids = guard.units_for(Deed.EVIDENCE_EXPORT)
    asked, on, spoken = filter_form(request.form, unit_ids), language.today(), language.chosen()
    if not asked.validate():
        return _page(asked, unit_ids)
    filters = asked.filters(unit_ids)
    if form == DOSSIER:
        filters = filters.of_scope()
    if files.takes_long(form, filters, language.today()):
        files.ask(form, filters, on, spoken, guard.signed_in())
        db.session.commit()
        return redirect(url_for("evidence.files"), 303)
    try:
        pieces = files.export(Form(form), filters, on, spoken)
    except (TooManyRows, TooLong) as refused:
        return _back(asked, str(refused))
    except NotPrinted:
        current_app.logger.exception("The report could not be printed.")
        return _back(asked, _("The PDF could not be typeset. Narrow the period or take one unit."))
    except OSError as failed:
        current_app.logger.exception("An export could not be written.")
        return _back(
            asked, _("It could not be written: %(why)s.", why=failed.strerror or type(failed).__name__)
        )
    return answer(Form(form), pieces, _("evidence"), on)


def _back(asked: FilterForm, said: str) -> Any:
    """The page as it was, with a sentence."""
    flash(said, "warn")
    return redirect(url_for("evidence.index", **cast(dict[str, Any], asked.chosen)), 303)


@room.get("/evidence/schema.json")
@guard.public
def schema() -> Any:
    """What the JSON of the evidence looks like, as a JSON Schema; also for scripts, which never sign in."""
    return jsonify(json_file.schema("evidence", COLUMNS, WORDS))
