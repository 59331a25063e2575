"""Page: my name, address, roles, language; the way to a new password."""

from typing import Any

from flask import Blueprint, render_template

from tracker import accounts, guard, language, second_factor, tokens
from tracker.account import queries
from tracker.rules.deeds import Deed

room = Blueprint("account", __name__, url_prefix="/account")


@room.get("")
@guard.allow(Deed.ACCOUNT_CHANGE)
def index() -> Any:
    """What is known of the person."""
    someone = guard.signed_in()
    return render_template(
        "account/index.html",
        someone=someone,
        roles=queries.roles_of(someone),
        days=accounts.days_of(someone),
        tokens=tokens.count(someone, language.today()),
        second_factor=second_factor.has_one(someone),
    )
