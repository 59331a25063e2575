"""The form of the sign-in page: flask-security's, which also asks whether the account holds today.

Whatever it refuses is noted in the access log, by the account if there is one. The address that was typed is not kept.
"""

from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_security.forms import LoginForm

from tracker import access_log, accounts
from tracker.account import single_sign_on
from tracker.models import User
from tracker.rules.accounts import Attempt, Why


class SignInForm(LoginForm):
    """Address and password. Only whoever knows the password is told on which days the account holds."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.email.label.text = _("E-mail address")
        self.password.description = ""  # the page has its own way to a new password, where there is one

    def validate(self, **kwargs: Any) -> bool:
        """Also whether the account holds today."""
        if not single_sign_on.may_sign_in_here(self.email.data or ""):
            flash(_("Here one signs in with the account of the house."), "warn")
            return False
        if not super().validate(**kwargs):
            if self.email.data and self.password.data and not self.csrf_failed:
                access_log.note(Attempt.SIGN_IN_REFUSED, self.user.id if self.user else None, self._why())
            return False
        someone: User = self.user  # type: ignore[assignment]
        if accounts.in_its_days(someone):
            return True
        flash(accounts.why_not(someone), "warn")  # nothing that was typed is wrong
        access_log.note(Attempt.SIGN_IN_REFUSED, someone.id, Why.OTHER_DAYS)
        return False

    @property
    def csrf_failed(self) -> bool:
        """Whether the form came too late or from elsewhere: then nobody tried to sign in."""
        return "csrf_token" in self.errors

    def _why(self) -> Why:
        if self.user is None:
            return Why.UNKNOWN
        return Why.DEACTIVATED if self.user_authenticated else Why.WRONG_PASSWORD
