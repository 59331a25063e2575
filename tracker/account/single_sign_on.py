"""Signing in with the account of the house (OpenID Connect, with PKCE), where an address is set for it.

Whoever comes from there must have an account here with the same address, which the other side says it has verified;
roles come from here alone. The library is an extra: `pip install .[sso]`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user, oauth_glue
from flask_security.oauth_provider import FsOAuthProvider
from sqlalchemy import func, select

from tracker import access_log, clock, first_person
from tracker.account import limits
from tracker.extensions import db, limiter, security
from tracker.headers import POLICY
from tracker.models import User
from tracker.rules.accounts import Attempt, Why
from tracker.settings import SettingRefused

NAME = "house"  # in the addresses: /login/oauthstart/house
PASSKEY = frozenset({"security.wan_signin", "security.wan_signin_response"})
WITH_PASSWORD = PASSKEY | {"security.forgot_password", "security.reset_password"}


class Provider(FsOAuthProvider):
    """The other side, as it describes itself."""

    def authlib_config(self) -> dict[str, Any]:
        """Where its description lies, and how we ask."""
        config = current_app.config
        return {
            "client_id": config["SSO_CLIENT_ID"],
            "client_secret": config["SSO_CLIENT_SECRET"],
            "server_metadata_url": config["SSO_ISSUER"].rstrip("/") + "/.well-known/openid-configuration",
            "client_kwargs": {"scope": "openid email", "code_challenge_method": "S256", "timeout": 10},
        }

    def fetch_identity_cb(self, _oauth: Any, token: Any) -> tuple[str, str]:
        """The address, if the other side has verified that it is theirs. Nothing else that it says is used."""
        claims = token.get("userinfo") or {}
        if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
            raise _refused("unverified")
        if request.endpoint == "security.oauth_verify_response" and not _is_fresh(claims.get("auth_time")):
            raise _refused("stale")
        address = claims["email"].strip()
        as_written_here = select(User.email).where(func.lower(User.email) == address.lower())
        return "email", db.session.scalar(as_written_here) or address

    def oauth_response_failure(self, _error_view: str, error: Exception) -> Any:
        """Back to our own page, with one sentence. What the other side said goes to the log, not to the page."""
        reason = str(getattr(error, "error", ""))
        current_app.logger.warning("Signing in with the account of the house failed: %s", reason[:80])
        if reason == "unverified":
            flash(_("Your house has not confirmed your e-mail address, so it cannot be used here."), "error")
        elif reason == "stale":
            flash(_("The account of your house did not ask who you are, so this confirms nothing."), "error")
        else:
            flash(
                _("Signing in with the account of your house did not succeed. Please try it again."), "error"
            )
        return redirect(url_for("security.login"))


def settings(config: Any) -> dict[str, Any]:
    """What flask-security wants to be told; nothing where no address is set. Raises SettingRefused."""
    if not config["SSO_ISSUER"]:
        return {}
    try:
        import authlib.integrations.flask_client  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise SettingRefused("SSO_ISSUER needs the extra: pip install .[sso]") from None
    return {
        "SECURITY_OAUTH_ENABLE": True,
        "SECURITY_OAUTH_BUILTIN_PROVIDERS": [],
    }


def register(app: Flask) -> None:
    """The way there and back, if there is one; and the ways of our own that are closed."""
    app.before_request(_closed)
    app.after_request(_may_send_there)
    app.context_processor(
        lambda: {
            "sso": on(),
            "local": current_app.config["LOCAL_SIGN_IN"],
            "nobody_yet": first_person.nobody_yet,  # asked by the sign-in page only
        }
    )
    if app.config["SSO_ISSUER"]:
        with app.app_context():
            glue: Any = security.oauthglue
            glue.register_provider_ext(Provider(NAME))
        app.view_functions["security.oauthresponse"] = _come_back
        app.view_functions["security.oauth_verify_start"] = _confirm
        for name in ("oauthstart", "oauthresponse", "oauth_verify_start", "oauth_verify_response"):
            view = app.view_functions[f"security.{name}"]
            app.view_functions[f"security.{name}"] = _whatever_they_answer(view)


def on() -> bool:
    """Whether there is a way to sign in with the account of the house."""
    return bool(current_app.config["SSO_ISSUER"])


def may_sign_in_here(address: str) -> bool:
    """Whether somebody with this address may sign in with a password: all, unless that is off; then one admin."""
    config = current_app.config
    return bool(config["LOCAL_SIGN_IN"]) or address.casefold() == config["LOCAL_SIGN_IN_OF"].casefold()


def _sent_away(response: Any) -> bool:
    """Whether somebody was refused: who is taken in is led on, if need be to the second factor."""
    back = urlsplit(response.location or "").path == url_for("security.login")
    return back and not current_user.is_authenticated


@limiter.limit(limits.setting("RATELIMIT_SIGN_IN"), deduct_when=_sent_away)
def _come_back(name: str) -> Any:
    """flask-security's answer to whoever comes back. Who has no account here is noted as refused."""
    answer = oauth_glue.oauthresponse(name)
    if _sent_away(answer):
        access_log.note(Attempt.SIGN_IN_REFUSED, None, Why.UNKNOWN)
    return answer


def _confirm(name: str) -> Any:
    """The way there for who is asked again: the other side must ask as well, though it knows this browser."""
    glue: Any = security.oauthglue
    there = glue.authlib_provider(name) or abort(404)
    session.pop("fs_oauth_next", None)
    if wanted := request.args.get("next"):
        session["fs_oauth_next"] = wanted  # checked by flask-security when it is used
    back = url_for("security.oauth_verify_response", name=name, _external=True)
    return there.authorize_redirect(back, prompt="login", max_age=0)


def _is_fresh(asked_at: Any) -> bool:
    """Whether the other side asked lately, in seconds since 1970; who does not say when is believed to have asked."""
    if not isinstance(asked_at, int | float):
        return True
    return bool(asked_at > clock.now().timestamp() - current_app.config["SECURITY_FRESHNESS"].total_seconds())


def _whatever_they_answer(view: Callable[..., Any]) -> Callable[..., Any]:
    """The other side may be away, or answer something else than it should: that is told by our page."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - an extra
    from joserfc.errors import JoseError  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    @wraps(view)
    def asked(name: str) -> Any:
        try:
            return view(name)
        except (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError) as error:
            return _failed(type(error).__name__)

    return asked


def _failed(reason: str) -> Any:
    current_app.logger.warning("Signing in with the account of the house failed: %s", reason[:80])
    flash(_("Signing in with the account of your house did not succeed. Please try it again."), "error")
    return redirect(url_for("security.login"))


def _closed() -> None:
    """A passkey after the first half of a sign-in is another thing than one instead of it."""
    after = request.endpoint in PASSKEY and session.get("tf_state") == "ready"
    if request.endpoint in WITH_PASSWORD and not current_app.config["LOCAL_SIGN_IN"] and not after:
        abort(404)


def _may_send_there(response: Response) -> Response:
    """The form of the sign-in page is answered with a redirect to the other side: browsers count it as its target."""
    if on() and request.endpoint in {"security.login", "security.verify"}:
        there = urlsplit(current_app.config["SSO_ISSUER"])
        target = f"form-action 'self' {there.scheme}://{there.netloc}"
        response.headers["Content-Security-Policy"] = POLICY.replace("form-action 'self'", target)
    return response


def _refused(reason: str) -> Exception:
    from authlib.integrations.base_client.errors import OAuthError  # noqa: PLC0415 - an extra

    found: Exception = OAuthError(error=reason)
    return found
