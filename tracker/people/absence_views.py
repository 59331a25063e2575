"""Page: one's own absences, or those of somebody else for whoever administrates people."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from tracker import accounts, guard, language, mailboxes
from tracker.extensions import db
from tracker.models import Absence, Contact, User
from tracker.people import absences
from tracker.people.views import find, room
from tracker.rules.days import sensible
from tracker.rules.deeds import Deed


class AbsenceForm(FlaskForm):
    """From when until when, and who stands in."""

    from_on = DateField(_l("Away from"))
    until_on = DateField(_l("Until, that day included"))
    deputy = SelectField(_l("Stood in for by"), validate_choice=False)

    def offer(self, contacts: list[Contact]) -> None:
        """Fill the choices."""
        people = [SelectChoice(str(one.id), one.name) for one in contacts]
        self.deputy.choices = [SelectChoice("", _("please choose")), *people]

    def validate_from_on(self, field: Any) -> None:
        _sensible(field)

    def validate_until_on(self, field: Any) -> None:
        _sensible(field)

    def validate_deputy(self, field: Any) -> None:
        if field.data not in {choice.value for choice in field.choices if choice.value}:
            raise ValidationError(_("Please choose who stands in."))


def _sensible(field: Any) -> None:
    if field.data is None or not sensible(field.data):
        field.errors = []
        raise ValidationError(_("Please give a day."))


@room.route("/<int:person_id>/absences", methods=["GET", "POST"])
@guard.allow(Deed.ABSENCES_ENTER)
def away(person_id: int) -> Any:
    """What is entered, and entering more. 404 for other people's, except for whoever administrates people."""
    someone = _mine(person_id)
    form, today = AbsenceForm(), language.today()
    contacts = [one for one in mailboxes.able_to_act() if accounts.is_told(one) and one.user_id != someone.id]
    form.offer(contacts)
    if form.validate_on_submit():
        deputy = next(one for one in contacts if str(one.id) == form.deputy.data)
        try:
            new = absences.enter(someone, form.from_on.data, form.until_on.data, deputy, today)
        except absences.AbsenceRefused as refused:
            db.session.rollback()
            field = form[refused.field]
            field.errors = [*field.errors, str(refused)]
        else:
            db.session.commit()
            flash(
                _("The absence is entered.") if new else _("It is so already. Nothing was changed."), "info"
            )
            return redirect(url_for("people.away", person_id=person_id), 303)
    page = render_template(
        "people/absences.html",
        someone=someone,
        form=form,
        found=absences.of(someone, today),
        today=today,
        is_me=someone.id == guard.signed_in().id,
    )
    return page, 422 if request.method == "POST" else 200


@room.post("/<int:person_id>/absences/<int:absence_id>/end")
@guard.allow(Deed.ABSENCES_ENTER)
def back(person_id: int, absence_id: int) -> Any:
    """The person is back, or does not go away after all."""
    someone = _mine(person_id)
    found = db.session.get(Absence, absence_id, with_for_update=True)
    if found is not None and found.user_id == someone.id and found.until_on >= language.today():
        absences.end(someone, found, language.today())
        db.session.commit()
        flash(_("The absence is ended. Whatever is still open is told again."), "info")
    return redirect(url_for("people.away", person_id=person_id), 303)


def _mine(person_id: int) -> User:
    if person_id != guard.signed_in().id and not guard.may(Deed.PEOPLE_CHANGE):
        abort(404)
    return find(person_id, to_change=request.method == "POST")
