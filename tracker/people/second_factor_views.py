"""Page: turning off the second factor of somebody who lost phone, passkey and recovery codes."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import ValidationError

from tracker import guard, language, outbox, second_factor
from tracker.extensions import db
from tracker.letter import AddressRefused
from tracker.models import User
from tracker.people.views import find, room
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean


def _one_line(text: Any) -> Any:
    return " ".join(clean(text).split()) if isinstance(text, str) else text


class ReasonForm(FlaskForm):
    """Why it is turned off: how the administration knows that it is this person who asks."""

    reason = StringField(_l("Reason"), filters=[_one_line])

    def validate_reason(self, field: Any) -> None:
        """A reason is needed, in a sentence."""
        if not field.data:
            raise ValidationError(_("Please give a reason."))
        if len(field.data) > second_factor.REASON_MAX:
            have, most = len(field.data), second_factor.REASON_MAX
            raise ValidationError(_("At most %(n)s characters; these are %(have)s.", n=most, have=have))


@room.route("/<int:person_id>/second-factor", methods=["GET", "POST"])
@guard.allow(Deed.PEOPLE_CHANGE)
def turn_off_second_factor(person_id: int) -> Any:
    """First what it means; then app, passkeys and codes are gone, and the person is told. One's own is elsewhere."""
    asks = request.method == "POST"
    someone = find(person_id, to_change=asks)
    if someone.id == guard.signed_in().id:
        return redirect(url_for("account.second_factor"), 303)
    form = ReasonForm()
    if form.validate_on_submit():
        if second_factor.turn_off(someone, form.reason.data):
            _tell(someone)
            db.session.commit()
            flash(_("The second factor of %(name)s is turned off.", name=someone.full_name), "info")
        else:
            flash(_("It is so already. Nothing was changed."), "info")
        return redirect(url_for("people.show", person_id=person_id), 303)
    page = render_template("people/second_factor.html", someone=someone, form=form)
    return page, 422 if form.errors else 200


def _tell(someone: User) -> None:
    """Whoever did not ask for it should know at once."""
    spoken = someone.language if someone.language in language.LANGUAGES else language.house_language()
    with force_locale(spoken):
        subject = _("Your second factor was turned off")
        text = "\n\n".join(
            (
                _("Hello %(name)s,", name=someone.full_name),
                _("the administration has turned off your second factor: authenticator app, passkeys and recovery "
                  "codes no longer hold, and you are signed out everywhere. Your password is still the same."),
                _("Set up a new one after you have signed in: %(url)s", url=outbox.link("account.second_factor")),
                _("If you did not ask for this, tell your administration at once."),
            )
        )  # fmt: skip
    name, address = someone.full_name, someone.email
    try:
        outbox.put(
            kind="account",
            to_name=name,
            to_address=address,
            language=spoken,
            subject=subject,
            text=text + "\n",
        )
    except AddressRefused:
        flash(_("No mail could be written to %(address)s.", address=address), "warn")
