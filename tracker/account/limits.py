"""How often one may try to sign in, to give a second factor, to have mails sent. Of the first two, what fails counts.

Each limit is a list of windows: whoever goes on trying waits longer and longer, and never for good. The pages of
flask-security are limited here, once for all apps of the process.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, request, session
from flask_security import current_user, views
from flask_security import webauthn as passkeys
from flask_security.recovery_codes import mf_recovery
from flask_security.utils import uia_email_mapper

from tracker import attempts
from tracker.account import known_browser
from tracker.extensions import limiter, machine

View = Callable[..., Any]


def setting(name: str) -> Callable[[], str]:
    """A limit as it is set, read at each request."""
    return lambda: str(current_app.config[name])


def refused(response: Response) -> bool:
    """Whether what was sent was looked at and not taken: whoever is taken in is led on.

    With a passkey whoever is refused is led on as well, back to the beginning.
    """
    if request.endpoint == "security.wan_signin_response":
        return response.status_code != 429 and not current_user.is_authenticated
    return response.status_code not in {302, 303, 429}


def _address() -> str:
    """As flask-security looks it up: one account has many spellings."""
    typed = request.form.get("email", "").strip()
    return attempts.keyed((uia_email_mapper(typed) or typed).casefold())


def _known() -> bool:
    return known_browser.knows(request.form.get("email", ""))


def _account() -> str:
    """Whoever is signed in, or has given the right password and not yet the second factor.

    Not by what sessions are known by: one can end those, and would begin to count anew.
    """
    if current_user.is_authenticated:
        return f"person {current_user.id}"
    return str(session.get("tf_user_id") or machine())


def _by_machine(view: View) -> View:
    limited: View = limiter.limit(setting("RATELIMIT_SIGN_IN"), methods=["POST"], deduct_when=refused)(view)
    return limited


def _by_typed_address(view: View) -> View:
    limited: View = limiter.limit(
        setting("RATELIMIT_ACCOUNT"),
        key_func=_address,
        methods=["POST"],
        deduct_when=refused,
        exempt_when=_known,
    )(view)
    return limited


def _by_account(view: View) -> View:
    limited: View = limiter.limit(
        setting("RATELIMIT_ACCOUNT"), key_func=_account, methods=["POST"], deduct_when=refused
    )(view)
    return limited


def _sends_mail(view: View) -> View:
    limited: View = limiter.limit(setting("RATELIMIT_MAIL"), methods=["POST"])(view)
    return limited


LIMITED: dict[str, View] = {
    "security.login": _by_machine(_by_typed_address(views.login)),
    "security.two_factor_token_validation": _by_account(views.two_factor_token_validation),
    "security.mf_recovery": _by_account(mf_recovery),
    "security.wan_signin_response": _by_machine(passkeys.webauthn_signin_response),
    "security.verify": _by_account(views.verify),
    "security.change_password": _by_account(views.change_password),
    "security.forgot_password": _sends_mail(views.forgot_password),
    "security.reset_password": _by_machine(views.reset_password),
}


def register(app: Flask) -> None:
    """Put the limits around the pages that there are."""
    for endpoint, view in LIMITED.items():
        if endpoint in app.view_functions:
            app.view_functions[endpoint] = view
    known_browser.register(app)
