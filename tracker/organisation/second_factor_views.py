"""Page: which roles may only be used with a second factor."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker import accounts, guard, journal, language, second_factor
from tracker.extensions import db
from tracker.models import Role, User
from tracker.organisation.views import room
from tracker.rules import words
from tracker.rules.deeds import Deed


@room.route("/second-factor", methods=["GET", "POST"])
@guard.allow(Deed.ORGANISATION_CHANGE)
def second_factor_of_roles() -> Any:
    """A box for each role, with how many people of it have none yet: they are led to set it up at once."""
    if request.method == "GET":
        people = db.session.scalars(
            select(User)
            .options(selectinload(User.roles), selectinload(User.webauthn))
            .where(accounts.that_hold())
        ).all()
        return render_template(
            "organisation/second_factor.html", roles=_asking(), without=_without(list(people))
        )
    known = {role.value for role in words.Role}
    wanted = {words.Role(name) for name in request.form.getlist("role") if name in known}
    if _ask(wanted):
        db.session.commit()
        flash(_("From the next click on it holds for everybody with these roles."), "info")
    else:
        flash(_("It is so already. Nothing was changed."), "info")
    return redirect(url_for("organisation.index"), 303)


def _asking(lock: bool = False) -> dict[words.Role, bool]:
    """For each role whether it asks for a second factor, in the order of the product."""
    query = select(Role).order_by(Role.id)
    rows = {row.name: row for row in db.session.scalars(query.with_for_update() if lock else query)}
    return {role: rows[role.value].asks_second_factor for role in words.Role if role.value in rows}


def _without(people: list[User]) -> dict[str, int]:
    """By role, how many people whose account holds have no second factor."""
    found = dict.fromkeys((role.value for role in words.Role), 0)
    for someone in people:
        if not second_factor.has_one(someone):
            for role in someone.roles:
                found[role.name] += 1
    return found


def _ask(wanted: set[words.Role]) -> bool:
    """Exactly these roles ask for it from now on. False if it is so already."""
    before = _asking(lock=True)
    if wanted == {role for role, asks in before.items() if asks}:
        return False
    for row in db.session.scalars(select(Role)):
        row.asks_second_factor = row.name in {role.value for role in wanted}
    said = {
        "second_factor.before": _named(role for role, asks in before.items() if asks),
        "second_factor.after": _named(role for role in words.Role if role in wanted),
    }
    journal.note(db.session, Deed.ORGANISATION_CHANGE, words=said)
    return True


def _named(roles: Any) -> str:
    """Roles in the organisation's language: it is part of the record."""
    with force_locale(language.house_language()):
        return ", ".join(language.word(role) for role in roles) or "–"
