"""The forms of flask-security that take a second factor or a passkey: they also ask whether the account holds today.

What they refuse at sign-in is noted in the access log. Whoever is asked for a code is held in the database until the
answer is made, so that two who send the same code at once are not both let in.
"""

import re
from typing import Any

from flask import g, session
from flask_babel import gettext as _
from flask_security.forms import TwoFactorVerifyCodeForm
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.webauthn import WebAuthnRegisterForm, WebAuthnSigninResponseForm

from tracker import access_log, accounts
from tracker.extensions import db
from tracker.models import User
from tracker.rules.accounts import Attempt, Why
from tracker.rules.judgement import clean

NAME_MAX = 64


class CodeForm(TwoFactorVerifyCodeForm):
    """A code of the authenticator app: at sign-in, or to prove that it was set up."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.code.label.text = _("Code from the app")

    def validate(self, **kwargs: Any) -> bool:
        """Also whether the account holds."""
        someone = hold(self.user)
        self.code.data = "".join((self.code.data or "").split())
        taken = super().validate(**kwargs)
        if self.is_setup and not taken:
            g.refused_at_setup = self
        return taken if self.is_setup else _at_sign_in(self, someone, taken, Why.WRONG_CODE)


class RecoveryForm(MfRecoveryForm):
    """A recovery code instead of the second factor."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.code.label.text = _("Recovery code")

    def validate(self, **kwargs: Any) -> bool:
        """Also whether the account holds."""
        someone = hold(self.user)
        self.code.data = as_printed(self.code.data or "")
        return _at_sign_in(self, someone, super().validate(**kwargs), Why.WRONG_CODE)


def as_printed(typed: str) -> str:
    """A recovery code as it was shown, whatever hands made of its case, hyphens and spaces."""
    signs = "".join(re.findall(r"\w", typed)).lower()
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


class PasskeyForm(WebAuthnSigninResponseForm):
    """What the browser says of a passkey: instead of the password, after it, or to confirm who one is."""

    def validate(self, **kwargs: Any) -> bool:
        """Also whether the account holds, and whether the passkey is of whoever gave the password before.

        One that stands for the password must have asked for PIN or finger, whatever the answer was begun as.
        """
        self.user_verification = self.user_verification or not self.is_secondary
        taken = super().validate(**kwargs)
        if self.is_verify:
            return taken
        if taken and self.is_secondary and self.user.fs_uniquifier != session.get("tf_user_id"):  # type: ignore[union-attr]
            self.credential.errors = [_("This passkey belongs to another account.")]
            taken = False
        return _at_sign_in(self, self.user, taken, Why.WRONG_PASSKEY)


class NewPasskeyForm(WebAuthnRegisterForm):
    """The name of a new passkey, and what it is for."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.name.label.text = _("Name of the passkey")

    def validate(self, **kwargs: Any) -> bool:
        """A name that fits, told in our words."""
        self.name.data = " ".join(clean(self.name.data or "").split())
        if len(self.name.data) > NAME_MAX:
            have = len(self.name.data)
            self.name.errors = [_("At most %(n)s characters; these are %(have)s.", n=NAME_MAX, have=have)]
            return False
        return super().validate(**kwargs)


def hold(user: Any) -> User | None:
    """The row, read anew; whoever else asks for it waits."""
    if user is None:
        return None
    return db.session.get(User, user.id, with_for_update=True, populate_existing=True)


def _at_sign_in(form: Any, someone: Any, taken: bool, wrong: Why) -> bool:
    """Note what is refused. Only whoever has given password and code is told why the account does not hold."""
    if not taken:
        if "csrf_token" not in form.errors:
            access_log.note(Attempt.SIGN_IN_REFUSED, someone.id if someone else None, wrong)
        return False
    if accounts.holds(someone):
        return True
    deactivated = not someone.active
    access_log.note(Attempt.SIGN_IN_REFUSED, someone.id, Why.DEACTIVATED if deactivated else Why.OTHER_DAYS)
    said = _("This account is deactivated.") if deactivated else accounts.why_not(someone)
    if not any(said in told for told in form.errors.values()):  # the library may have said so already
        form.form_errors = [*form.form_errors, said]
    return False
