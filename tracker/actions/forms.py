"""The forms of the actions room: agreeing on an action, and saying that it is done."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from tracker import language
from tracker.rules.judgement import clean

TEXT_MAX = 4_000  # characters
LAST_YEAR = 2100
NONE_CHOSEN = ""


def _cleaned(text: Any) -> Any:
    return clean(text) if isinstance(text, str) else text


def _known(field: Any) -> None:
    if not field.data or field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(_("Please choose one of the list."))


def _short_enough(text: str) -> None:
    if len(text) > TEXT_MAX:
        raise ValidationError(_("At most %(n)s characters; these are %(have)s.", n=TEXT_MAX, have=len(text)))


class AddForm(FlaskForm):
    """What will be done on which channel, by whom, until when."""

    channel = SelectField(_l("Channel"), validate_choice=False)
    what = TextAreaField(_l("What will be done"), filters=[_cleaned])
    owner = SelectField(_l("Who does it"), validate_choice=False)
    due_on = DateField(_l("Until"), validators=[InputRequired(_l("Please give the day."))])

    def offer(self, channels: list[tuple[int, str]], owners: list[tuple[int, str]]) -> None:
        """Fill the choices in the reader's language."""
        for field, known in ((self.channel, channels), (self.owner, owners)):
            first = SelectChoice(NONE_CHOSEN, _("please choose"))
            field.choices = [first, *(SelectChoice(str(key), name) for key, name in known)]

    def validate_channel(self, field: Any) -> None:
        _known(field)

    def validate_owner(self, field: Any) -> None:
        _known(field)

    def validate_what(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Please write what will be done."))
        _short_enough(field.data)

    def validate_due_on(self, field: Any) -> None:
        day: date | None = field.data
        if day is None:  # said by the field itself
            return
        if day < language.today():
            raise ValidationError(_("This day is past. An action is due today or later."))
        if day.year > LAST_YEAR:
            raise ValidationError(_("This day is too far away."))


class FinishForm(FlaskForm):
    """When it was done, and what there is to say about it."""

    done_on = DateField(_l("Done on"), validators=[InputRequired(_l("Please give the day."))])
    note = TextAreaField(_l("Note"), filters=[_cleaned])

    def validate_done_on(self, field: Any) -> None:
        if field.data is None:  # said by the field itself
            return
        if field.data > language.today():
            raise ValidationError(_("This day is still to come."))
        if field.data.year < 2000:
            raise ValidationError(_("This day is too long ago."))

    def validate_note(self, field: Any) -> None:
        _short_enough(field.data or "")
