"""Pages: who there is, adding a person, deactivating one."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from tracker import guard
from tracker.extensions import db
from tracker.models import User
from tracker.people import changes, queries
from tracker.people.forms import PersonForm
from tracker.rules.deeds import Deed
from tracker.rules.words import Role

room = Blueprint("people", __name__, url_prefix="/people")

BIGGEST_ID = 2**31 - 1  # what a column of PostgreSQL holds


@room.get("")
@guard.allow(Deed.PEOPLE_SEE)
def index() -> Any:
    """Everybody, with roles."""
    return render_template("people/index.html", people=queries.everybody())


@room.route("/add", methods=["GET", "POST"])
@guard.allow(Deed.PEOPLE_CHANGE)
def add() -> Any:
    """A new person."""
    form, units = PersonForm(), queries.all_units()
    form.offer([(unit.id, unit.name) for unit in units])
    if form.validate_on_submit():
        try:
            someone = changes.create(form.email.data, form.full_name.data, form.password.data)
            limited = [unit for unit in units if unit.id in (form.units.data or [])]
            changes.add_role(someone, Role(form.role.data), limited)
        except changes.PersonRefused as refused:
            db.session.rollback()
            field = form[refused.field]
            field.errors = [*field.errors, str(refused)]
        else:
            db.session.commit()
            flash(_("%(name)s can sign in now.", name=someone.full_name), "info")
            return redirect(url_for("people.index"))
    return render_template("people/add.html", form=form), 422 if form.errors else 200


@room.post("/<int:person_id>/active/<int:active>")
@guard.allow(Deed.PEOPLE_CHANGE)
def set_active(person_id: int, active: int) -> Any:
    """Deactivate or activate somebody; undone by the opposite."""
    someone = (db.session.get(User, person_id) if person_id <= BIGGEST_ID else None) or abort(404)
    try:
        changes.set_active(someone, bool(active))
    except changes.PersonRefused as refused:
        db.session.rollback()
        flash(str(refused), "bad")
    else:
        db.session.commit()
        said = (
            _("%(name)s can sign in again.")
            if active
            else _("%(name)s can no longer sign in and is told nothing.")
        )
        flash(said % {"name": someone.full_name}, "info")
    return redirect(url_for("people.index"))
