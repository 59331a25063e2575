"""The forms of the retention room: the years, the question before a run, one text to erase."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError


class YearsForm(FlaskForm):
    """After how many years; empty: never."""

    years = IntegerField(
        _l("Years"),
        description=_l("Counted in whole calendar years, 1 to 50. Empty: nothing is ever replaced."),
        validators=[Optional(), NumberRange(1, 50, _l("A whole number from 1 to 50, or nothing."))],
    )


class RunForm(FlaskForm):
    """What was shown, and that it is wanted."""

    sign = HiddenField()
    sure = BooleanField(_l("I have looked at it. It cannot be taken back."))

    def validate_sure(self, field: Any) -> None:
        """Nothing is replaced by one click."""
        if not field.data:
            raise ValidationError(_("Please confirm that you have looked at it."))
