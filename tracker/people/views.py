"""Pages: who there is, one person, adding somebody."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import accounts, clock, guard, language, second_factor, tokens
from tracker.account_mail import INVITED_DAYS
from tracker.extensions import db
from tracker.models import User
from tracker.people import changes, queries, roles
from tracker.people.days import Days, sign_in
from tracker.people.forms import PersonForm
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean
from tracker.rules.words import Role

room = Blueprint("people", __name__, url_prefix="/people")

TEXT_MAX = 200  # characters one may search for


@room.get("")
@guard.allow(Deed.PEOPLE_SEE)
def index() -> Any:
    """Everybody, with roles; the filter stands in the address."""
    role, state = request.args.get("role", ""), request.args.get("state", "")
    asked = queries.Asked(
        text=clean(request.args.get("text", ""))[:TEXT_MAX],
        role=Role(role) if role in set(Role) else None,
        state=state if state in {queries.ACTIVE, queries.DEACTIVATED, queries.OUTSIDE} else "",
    )
    chosen = {"text": asked.text, "role": asked.role, "state": asked.state}
    return render_template(
        "people/index.html",
        found=queries.found(asked, request.args.get("page", 1, type=int)),
        count=queries.count(),
        chosen={name: value for name, value in chosen.items() if value},
        roles=list(Role),
        sign_in=sign_in,
    )


@room.get("/<int:person_id>")
@guard.allow(Deed.PEOPLE_SEE)
def show(person_id: int) -> Any:
    """One person: address, language, roles, and what they are responsible for."""
    return render_template("people/show.html", **about(find(person_id)))


@room.route("/add", methods=["GET", "POST"])
@guard.allow(Deed.PEOPLE_CHANGE)
def add() -> Any:
    """A new person."""
    form, units = PersonForm(), queries.all_units()
    form.offer([(unit.id, unit.name) for unit in units])
    if form.validate_on_submit():
        try:
            days = Days(form.from_on.data, form.until_on.data)
            given = form.password.data or None
            someone = changes.create(form.email.data, form.full_name.data, given, days=days)
            limited = [unit for unit in units if unit.id in (form.units.data or [])]
            roles.add_role(someone, Role(form.role.data), limited)
            invites = not given and current_app.config["LOCAL_SIGN_IN"]
            link = changes.invite(someone) if invites else None
        except roles.PersonRefused as refused:
            db.session.rollback()
            field = form[refused.field if refused.field in form else "role"]
            field.errors = [*field.errors, str(refused)]
        else:
            db.session.commit()
            if link:
                return invited(someone, link)
            now = _("%(name)s can sign in now.", name=someone.full_name)
            later = _("%(name)s is added.", name=someone.full_name)
            flash(now if days.hold(language.today()) else later, "info")
            return redirect(url_for("people.index"))
    return render_template("people/add.html", form=form), 422 if form.errors else 200


def invitation(someone: User) -> dict[str, Any]:
    """Whether a person without a password was invited, and until when their link works or worked."""
    sent_at = None if someone.password else queries.invited_at(someone)
    until = sent_at + timedelta(days=INVITED_DAYS) if sent_at else None
    return {"link_until": until, "link_works": until is not None and clock.now() < until}


def invited(someone: User, url: str) -> Any:
    """What an admin is told: that the mail leaves, or, without a mail server, the link itself, once."""
    if not current_app.config["MAIL_HOST"]:
        return render_template("people/invited.html", someone=someone, url=url, days=INVITED_DAYS)
    flash(_("%(name)s is invited by mail.", name=someone.full_name), "info")
    return redirect(url_for("people.show", person_id=someone.id), 303)


def about(someone: User) -> dict[str, Any]:
    """What a page on one person shows."""
    theirs = queries.theirs(someone, guard.units_for(Deed.CHANNELS_SEE), guard.units_for(Deed.ACTIONS_SEE))
    return {
        "someone": someone,
        "roles": roles.roles_of(someone),
        "theirs": theirs,
        "sign_in": sign_in,
        "holds": accounts.holds(someone),
        "tokens": tokens.count(someone, language.today()),
        "second_factor": second_factor.has_one(someone),
        "has_factors": second_factor.has_anything(someone),
        **invitation(someone),
        "is_me": someone.id == guard.signed_in().id,
    }


def find(person_id: int, to_change: bool = False) -> User:
    """The person, or 404; `to_change` waits until nobody else is changing people."""
    if to_change:
        roles.hold()
    return db.session.get(User, person_id, populate_existing=to_change) or abort(404)
