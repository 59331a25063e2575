"""Mails about one's own account: an invitation to set a first password, a link to set a new one.

Their text holds a link that is as good as a password for as long as it works. So it is shown to nobody else, and erased
once the mail has left (tracker/outbox.py).
"""

from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_security.mail_util import MailUtil
from itsdangerous import BadSignature, URLSafeTimedSerializer

from tracker import language, outbox
from tracker.extensions import db
from tracker.models import User

INVITED_DAYS = 7  # that the link of an invitation works
RESET_HOURS = 2


class Letters(MailUtil):
    """What flask-security has to send goes into the outbox, in our words and the person's language."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **values: Any,
    ) -> None:
        """Only the link to set a new password is mailed; it works once, since a new password ends it."""
        if template.endswith("reset_instructions"):
            _put(
                values["user"],
                outbox.link("security.reset_password", token=values["reset_token"]),
                invited=False,
            )


def invite(person: User) -> str:
    """Write the invitation of somebody who has no password into the outbox; its link. The caller commits."""
    url = outbox.link("account.invitation", token=_signer().dumps(person.fs_uniquifier))
    _put(person, url, invited=True)
    return url


def invited(token: str) -> User | None:
    """Whom a link invited, if it still works: it does so once, for some days, and the last one that was sent."""
    try:
        known_by = _signer().loads(token, max_age=INVITED_DAYS * 24 * 3600)
    except BadSignature:
        return None
    query = db.select(User).where(User.fs_uniquifier == str(known_by), User.active, User.password.is_(None))
    return db.session.scalar(query)


def _signer() -> URLSafeTimedSerializer:
    keys = current_app.config  # the last one signs; links signed with an older one still work
    return URLSafeTimedSerializer([*keys["SECRET_KEY_FALLBACKS"], keys["SECRET_KEY"]], "invitation")


def _put(person: User, url: str, invited: bool) -> None:
    organisation = language.organisation()
    house = organisation.language if organisation else language.DEFAULT
    spoken = person.language if person.language in language.LANGUAGES else house
    with force_locale(spoken):
        values = {
            "language": spoken,
            "organisation": organisation,
            "name": person.full_name,
            "subject": _("Your access to the review of the social media channels")
            if invited
            else _("Your new password"),
            "url": url,
            "invited": invited,
            "days": INVITED_DAYS,
            "hours": RESET_HOURS,
        }
        text = current_app.jinja_env.get_template("mail/account.txt").render(values)
        html = current_app.jinja_env.get_template("mail/account.html").render(values)
    outbox.put(kind="account", to_name=person.full_name, to_address=person.email, language=spoken,
               subject=str(values["subject"]), text=text, html=html)  # fmt: skip
