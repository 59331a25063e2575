"""The forms of the concept room: taking in a new version."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField
from wtforms.validators import Optional, ValidationError

from tracker.rules.days import FIRST_YEAR, LAST_YEAR, sensible


class LoadForm(FlaskForm):
    """A concept file, and the day its obligations begin or change."""

    file = FileField(_l("Concept file (TOML)"), validators=[FileRequired(_l("Please choose a file."))])
    since = DateField(
        _l("Obligations from"),
        validators=[Optional()],
        description=_l("Empty: the current slot the first time, later the next one."),
    )

    as_new = BooleanField(_l("Take it as a new channel all the same"))

    def validate_since(self, field: Any) -> None:
        if field.data is not None and not sensible(field.data):
            raise ValidationError(
                _("The year must lie between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
            )
