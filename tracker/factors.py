"""How flask-security looks at a second factor: a code of the app is taken once, a passkey alone asks for its PIN."""

import unicodedata
from typing import Any

from flask_security.totp import Totp
from flask_security.webauthn_util import WebauthnUtil
from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement


class OnceOnly(Totp):
    """Codes of an authenticator app. Whoever looks over a shoulder cannot use the same code again."""

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Whether the code holds. What was made under a key that is gone is never right."""
        try:
            return super().verify_totp(token, totp_secret, user, window)
        except (KeyError, ValueError):
            return False

    def get_last_counter(self, user: Any) -> int | None:
        """Of the last code that was taken from this person."""
        found: int | None = user.tf_last_counter
        return found

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember it; the caller commits."""
        user.tf_last_counter = tmatch.counter


class Passkeys(WebauthnUtil):
    """Passkeys on the device itself or on a stick. One that stands for the password must ask for PIN or finger."""

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """What a new passkey must be able to do."""
        criteria = super().authenticator_selection(user, usage)
        if usage == "first":
            criteria.authenticator_attachment = None
            criteria.user_verification = UserVerificationRequirement.REQUIRED
        return criteria

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        """What is asked of a passkey that is used."""
        alone = "secondary" not in usage
        return UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.DISCOURAGED

    def name_svn(self, value: str) -> tuple[str | None, str | None]:
        """What is wrong with a name, and the name: an ü stays one sign, as it is everywhere else in the database."""
        wrong, name = super().name_svn(value)
        return wrong, unicodedata.normalize("NFC", name) if name else name
