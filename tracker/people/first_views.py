"""Page: making the first account of a fresh installation, an administrator's. The server prints its address."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from tracker import first_person, guard
from tracker.extensions import db, limiter
from tracker.passwords import LONGEST, SHORTEST
from tracker.people import changes, roles
from tracker.people.forms import REQUIRED
from tracker.people.views import room
from tracker.rules.words import Role

COMMAND = "/setup"  # what the journal names instead of a person


class FirstForm(FlaskForm):
    """Who they are, and a password of their own."""

    full_name = StringField(_l("Name"), validators=[InputRequired(REQUIRED), Length(max=changes.NAME_MAX)])
    email = EmailField(_l("E-mail address"), validators=[InputRequired(REQUIRED), Length(max=255)])
    password = PasswordField(_l("Password"), validators=[InputRequired(REQUIRED), Length(max=LONGEST)])
    again = PasswordField(
        _l("The same password once more"),
        validators=[EqualTo("password", _l("The two passwords are not the same."))],
    )


@limiter.limit(
    lambda: str(current_app.config["RATELIMIT_SIGN_IN"]),
    deduct_when=lambda response: response.status_code == 404,
)
@guard.public
def first(token: str) -> Any:
    """404 for any token but the one that was printed, and for everybody as soon as there is an account."""
    if not first_person.is_token(token):
        abort(404)
    if request.method == "POST":
        roles.hold()  # of two at once, one is the first
    if not first_person.nobody_yet():
        first_person.over()
        abort(404)
    form = FirstForm()
    if form.validate_on_submit():
        try:
            someone = changes.create(
                form.email.data, form.full_name.data, form.password.data, command=COMMAND
            )
            roles.add_role(someone, Role.ADMIN, command=COMMAND)
        except roles.PersonRefused as refused:
            db.session.rollback()
            field = form[refused.field]
            field.errors = [*field.errors, str(refused)]
        else:
            db.session.commit()
            first_person.over()
            flash(_("Your account is made. Please sign in with it."), "info")
            return redirect(url_for("security.login"), 303)
    page = render_template("people/first.html", form=form, token=token, shortest=SHORTEST)
    return page, 422 if form.errors else 200


@room.record_once
def _outside_the_room(state: Any) -> None:
    state.app.add_url_rule("/setup/<token>", "people.first", first, methods=["GET", "POST"])
