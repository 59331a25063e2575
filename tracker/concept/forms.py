"""The forms of the concept room: taking in a new version."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField
from wtforms.validators import Optional


class LoadForm(FlaskForm):
    """A concept file, and the day its obligations begin or change."""

    file = FileField(_l("Concept file (TOML)"), validators=[FileRequired(_l("Please choose a file."))])
    since = DateField(
        _l("Obligations from"),
        validators=[Optional()],
        description=_l("Empty: the current slot the first time, later the next one."),
    )
