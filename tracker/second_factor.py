"""Somebody's second factor: whether there is one, whether a role asks for it, and what is journalled of it.

A second factor is an authenticator app or a passkey that is asked for after the password. A passkey that stands for
the password is none: the password alone would still sign in. flask-security keeps both; its signals tell of changes.
"""

import secrets
from typing import Any

from flask import Flask
from flask_security.signals import tf_disabled, tf_profile_changed, wan_deleted, wan_registered

from tracker import journal
from tracker.extensions import db
from tracker.models import User
from tracker.rules.deeds import Deed

AFTER_PASSWORD = "secondary"  # what flask-security calls the use of such a passkey  # noqa: S105 - no password
REASON_MAX = 300
AT_SIGN_IN = frozenset({"security.login", "security.logout", "security.tf_select", "security.mf_recovery",
                        "security.two_factor_token_validation", "security.wan_signin",
                        "security.wan_signin_response", "security.oauthstart", "security.oauthresponse",
                        "security.forgot_password", "security.reset_password"})  # fmt: skip
PAGES = frozenset({"account.second_factor", "security.two_factor_setup", "security.two_factor_setup_validate",
                   "security.mf_recovery_codes", "security.wan_register", "security.wan_register_response",
                   "security.wan_delete", "security.verify", "security.wan_verify",
                   "security.wan_verify_response", "security.oauth_verify_start",
                   "security.oauth_verify_response"})  # open to whoever must set one up  # fmt: skip
# The rescue sends mail to whoever gave a password: here only those who are signed in come to it, and are sent on.
OWN_PAGES = PAGES | {"security.change_password", "security.two_factor_rescue"}


def has_app(user: User) -> bool:
    """Whether an authenticator app is set up."""
    return bool(user.tf_totp_secret and user.tf_primary_method)


def has_one(user: User) -> bool:
    """Whether signing in with the password asks for something else afterwards."""
    return has_app(user) or any(key.usage == AFTER_PASSWORD for key in user.webauthn)


def has_anything(user: User) -> bool:
    """Whether there is anything to turn off."""
    return has_app(user) or bool(user.webauthn) or bool(user.mf_recovery_codes)


def is_asked_for(user: User) -> bool:
    """Whether a role of the person may only be used with a second factor."""
    return any(role.asks_second_factor for role in user.roles)


def is_missing(user: User) -> bool:
    """Whether the person must set one up before anything else."""
    return is_asked_for(user) and not has_one(user)


def turn_off(user: User, reason: str) -> bool:
    """Take app, passkeys and recovery codes from somebody who lost them, and end the sessions. Never commits.

    False if there is nothing to turn off. Their password alone signs in afterwards.
    """
    if not has_anything(user):
        return False
    words = {
        "name": user.full_name,
        "reason": reason,
        "passkey": ", ".join(key.name for key in user.webauthn),
    }
    _forget_app(user)
    user.webauthn.clear()
    user.mf_recovery_codes = None
    user.fs_uniquifier = secrets.token_hex(32)  # what sessions are known by
    journal.note(db.session, Deed.PEOPLE_SECOND_FACTOR, user, words=words)
    return True


def _forget_app(user: User) -> None:
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = None


def register(app: Flask) -> None:
    """Journal what people do on the pages of flask-security; its views commit."""
    tf_profile_changed.connect(_set, app)
    tf_disabled.connect(_off, app)
    wan_registered.connect(_added, app)
    wan_deleted.connect(_removed, app)


def _set(_app: Flask, user: Any, **_more: Any) -> None:
    _note(Deed.SECOND_FACTOR_SET, user)


def _off(_app: Flask, user: Any, **_more: Any) -> None:
    user.tf_last_counter = None
    if not has_one(user):
        user.mf_recovery_codes = None  # they stand for a second factor: without one they open nothing
    _note(Deed.SECOND_FACTOR_OFF, user)


def _added(_app: Flask, user: Any, name: str, **_more: Any) -> None:
    _note(Deed.PASSKEYS_ADD, user, name)


def _removed(_app: Flask, user: Any, name: str, **_more: Any) -> None:
    left = [key for key in user.webauthn if key.name != name and key.usage == AFTER_PASSWORD]
    if not left and not has_app(user):
        user.mf_recovery_codes = None
    _note(Deed.PASSKEYS_REMOVE, user, name)


def codes_made(user: User) -> None:
    """New recovery codes, which replace those there were."""
    _note(Deed.RECOVERY_CODES_MAKE, user)


def _note(deed: Deed, user: Any, passkey: str = "") -> None:
    found = db.session.get(User, user.id)
    if found is not None:
        journal.note(db.session, deed, found, words={"name": found.full_name, "passkey": passkey}, by=found)
