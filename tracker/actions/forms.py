"""The forms of the actions room: agreeing on an action, done, not done after all, moved to another day."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from tracker import language
from tracker.rules.days import sensible
from tracker.rules.judgement import clean

TEXT_MAX = 4_000  # characters
NONE_CHOSEN, NO_CHANNEL = "", "none"
GIVE_THE_DAY = _l("Please give the day.")


def _cleaned(text: Any) -> Any:
    return clean(text) if isinstance(text, str) else text


def _known(field: Any) -> None:
    if not field.data or field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(_("Please choose one of the list."))


def _short_enough(text: str) -> None:
    if len(text) > TEXT_MAX:
        raise ValidationError(_("At most %(n)s characters; these are %(have)s.", n=TEXT_MAX, have=len(text)))


def _said(field: Any) -> None:
    if not field.data:
        raise ValidationError(_("Please write why."))
    _short_enough(field.data)


def _to_come(day: date | None) -> None:
    if day is None:  # said by the field itself
        return
    if day < language.today():
        raise ValidationError(_("This day is past. An action is due today or later."))
    if not sensible(day):
        raise ValidationError(_("This day is too far away."))


class AddForm(FlaskForm):
    """What will be done on which channel, by whom, until when."""

    channel = SelectField(_l("Channel"), validate_choice=False)
    what = TextAreaField(_l("What will be done"), filters=[_cleaned])
    owner = SelectField(_l("Who does it"), validate_choice=False)
    due_on = DateField(_l("Until"), validators=[InputRequired(GIVE_THE_DAY)])

    def offer(
        self, channels: list[tuple[int, str]], owners: list[tuple[int, str]], without_channel: bool
    ) -> None:
        """Fill the choices in the reader's language; `without_channel` offers the whole organisation, too."""
        first = SelectChoice(NONE_CHOSEN, _("please choose"))
        whole = [SelectChoice(NO_CHANNEL, _("whole organisation"))] if without_channel else []
        self.channel.choices = [first, *whole, *(SelectChoice(str(key), name) for key, name in channels)]
        self.owner.choices = [first, *(SelectChoice(str(key), name) for key, name in owners)]

    def validate_channel(self, field: Any) -> None:
        _known(field)

    def validate_owner(self, field: Any) -> None:
        _known(field)

    def validate_what(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Please write what will be done."))
        _short_enough(field.data)

    def validate_due_on(self, field: Any) -> None:
        _to_come(field.data)


class ChangeForm(FlaskForm):
    """What all changes of one action carry: which of its history the page showed when somebody began to type."""

    seen = HiddenField()

    def saw(self, newest: int) -> bool:
        """Whether nothing happened since the page was shown. A form that does not say so is taken at its word."""
        return self.seen.data in {None, "", str(newest)}


class FinishForm(ChangeForm):
    """When it was done, and what there is to say about it. Hand in the day on which it was agreed."""

    done_on = DateField(_l("Done on"), validators=[InputRequired(GIVE_THE_DAY)])
    note = TextAreaField(_l("Note"), filters=[_cleaned])
    agreed_on: date

    def validate_done_on(self, field: Any) -> None:
        if field.data is None:  # said by the field itself
            return
        if field.data > language.today():
            raise ValidationError(_("This day is still to come."))
        if field.data < self.agreed_on:
            raise ValidationError(
                _("It was agreed on %(day)s, later than that.", day=language.day(self.agreed_on))
            )

    def validate_note(self, field: Any) -> None:
        _short_enough(field.data or "")


class ReopenForm(ChangeForm):
    """Why it is not done after all."""

    reason = TextAreaField(_l("Why is it not done after all?"), filters=[_cleaned])

    def validate_reason(self, field: Any) -> None:
        _said(field)


class MoveForm(ChangeForm):
    """To which day, and why. Hand in the day on which it is due so far."""

    due_on = DateField(_l("New day"), validators=[InputRequired(GIVE_THE_DAY)])
    reason = TextAreaField(_l("Why it is moved"), filters=[_cleaned])
    due_so_far: date

    def validate_due_on(self, field: Any) -> None:
        if field.data == self.due_so_far:
            raise ValidationError(_("It is due on this day already."))
        _to_come(field.data)

    def validate_reason(self, field: Any) -> None:
        _said(field)
