"""Page: my second factor; what is set up, what is missing, and the ways to flask-security's pages."""

from typing import Any

from flask import render_template

from tracker import guard, second_factor
from tracker.account.views import room
from tracker.rules.deeds import Deed


@room.get("/second-factor", endpoint="second_factor")
@guard.allow(Deed.ACCOUNT_CHANGE)
def show() -> Any:
    """App, passkeys and how many recovery codes are left; nothing secret."""
    someone = guard.signed_in()
    return render_template(
        "account/second_factor.html",
        someone=someone,
        has_app=second_factor.has_app(someone),
        has_one=second_factor.has_one(someone),
        is_asked_for=second_factor.is_asked_for(someone),
        codes=len(someone.mf_recovery_codes or []),
    )
