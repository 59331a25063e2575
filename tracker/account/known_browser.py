"""Whether somebody has signed in to an account with this browser before.

Strangers who try out passwords of an account slow each other down, but not its person at their own browser. The cookie
holds digests of addresses that only this installation can make, signed; nothing in it tells who somebody is.
"""

from typing import Any

from flask import Flask, Response, after_this_request, current_app, request
from flask_security.signals import user_authenticated
from itsdangerous import BadSignature, URLSafeTimedSerializer

from tracker import attempts
from tracker.models import User

COOKIE = "known_browser"
KEPT_SECONDS = 365 * 24 * 3600
ACCOUNTS = 5  # of as many as share a browser


def register(app: Flask) -> None:
    """Remember the browser whenever somebody has signed in with it."""
    user_authenticated.connect(_remember, app)


def knows(address: str) -> bool:
    """Whether the account with this address has been signed in to with the browser that asks."""
    return _digest(address) in _kept()


def _remember(_app: Flask, user: User, **_more: Any) -> None:
    mine = _digest(user.email)
    kept = [mine, *(one for one in _kept() if one != mine)][:ACCOUNTS]

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(COOKIE, _signer().dumps(kept), KEPT_SECONDS, path="/login", httponly=True, samesite="Lax",
                            secure=current_app.config["SECURE_COOKIES"])  # fmt: skip
        return response


def _kept() -> list[str]:
    try:
        found: list[str] = _signer().loads(request.cookies.get(COOKIE, ""), max_age=KEPT_SECONDS)
    except BadSignature:
        return []
    return found


def _digest(address: str) -> str:
    return attempts.keyed("known browser " + address.strip().casefold())


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], "known browser")
