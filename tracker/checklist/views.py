"""Pages: the checklist and the prompts, one item with all its wordings, their order, and the setting."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField

from tracker import guard, language
from tracker.asking import question
from tracker.checklist import changes, queries, where
from tracker.extensions import db
from tracker.models import CheckItem, Organisation
from tracker.rules.checking import in_force
from tracker.rules.deeds import Deed
from tracker.rules.words import Criterion

room = Blueprint("checklist", __name__, url_prefix="/checklist")
ORDER = (Criterion.LEGALITY, Criterion.COST_BENEFIT, Criterion.STRATEGY)


@room.get("")
@guard.allow(Deed.CHECKLIST_SEE)
def index() -> Any:
    """What a review looks at, criterion by criterion."""
    units = guard.units_for(Deed.CHECKLIST_SEE)
    return render_template(
        "checklist/index.html",
        overview=queries.overview(language.today(), units),
        criteria=ORDER,
        names=where.unit_names(units),
        where_words=where.words,
    )


@room.get("/<int:item_id>")
@guard.allow(Deed.CHECKLIST_SEE)
def show(item_id: int) -> Any:
    """One item: as it is asked now, and all its wordings. 404 for one that is asked only in units one may not see."""
    units = guard.units_for(Deed.CHECKLIST_SEE)
    item, today = found(item_id), language.today()
    now = in_force(item.wordings, today)
    channels = where.channels_run(today, units)
    return render_template(
        "checklist/show.html",
        item=item,
        now=now,
        is_commitment=queries.is_commitment(item),
        ended=queries.ended(item, today),
        nowhere=question(now or item.wordings[-1]).nowhere,
        asked_of=where.of(now, channels),
        of_channels=len(channels),
        today=today,
        names=where.unit_names(units),
        where_words=where.words,
    )


def found(item_id: int) -> CheckItem:
    """The item, or 404."""
    item = queries.find(item_id)
    if item is None or not queries.seen(item, guard.units_for(Deed.CHECKLIST_SEE)):
        abort(404)
    return item


@room.post("/<int:item_id>/move")
@guard.allow(Deed.CHECKLIST_CHANGE)
def move(item_id: int) -> Any:
    """One place up or down in the log and on the page; nothing, if somebody else moved it since the page was shown."""
    by = guard.signed_in()
    queries.hold()
    item = found(item_id)
    if request.form.get("seen", str(item.position)) != str(item.position):
        flash(_("Somebody else has changed the order. Nothing was moved."), "warn")
    elif request.form.get("to") not in {"up", "down"}:
        abort(400)
    elif changes.move(item, request.form["to"] == "up", language.today(), by):
        db.session.commit()
        flash(_("The order is changed."), "info")
    else:
        flash(_("It is so already. Nothing was changed."), "info")
    return redirect(url_for("checklist.index", _anchor=f"item-{item_id}"), 303)


class RequiredForm(FlaskForm):
    """Whether all items must be answered; `seen` is how it was when the page was shown."""

    seen = HiddenField()


@room.route("/required", methods=["GET", "POST"])
@guard.allow(Deed.CHECKLIST_CHANGE)
def required() -> Any:
    """Says what the setting means, and turns it over once that is confirmed. 404 before a concept was loaded."""
    by, asks = guard.signed_in(), request.method == "POST"
    row = db.session.get(Organisation, 1, with_for_update=asks or None, populate_existing=asks) or abort(404)
    form = RequiredForm()
    if asks and form.validate_on_submit():
        if form.seen.data != _as_seen(row):
            flash(_("It is so already. Nothing was changed."), "info")
        else:
            changes.require(row, not row.checks_required, by)
            db.session.commit()
            flash(_("The setting is changed."), "info")
        return redirect(url_for("checklist.index", _anchor="h-settings"), 303)
    return render_template("checklist/required.html", row=row, seen=_as_seen(row))


def _as_seen(row: Organisation) -> str:
    return "yes" if row.checks_required else "no"
