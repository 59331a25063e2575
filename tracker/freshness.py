"""Whether somebody has proven lately who they are: asked before dangerous deeds (rules.deeds.ASKED_AGAIN).

Lately is SECURITY_FRESHNESS; whoever goes on with such deeds is not asked in between (SECURITY_FRESHNESS_GRACE_PERIOD).
"""

from typing import Any

from flask import abort, current_app, g, request
from flask_security.utils import check_and_update_authn_fresh

from tracker.extensions import security
from tracker.rules.deeds import ASKED_AGAIN, Deed

# flask-security asks where one begins to add a factor, and takes at the end what anybody began in any session.
ENDS = frozenset({"security.two_factor_setup_validate", "security.wan_register_response"})


def ask(deed: Deed) -> Any:
    """None: go on. Else the way to the page that asks, and back from there.

    What was posted meanwhile is not lost: 401 is answered with a page that keeps it (tracker/frame.py).
    """
    if deed not in ASKED_AGAIN and request.endpoint not in ENDS:
        return None
    within = current_app.config["SECURITY_FRESHNESS"]
    grace = current_app.config["SECURITY_FRESHNESS_GRACE_PERIOD"]
    if check_and_update_authn_fresh(within, grace, "session"):
        return None
    if request.method == "POST":
        g.to_confirm = True
        abort(401)
    return security._reauthn_handler(within, grace)


def to_confirm() -> bool:
    """Whether this request was not taken because its person has to confirm first who they are."""
    return bool(g.get("to_confirm"))
