"""The forms of a series: how it recurs, and the meetings it proposes, each to be changed or left out."""

from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from tracker.meetings.forms import PLACE_MAX, InvitedForm, at_most, one_line, sensible_day
from tracker.rules.series import LAST, Every, Series

PROPOSED = 4  # meetings at once
EVERY = {
    Every.MONTH: _l("every month"),
    Every.QUARTER: _l("every quarter"),
    Every.HALF_YEAR: _l("twice a year"),
}
NTH = {1: _l("first"), 2: _l("second"), 3: _l("third"), 4: _l("fourth"), LAST: _l("last")}
WEEKDAYS = {0: _l("Monday"), 1: _l("Tuesday"), 2: _l("Wednesday"), 3: _l("Thursday"), 4: _l("Friday")}
MONTHS = {
    1: _l("1st month"),
    2: _l("2nd month"),
    3: _l("3rd month"),
    4: _l("4th month"),
    5: _l("5th month"),
    6: _l("6th month"),
}


def _choices(words: dict[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(key), said) for key, said in words.items()]


class RhythmForm(FlaskForm):
    """How a series recurs. It stands in the address and changes nothing, so it needs no token."""

    class Meta:
        csrf = False

    every = SelectField(_l("How often"), choices=_choices(EVERY), default=str(Every.QUARTER))
    month = SelectField(_l("In its"), choices=_choices(MONTHS), default="1")
    nth = SelectField(_l("On the"), choices=_choices(NTH), default="2")
    weekday = SelectField(_l("Weekday"), choices=_choices(WEEKDAYS), default="1")
    at = TimeField(_l("Begin"), validators=[Optional()])
    since = DateField(_l("From"), validators=[InputRequired(_l("Please give the day.")), sensible_day])

    def validate_month(self, field: Any) -> None:
        every = Every(self.every.data) if self.every.data in set(Every) else Every.HALF_YEAR
        known = {str(one) for one in range(1, every.months + 1)}
        if field.data in map(str, MONTHS) and field.data not in known:
            raise ValidationError(
                _("Every month has only itself: choose the 1st.")
                if every is Every.MONTH
                else _("A quarter has three months.")
            )

    @property
    def series(self) -> Series:
        """What was asked for; only after validation."""
        nth, weekday = int(self.nth.data), int(self.weekday.data)
        return Series(Every(self.every.data), int(self.month.data), nth, weekday)


class SeriesForm(InvitedForm):
    """The proposed meetings: `take_1`, `on_1`, `at_1` and so on, with one place and the same people for all."""

    form_id = HiddenField(default=lambda: uuid4().hex)
    place = StringField(_l("Place or video"), filters=[one_line], validators=[at_most(PLACE_MAX)])

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each meeting: whether it is planned, its day, its time."""
        return [(self[f"take_{k}"], self[f"on_{k}"], self[f"at_{k}"]) for k in range(1, PROPOSED + 1)]

    def validate_take_1(self, _field: Any) -> None:
        if not any(take.data for take, _on, _at in self.rows):
            raise ValidationError(_("Please tick at least one meeting."))


def _day_if_taken(form: SeriesForm, field: Any) -> None:
    taken = form[field.name.replace("on_", "take_")].data
    if taken and field.data is None and not field.errors:
        raise ValidationError(_("Please give the day of the meeting."))


for _k in range(1, PROPOSED + 1):
    setattr(SeriesForm, f"take_{_k}", BooleanField(_l("Plan")))
    setattr(SeriesForm, f"on_{_k}", DateField(_l("Day"), validators=[_day_if_taken, sensible_day]))
    setattr(SeriesForm, f"at_{_k}", TimeField(_l("Begin"), validators=[Optional()]))
