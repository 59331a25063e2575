"""Pages: the link of an invitation; ending all other sessions of one's own."""

from typing import Any

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_security import recoverable
from flask_security.utils import login_user

from tracker import account_mail, guard, journal
from tracker.account import limits
from tracker.account.views import room
from tracker.extensions import db, limiter, security
from tracker.models import User
from tracker.rules.deeds import Deed


@room.get("/invitation/<token>")
@limiter.limit(limits.setting("RATELIMIT_SIGN_IN"), deduct_when=limits.refused)
@guard.public
def invitation(token: str) -> Any:
    """On to the page where the first password is set; else what to do with a link that works no longer."""
    someone = account_mail.invited(token)
    if someone is None:
        return render_template("account/no_invitation.html"), 410
    return redirect(url_for("security.reset_password", token=token_of(someone)))


def token_of(someone: User) -> str:
    """As flask-security makes it for a forgotten password: good for some hours, until a password is set."""
    made: str = recoverable.generate_reset_password_token(someone)  # type: ignore[no-untyped-call]
    return made


@room.post("/sessions/end")
@guard.allow(Deed.ACCOUNT_CHANGE)
def end_sessions() -> Any:
    """Sign the person out everywhere else."""
    someone = guard.signed_in()
    security.datastore.set_uniquifier(someone)
    journal.note(db.session, Deed.SESSIONS_END, someone, words={"name": someone.full_name})
    db.session.commit()
    proven_at = session.get("fs_paa", 0)  # when they last proved who they are: this is no proof
    login_user(someone, authn_via=["change"])
    session["fs_paa"] = proven_at
    flash(_("All other sessions of yours are ended."), "info")
    return redirect(url_for("account.index"), 303)
