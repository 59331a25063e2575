"""The forms of flask-security that set or confirm a password, with labels that fit those of our own forms."""

from typing import Any

from flask_babel import gettext as _
from flask_security.forms import ChangePasswordForm, ForgotPasswordForm, ResetPasswordForm, VerifyForm
from flask_security.utils import get_message

from tracker import access_log
from tracker.account.second_factor_forms import hold
from tracker.models import User
from tracker.rules.accounts import Attempt, Why


class ConfirmForm(VerifyForm):
    """The password once more. What is refused is noted like a refused sign-in."""

    def validate(self, **kwargs: Any) -> bool:
        """As at sign-in."""
        if super().validate(**kwargs):
            return True
        if self.password.data and "csrf_token" not in self.errors:
            access_log.note(Attempt.SIGN_IN_REFUSED, self.user.id, Why.WRONG_PASSWORD)
        return False


class AnotherForm(ChangePasswordForm):
    """One's own password, by whoever knows the one that holds."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.password.label.text = _("Current password")
        self.new_password.label.text = _("New password")
        self.new_password_confirm.label.text = _("The new password once more")

    def validate(self, **kwargs: Any) -> bool:
        """That it is the old one is wrong about the new one."""
        good = super().validate(**kwargs)
        if self.password.errors == [get_message("PASSWORD_IS_THE_SAME")[0]]:
            self.new_password.errors, self.password.errors = self.password.errors, []
        return good


class AskForm(ForgotPasswordForm):
    """The address to which a link goes."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.email.label.text = _("E-mail address")


class SetForm(ResetPasswordForm):
    """A password by the link of a mail: a first one, or a new one."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.password_confirm.label.text = _("The same password once more")

    def validate(self, **kwargs: Any) -> bool:
        """A link works once: of two who send its form at the same time, the second finds that the first was here."""
        checked: User = self.user  # type: ignore[assignment]
        known_by = checked.fs_uniquifier
        someone = hold(checked)
        if someone is None or someone.fs_uniquifier != known_by:
            self.password.errors = [_("This link works no longer.")]
            return False
        return super().validate(**kwargs)


FORMS: dict[str, Any] = {
    "change_password_form": AnotherForm,
    "forgot_password_form": AskForm,
    "reset_password_form": SetForm,
    "verify_form": ConfirmForm,
}
