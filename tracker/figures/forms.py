"""The forms of this room: the figures of a channel and period, a file, an hourly rate."""

from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from tracker import language
from tracker.figures import numbers
from tracker.figures.columns import BENEFITS, BY_KEY, COSTS, ESTIMATED, NOTE, WORDS, Kind
from tracker.figures.comparing import Values
from tracker.figures.numbers import NumberRefused
from tracker.rules.days import sensible
from tracker.rules.judgement import clean

NOTE_MAX = 2_000  # characters
TYPED_MAX = 200  # characters of a number that come back as they were typed


def _cleaned(text: Any) -> Any:
    return clean(text) if isinstance(text, str) else text


class Amount(StringField):
    """A figure as it is typed; `number` is what it means, None for unknown."""

    data: Any
    number: Any = None

    def __init__(self, label: Any = "", *args: Any, kind: Kind = Kind.COUNT, **more: Any) -> None:
        super().__init__(label, *args, filters=[_cleaned], **more)
        self.kind = kind

    def pre_validate(self, form: Any) -> None:
        """Understand what is typed, or say next to the field what to write."""
        try:
            self.number = numbers.read(self.data or "", self.kind)
        except NumberRefused as refused:
            self.data = (self.data or "")[:TYPED_MAX]
            raise ValidationError(str(refused)) from None


class FiguresForm(FlaskForm):
    """All figures of a channel and period; `seen` is the entry that held when the page was shown."""

    seen = HiddenField()
    hours_estimated = BooleanField(_l("The hours are an estimate"))
    note = TextAreaField(_l("Source and note"), filters=[_cleaned])

    def values(self, before: Values) -> dict[str, Any]:
        """What is to hold, once it is valid. A field that the page did not have, as beside the log, stays as before."""
        found = {key: self[key].number if self[key].raw_data else before[key] for key in BY_KEY}
        if not self.note.raw_data:
            return {**found, ESTIMATED: before[ESTIMATED], NOTE: before[NOTE]}
        return {**found, ESTIMATED: self.hours_estimated.data, NOTE: self.note.data or ""}

    def show(self, values: Values) -> None:
        """Beside what somebody else saved: what was left alone says what holds by now, the rest what was typed."""
        for key, text in typed(values).items():
            self[key].data = text

    def validate_note(self, field: Any) -> None:
        if len(field.data or "") > NOTE_MAX:
            raise ValidationError(
                _("At most %(n)s characters; these are %(have)s.", n=NOTE_MAX, have=len(field.data))
            )

    @property
    def costs(self) -> list[Any]:
        """The fields of what it cost."""
        return [self[one.key] for one in COSTS]

    @property
    def benefits(self) -> list[Any]:
        """The fields of what it brought."""
        return [self[one.key] for one in BENEFITS]


for _one in BY_KEY.values():
    setattr(FiguresForm, _one.key, Amount(WORDS[_one.key], kind=_one.kind, description=_one.help))


def typed(values: Values) -> dict[str, Any]:
    """Values as the form shows them: without groups, decimals as the language writes them."""
    found = dict(values)
    for key, one in BY_KEY.items():
        value = values[key]
        text = (
            ""
            if value is None
            else str(value)
            if one.kind is Kind.COUNT
            else f"{value:.2f}".removesuffix(".00")
        )
        found[key] = text.replace(".", ",") if language.german() else text
    return found


class UploadForm(FlaskForm):
    """A file of figures."""

    file = FileField(_l("File (CSV or XLSX)"), validators=[FileRequired(_l("Please choose a file."))])


class RateForm(FlaskForm):
    """What an hour costs from a day on; `confirmed` is what was asked about."""

    from_on = DateField(_l("From which day on"))
    euros = Amount(_l("Euros an hour"), kind=Kind.EUROS)
    confirmed = HiddenField()

    def validate_from_on(self, field: Any) -> None:
        if field.data is not None and not sensible(field.data):
            raise ValidationError(_("This day is too far away."))
        if field.data is None and not field.errors:
            raise ValidationError(_("Please give the day."))

    def validate_euros(self, field: Any) -> None:
        if field.number is None:
            raise ValidationError(_("Please give the rate."))
        if not 0 < field.number <= RATE_MAX:
            raise ValidationError(
                _("An hour costs more than 0 and at most %(most)s euros.", most=format_decimal(RATE_MAX))
            )


RATE_MAX = 1_000
