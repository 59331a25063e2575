"""The forms of the meetings room: planning a meeting, changing an agenda."""

from datetime import date
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectMultipleField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from tracker.rules.judgement import clean

PLACE_MAX = 200  # characters, as the column has them
FIRST_YEAR, LAST_YEAR = 2000, 2100


def sensible(day: date) -> bool:
    """Whether a meeting may lie on that day; a year of 20 or 9999 is a slip."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _one_line(text: Any) -> Any:
    return " ".join(clean(text).split()) if isinstance(text, str) else text


class AgendaForm(FlaskForm):
    """Which channels a meeting looks at."""

    channels = SelectMultipleField(_l("Agenda"), validate_choice=False)

    def offer(self, channel_ids: list[int]) -> None:
        """What may be ticked."""
        self.channels.choices = [SelectChoice(str(one), str(one)) for one in channel_ids]

    @property
    def ticked(self) -> list[int]:
        """The ids of the ticked channels; only after validation."""
        return [int(one) for one in dict.fromkeys(self.channels.data or [])]

    def validate_channels(self, field: Any) -> None:
        known = {choice.value for choice in field.choices}
        if not set(field.data or []) <= known:
            raise ValidationError(_("One of the channels is not known here. Please choose from the list."))


class PlanForm(AgendaForm):
    """When and where; `form_id` tells a form that was sent twice."""

    form_id = HiddenField(default=lambda: uuid4().hex)
    on = DateField(
        _l("Day"),
        validators=[InputRequired(_l("Please give the day of the meeting."))],
        description=_l("A day in the past is possible, to log a meeting that was held already."),
    )
    starts_at = TimeField(_l("Begin"), validators=[Optional()])
    place = StringField(_l("Place or video"), filters=[_one_line])

    def validate_on(self, field: Any) -> None:
        if field.data is not None and not sensible(field.data):
            raise ValidationError(
                _("The year must lie between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
            )

    def validate_place(self, field: Any) -> None:
        if len(field.data or "") > PLACE_MAX:
            raise ValidationError(_("At most %(n)s characters, please.", n=PLACE_MAX))
