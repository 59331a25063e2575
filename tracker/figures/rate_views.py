"""Pages: the hourly rates, and setting one from a day on. What it does to figures that are there is shown first."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from tracker import guard, language
from tracker.extensions import db
from tracker.figures import changes, queries
from tracker.figures.forms import RateForm
from tracker.figures.views import room
from tracker.rules.deeds import Deed


@room.get("/rates")
@guard.allow(Deed.FIGURES_SEE)
def rates() -> Any:
    """What an hour costs, from which day on."""
    return render_template("figures/rates.html", rates=queries.rates(), today=language.today())


@room.route("/rates/set", methods=["GET", "POST"])
@guard.allow(Deed.RATES_CHANGE)
def set_rate() -> Any:
    """A rate from a day on; if figures that are entered will cost something else, it is asked once more."""
    by, form = guard.signed_in(), RateForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    from_on, euros = form.from_on.data, form.euros.number
    known = queries.rates()
    same = next((one for one in known if one.from_on == from_on), None)
    if same is not None and same.euros == euros:
        flash(_("It is so already. Nothing was changed."), "info")
        return redirect(url_for("figures.rates"), 303)
    until = min((one.from_on for one in known if one.from_on > from_on), default=None)
    costed = queries.costed(from_on, until)
    state = _state(from_on, euros, costed)
    if (costed or same) and form.confirmed.data != state:
        return _page(form, costed=costed, same=same, state=state)
    changes.set_rate(from_on, euros, by)
    db.session.commit()
    flash(_("The hourly rate is set."), "info")
    return redirect(url_for("figures.rates"), 303)


def _state(from_on: date, euros: Decimal, costed: int) -> str:
    return f"{from_on.isoformat()} {euros} {costed}"


def _page(form: RateForm, **more: Any) -> str:
    return render_template(
        "figures/set_rate.html", form=form, **{"costed": 0, "same": None, "state": "", **more}
    )
