"""What flask-security has to say, in our words where its own are missing, wrong or for programmers.

Settings whose text is one of ours are translated by our catalogue; everything else comes from the library's.
"""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_security.babel import FsDomain

MESSAGES: dict[str, tuple[Any, str]] = {
    "PASSWORD_CHANGE": (
        _l("Your password is changed. Your other sessions have ended, and your private tokens are revoked."),
        "info",
    ),
    "PASSWORD_RESET_REQUEST": (
        _l("If there is an account with this address, a mail with a link is on its way to it."),
        "info",
    ),
    "PASSWORD_RESET_EXPIRED": (_l("This link is too old. Here you get a new one."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (_l("This link works no longer. Here you get a new one."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (_l("The password is set. Please sign in with it."), "info"),
    "IDENTITY_NOT_REGISTERED": (
        _l("%(id)s has no account here. Ask your administration for one."),
        "error",
    ),
    "GENERIC_AUTHN_FAILED": (_l("The e-mail address or the password is not right."), "error"),
    "INVALID_PASSWORD": (_l("This password is not right."), "error"),
    "PASSWORD_NOT_PROVIDED": (_l("Please fill in this field."), "error"),
    "PASSWORD_IS_THE_SAME": (_l("That is the password you have. Choose another one."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (_l("The two passwords are not the same."), "error"),
    "EMAIL_NOT_PROVIDED": (_l("Please fill in this field."), "error"),
    "INVALID_EMAIL_ADDRESS": (_l("This is no e-mail address."), "error"),
    "DISABLED_ACCOUNT": (_l("This account is deactivated."), "error"),
    "API_ERROR": (_l("That could not be read. Please try it again."), "error"),
    "INVALID_INPUT": (_l("This contains signs that cannot be used here."), "error"),
    "INVALID_RECOVERY_CODE": (_l("This recovery code does not hold, or was used already."), "error"),
    "REAUTHENTICATION_REQUIRED": (_l("Please confirm first that it is you."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (_l("Thank you. Go on where you were."), "info"),
    "TWO_FACTOR_INVALID_TOKEN": (
        _l("This code does not hold, or was used already. Wait for the next one in the app."),
        "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (_l("You are signed in."), "info"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        _l("The authenticator app is set up. From now on it is asked for when you sign in."),
        "info",
    ),
    "TWO_FACTOR_PERMISSION_DENIED": (_l("Please sign in once more from the beginning."), "info"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (_l("This cannot be chosen."), "error"),
    "TWO_FACTOR_DISABLED": (_l("The authenticator app is turned off."), "info"),
    "TWO_FACTOR_SETUP_EXPIRED": (_l("That took longer than %(within)s. Please begin again."), "error"),
    "WEBAUTHN_EXPIRED": (_l("That took longer than %(within)s. Please begin again."), "error"),
    "WEBAUTHN_NAME_REQUIRED": (_l("Please give a name."), "error"),
    "WEBAUTHN_NAME_INUSE": (_l("You have a passkey with the name %(name)s already."), "error"),
    "WEBAUTHN_NAME_NOT_FOUND": (_l("You have no passkey with the name %(name)s."), "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        _l("The name has signs that cannot be used here. Letters, digits, spaces and hyphens are fine."),
        "error",
    ),
    "WEBAUTHN_CREDENTIAL_DELETED": (_l("The passkey %(name)s is removed."), "info"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (_l("The passkey %(name)s is added."), "info"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (_l("This passkey is here already."), "error"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (
        _l("This passkey is not known here. Sign in with your password."),
        "error",
    ),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (
        _l("This passkey is not known here. Sign in with your password."),
        "error",
    ),
    "WEBAUTHN_NO_VERIFY": (_l("The passkey could not be checked. Please try it again."), "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (_l("This passkey was not added for this use."), "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (_l("This passkey belongs to another account."), "error"),
}


class Words(FsDomain):
    """The library's catalogue, but our own texts from ours."""

    def gettext(self, string: Any, **variables: Any) -> str:
        """The words of this request's language."""
        if isinstance(string, LazyString):
            return str(string) % variables if variables else str(string)
        said: str = super().gettext(string, **variables)  # type: ignore[no-untyped-call]
        return said


def settings() -> dict[str, Any]:
    """The messages, as flask-security reads them."""
    return {f"SECURITY_MSG_{name}": message for name, message in MESSAGES.items()}
