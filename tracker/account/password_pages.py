"""Setting a password oneself: flask-security's pages for a forgotten and for another one, and what follows from it."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_security.signals import password_changed, password_reset, reset_password_instructions_sent
from flask_security.utils import hash_password

from tracker import account_mail, journal, language, tokens
from tracker.account.password_forms import FORMS
from tracker.extensions import db, security
from tracker.models import User
from tracker.passwords import LONGEST, SHORTEST, Passwords
from tracker.rules.deeds import Deed

__all__ = ["FORMS", "prepare", "register", "settings"]


def settings() -> dict[str, Any]:
    """What flask-security wants to be told."""
    return {
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
        "SECURITY_PASSWORD_LENGTH_MAX": LONGEST,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=account_mail.RESET_HOURS),
        "SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
        "SECURITY_AUTO_LOGIN_AFTER_RESET": False,
        "SECURITY_EMAIL_SENDER": "unused@example.invalid",  # mails leave through the outbox, which knows the sender
    }


def prepare() -> None:
    """Before flask-security begins: only its constructor takes these, and it was made without our rooms."""
    security._mail_util_cls = account_mail.Letters
    security._password_util_cls = Passwords


def register(app: Flask) -> None:
    """A new password ends the private tokens, which were made with the old one, and stands in the journal."""
    reset_password_instructions_sent.connect(_asked, app)
    password_changed.connect(_changed, app)
    password_reset.connect(_changed, app)


def _asked(_app: Flask, **_more: Any) -> None:
    """The mail is in the outbox. For an address that no account has, flask-security takes its time as well."""
    db.session.commit()
    hash_password("not-a-password")


def _changed(_app: Flask, user: Any, **_more: Any) -> None:
    person = db.session.get_one(User, user.id)
    tokens.revoke_all(person, language.today())
    words = {"name": person.full_name, "password.after": "•••"}
    journal.note(db.session, Deed.PEOPLE_CHANGE, person, words=words, by=person)
