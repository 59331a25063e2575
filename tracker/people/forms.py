"""The forms of the people room."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from tracker.language import word
from tracker.rules.words import Role

REQUIRED = _l("Please fill in this field.")


class PersonForm(FlaskForm):
    """A new person with a first role."""

    full_name = StringField(_l("Name"), validators=[InputRequired(REQUIRED), Length(max=200)])
    email = EmailField(_l("E-mail address"), validators=[InputRequired(REQUIRED), Length(max=255)])
    password = PasswordField(
        _l("First password"),
        validators=[InputRequired(REQUIRED), Length(max=200)],
        description=_l("At least 12 characters. Hand it over in person; it can be changed under My account."),
    )
    role = SelectField(_l("Role"), validators=[InputRequired(REQUIRED)])
    units = SelectMultipleField(
        _l("Only for these units"), coerce=int, description=_l("None chosen: for all units.")
    )

    def offer(self, units: list[tuple[int, str]]) -> None:
        """Fill the choices in the reader's language."""
        self.role.choices = [SelectChoice(role.value, word(role)) for role in Role]
        self.units.choices = [SelectChoice(key, name) for key, name in units]
