"""flask-security's pages of the second factor: their settings and forms, and what is put around them."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, g, render_template, request, session
from flask_security import current_user, recovery_codes
from flask_security.decorators import anonymous_user_required

from tracker import language, second_factor, secret_files
from tracker.account.second_factor_forms import CodeForm, NewPasskeyForm, PasskeyForm, RecoveryForm
from tracker.extensions import db, security
from tracker.models import User

FORMS: dict[str, Any] = {
    "two_factor_verify_code_form": CodeForm,
    "mf_recovery_form": RecoveryForm,
    "wan_register_form": NewPasskeyForm,
    "wan_signin_response_form": PasskeyForm,
}
AT_SIGN_IN = ("two_factor_token_validation", "tf_select", "wan_signin_response")


def settings(config: Any) -> dict[str, Any]:
    """What flask-security wants to be told. A file of keys has one a line: the last is used, the others still read."""
    house = (urlsplit(config["BASE_URL"]).hostname or "").replace(":", ".")  # by which the app lists it
    unset = token_urlsafe()  # commands work before `flask init`
    app_keys = (config.get("SECOND_FACTOR_KEY") or unset).split("\n")
    code_keys = (config.get("RECOVERY_CODES_KEY") or unset).split("\n")
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # seconds that a clock may be wrong
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_SETUP_URL": "/account/second-factor/app",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/login/code",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/login/help",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/login/choose",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/account/second-factor",
        "SECURITY_TOTP_SECRETS": {str(secret_files.number(key)): key for key in app_keys},
        "SECURITY_TOTP_ISSUER": house,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 10,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [_fernet(key) for key in reversed(code_keys)],
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/account/second-factor/codes",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/login/recovery",
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": house,
        "SECURITY_WAN_ALLOW_USER_HINTS": False,  # they would tell who has an account
        "SECURITY_WAN_ALLOW_AS_VERIFY": ["first"],  # those that ask for a PIN or a finger
        "SECURITY_WAN_REGISTER_URL": "/account/second-factor/passkeys",
        "SECURITY_WAN_DELETE_URL": "/account/second-factor/passkeys/remove",
        "SECURITY_WAN_POST_REGISTER_VIEW": "/account/second-factor/passkeys",
        "SECURITY_WAN_SIGNIN_URL": "/login/passkey",
        "SECURITY_WAN_SIGNIN_WITHIN": timedelta(minutes=5),
        "SECURITY_WAN_VERIFY_URL": "/account/confirm/passkey",
        "SECURITY_WAN_NAME_ALLOWED_CHARS": ["L", "M", "N", "P", "Zs"],
        "SECURITY_VERIFY_URL": "/account/confirm",
        "SECURITY_FRESHNESS": timedelta(minutes=10),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=10),
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_DATETIME_FACTORY": _today,  # when a passkey was used last
    }


def _today() -> datetime:
    """Noon, UTC: the day is kept, the time of day is nobody's business."""
    return datetime.combine(language.today(), time(12), UTC)


def _fernet(key: str) -> bytes:
    return urlsafe_b64encode(sha256(key.encode()).digest())


def register(app: Flask) -> None:
    """Codes are journalled and shown once; pages of the sign-in are for whoever is not signed in."""
    second_factor.register(app)
    app.before_request(_no_json)
    app.view_functions["security.mf_recovery_codes"] = codes
    view = app.view_functions["security.two_factor_setup_validate"]
    app.view_functions["security.two_factor_setup_validate"] = _with_the_same_key(view)
    for name in AT_SIGN_IN:
        view = app.view_functions[f"security.{name}"]
        app.view_functions[f"security.{name}"] = anonymous_user_required(view)


def _no_json() -> None:
    """flask-security would read it, and stumble over what is no form."""
    if request.is_json and (request.endpoint or "").startswith("security."):
        abort(400)


def _with_the_same_key(view: Any) -> Any:
    """After a wrong code the QR code stays: flask-security would begin anew, with a key the phone does not know."""

    def answer(token: str) -> Any:
        said = view(token=token)
        form = g.pop("refused_at_setup", None)
        if form is None:
            return said
        session.pop("_flashes", None)  # it is told beside the field
        shown = security.totp_factory.fetch_setup_values(form.tf_totp_secret, form.user)
        page = render_template(
            "security/two_factor_setup.html",
            two_factor_verify_code_form=form,
            chosen_method="authenticator",
            authr_qrcode=shown["image"],
            authr_key=shown["key"],
            state_token=token,
        )
        return page, 422

    return answer


def codes() -> Any:
    """flask-security's page; without a second factor codes would open nothing."""
    someone: User = current_user._get_current_object()
    if not second_factor.has_one(someone):
        return render_template("account/no_codes.html")
    before = list(someone.mf_recovery_codes or [])
    answer = recovery_codes.mf_recovery_codes()
    if list(someone.mf_recovery_codes or []) != before:
        db.session.flush()
        second_factor.codes_made(someone)
    return answer
