"""Pages: changing a person and their roles, a new first password, deactivating and activating."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import guard
from tracker.extensions import db
from tracker.models import User
from tracker.people import changes, meanwhile, queries, roles
from tracker.people.days import Days
from tracker.people.forms import ChangeForm, PasswordForm, told
from tracker.people.views import about, find, invited, room
from tracker.rules.deeds import Deed
from tracker.rules.words import Role

OWN_ROLE = "own-role"


@room.route("/<int:person_id>/change", methods=["GET", "POST"])
@guard.allow(Deed.PEOPLE_CHANGE)
def change(person_id: int) -> Any:
    """Name, address, language, roles and their units. Who gives away their own administration is asked once more."""
    asks = request.method == "POST"
    someone, units = find(person_id, to_change=asks), queries.all_units()
    form = ChangeForm() if asks else ChangeForm(data=told(someone))
    form.offer(units)
    if not asks:
        return _page(someone, form)
    if not form.validate_on_submit():
        return _page(someone, form), 422
    before, seen = meanwhile.shown(someone), form.seen.data
    others = meanwhile.changed(seen, someone, units) if seen else []
    wanted = form.wanted(units)
    try:
        days = Days(form.from_on.data, form.until_on.data)
        own = someone.id == guard.signed_in().id
        spoken = form.language.data or None
        changed = changes.change(someone, form.full_name.data, form.email.data, spoken, days, own)
        changed = roles.set_roles(someone, wanted) or changed
    except roles.PersonRefused as refused:
        db.session.rollback()
        field = form[refused.field]
        field.errors = [*field.errors, str(refused)]
        return _page(find(person_id), form), 422
    if not changed:
        db.session.rollback()
        return _back(person_id, _("It is so already. Nothing was changed."))
    if seen and seen != before:
        db.session.rollback()
        return _page(find(person_id), form, meanwhile=True, others=others), 409
    own = own and wanted.get(Role.ADMIN) != ()
    if own and form.confirmed.data != OWN_ROLE:
        db.session.rollback()
        return _page(find(person_id), form, to_confirm=OWN_ROLE)
    db.session.commit()
    if own:
        flash(_("The change is saved. You no longer administrate."), "info")
        return redirect(url_for("board.index"), 303)
    return _back(person_id, _("%(name)s is changed.", name=someone.full_name))


@room.route("/<int:person_id>/password", methods=["GET", "POST"])
@guard.allow(Deed.PEOPLE_CHANGE)
def reset(person_id: int) -> Any:
    """A new first password for somebody else. One's own is changed under My account, where the old one is asked."""
    asks = request.method == "POST"
    someone = find(person_id, to_change=asks)
    if someone.id == guard.signed_in().id:
        return redirect(url_for("security.change_password"), 303)
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            changed = changes.set_password(someone, form.password.data)
        except roles.PersonRefused as refused:
            form.password.errors = [*form.password.errors, str(refused)]
        else:
            db.session.commit()
            new = _("%(name)s has a new password and is signed out everywhere.", name=someone.full_name)
            return _back(person_id, new if changed else _("It is so already. Nothing was changed."))
    return render_template("people/password.html", form=form, someone=someone), 422 if form.errors else 200


@room.post("/<int:person_id>/invite")
@guard.allow(Deed.PEOPLE_CHANGE)
def invite(person_id: int) -> Any:
    """Another link to set the first password; the one before works no longer. Not for whoever has one meanwhile."""
    someone = find(person_id, to_change=True)
    if someone.password or not someone.active or not current_app.config["LOCAL_SIGN_IN"]:
        return _back(person_id, _("It is so already. Nothing was changed."))
    url = changes.invite(someone)
    db.session.commit()
    return invited(someone, url)


@room.route("/<int:person_id>/deactivate", methods=["GET", "POST"])
@guard.allow(Deed.PEOPLE_CHANGE)
def deactivate(person_id: int) -> Any:
    """First what the person leaves open, then it is done; undone by activating."""
    if request.method == "GET":
        return render_template("people/deactivate.html", **about(find(person_id)))
    return _set_active(person_id, False, _("%(name)s can no longer sign in and is told nothing."))


@room.post("/<int:person_id>/activate")
@guard.allow(Deed.PEOPLE_CHANGE)
def activate(person_id: int) -> Any:
    """They come back as they were."""
    return _set_active(person_id, True, _("%(name)s can sign in again."))


def _set_active(person_id: int, active: bool, said: str) -> Any:
    someone = find(person_id, to_change=True)
    try:
        changed = changes.set_active(someone, active)
    except roles.PersonRefused as refused:
        db.session.rollback()
        flash(str(refused), "bad")
        return redirect(url_for("people.show", person_id=person_id), 303)
    db.session.commit()
    words = said % {"name": someone.full_name}
    return _back(person_id, words if changed else _("It is so already. Nothing was changed."))


def _page(someone: User, form: ChangeForm, **more: Any) -> str:
    seen = meanwhile.shown(someone)
    return render_template(
        "people/change.html", someone=someone, form=form, seen=seen, all_roles=list(Role), **more
    )


def _back(person_id: int, words: str) -> Any:
    flash(words, "info")
    return redirect(url_for("people.show", person_id=person_id), 303)
