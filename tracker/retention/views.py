"""Pages: what would be replaced, doing it, the years, and texts to be erased by hand."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import column_words, guard, language
from tracker.extensions import db
from tracker.models import Organisation
from tracker.retention import changes
from tracker.retention import texts as own_texts
from tracker.retention.forms import RunForm, YearsForm
from tracker.retention.preview import preview
from tracker.retention.queries import Past
from tracker.rules.deeds import Deed

room = Blueprint("retention", __name__, url_prefix="/retention")


@room.context_processor
def _words() -> dict[str, Any]:
    return {"thing": column_words.thing, "part": column_words.part}


@room.get("")
@guard.allow(Deed.RETENTION_SEE)
def index() -> Any:
    """The years, and what would be replaced today."""
    return _page(_organisation(), YearsForm(data={"years": _organisation().retention_years}), RunForm())


@room.post("/years")
@guard.allow(Deed.RETENTION_SET)
def years() -> Any:
    """Set them, or switch it off."""
    row, form = _organisation(lock=True), YearsForm()
    if not form.validate():
        return _page(row, form, RunForm()), 422
    changed = changes.set_years(row, form.years.data)
    db.session.commit()
    flash(_("The years are set.") if changed else _("It is so already. Nothing was changed."), "info")
    return redirect(url_for("retention.index"), 303)


@room.post("/run")
@guard.allow(Deed.RETENTION_RUN)
def run() -> Any:
    """Replace what the page has shown; where something else would be done by now, it is shown anew."""
    row, form = _organisation(lock=True), RunForm()
    past = _past(row)
    if past is None:
        return _off()
    if not form.validate():
        return _page(row, YearsForm(data={"years": row.retention_years}), form), 422
    if form.sign.data != preview(past).sign:
        flash(_("Meanwhile something else would be replaced. Please look at it again."), "warn")
        return redirect(url_for("retention.index"), 303)
    done = changes.run(row, past)
    db.session.commit()
    flash(_("Done: %(n)s values replaced, %(k)s texts of the journal erased.",
            n=sum(one.count for one in done.counts), k=done.words), "info")  # fmt: skip
    return redirect(url_for("retention.index"), 303)


@room.get("/texts")
@guard.allow(Deed.RETENTION_ERASE)
def texts() -> Any:
    """What people wrote freely, past its years."""
    past = _past(_organisation())
    if past is None:
        return _off()
    page = max(1, min(request.args.get("page", 1, type=int), 10**6))
    found, more = own_texts.texts(past, page)
    return render_template("retention/texts.html", texts=found, more=more, page=page, past=past)


@room.post("/texts/erase")
@guard.allow(Deed.RETENTION_ERASE)
def erase() -> Any:
    """Erase one of them. 404 for what is no such text."""
    past = _past(_organisation(lock=True))
    if past is None:
        return _off()
    key = request.form.get("row", type=int)
    table, column = request.form.get("table", ""), request.form.get("column", "")
    if key is None or not 0 < key <= guard.LARGEST_ID or not own_texts.erase(past, table, column, key):
        abort(404)
    db.session.commit()
    flash(_("The text is erased."), "info")
    return redirect(url_for("retention.texts", page=request.args.get("page", 1, type=int)), 303)


def _off() -> Any:
    flash(_("Switched off: nothing is ever replaced."), "info")
    return redirect(url_for("retention.index"), 303)


def _organisation(lock: bool = False) -> Organisation:
    return db.session.get(Organisation, 1, with_for_update=True if lock else None) or abort(404)


def _past(row: Organisation) -> Past | None:
    if row.retention_years is None:
        return None
    return Past.of(language.today(), row.retention_years, language.zone())


def _page(row: Organisation, years_form: YearsForm, run_form: RunForm) -> str:
    past = _past(row)
    found = preview(past) if past else None
    if found:
        run_form.sign.data = found.sign
    return render_template(
        "retention/index.html", row=row, found=found, years_form=years_form, run_form=run_form
    )
