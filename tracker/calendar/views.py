"""Pages: my calendar address, made and revoked; and what a calendar finds there."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker import admitting, guard, language, tokens
from tracker.calendar import feed, queries
from tracker.extensions import db, limiter
from tracker.models import User
from tracker.rules.deeds import Deed

room = Blueprint("calendar", __name__)


def _unknown(response: Response) -> bool:
    """Only who guesses is counted: a house has one address for many calendars."""
    return response.status_code == 404


@room.get("/calendar/<token>.ics")
@limiter.limit(lambda: current_app.config["RATELIMIT_TOKEN"], deduct_when=_unknown)
@admitting.by_address(Deed.MEETINGS_SEE)
def days() -> Any:
    """The calendar of whoever the address belongs to; of an address that is not known any more nothing is said."""
    person: User = g.admitted
    units, on = guard.units_for(Deed.MEETINGS_SEE), language.today()
    with force_locale(person.language or language.house_language()):
        text = feed.written(
            queries.meetings(person, units, on),
            queries.owed(units, on),
            queries.actions(person),
            on,
        )
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    answer.add_etag()
    return answer.make_conditional(request)


@room.get("/account/calendar")
@guard.allow(Deed.ACCOUNT_CHANGE)
def own() -> Any:
    """Whether there is an address, and what it is for."""
    return _page(guard.signed_in())


@room.post("/account/calendar")
@guard.allow(Deed.ACCOUNT_CHANGE)
def make() -> Any:
    """A new address, which stands in the answer and nowhere afterwards."""
    someone = guard.signed_in()
    _made, text = tokens.make_address(someone, _("Calendar"), language.today())
    db.session.commit()
    return _page(
        someone, address=current_app.config["BASE_URL"].rstrip("/") + url_for("calendar.days", token=text)
    )


@room.post("/account/calendar/revoke")
@guard.allow(Deed.ACCOUNT_CHANGE)
def revoke() -> Any:
    """The address holds no more, from now on."""
    held = tokens.holding(guard.signed_in(), language.today(), tokens.CALENDAR)
    revoked = [tokens.revoke(one) for one in held]
    db.session.commit()
    said = _("The calendar address is revoked.")
    flash(said if any(revoked) else _("It is so already. Nothing was changed."), "info")
    return redirect(url_for("calendar.own"), 303)


def _page(someone: User, address: str = "") -> str:
    held = tokens.holding(someone, language.today(), tokens.CALENDAR)
    return render_template("calendar/own.html", held=held[0] if held else None, address=address)
