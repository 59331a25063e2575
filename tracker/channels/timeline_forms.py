"""The filters of a channel's timeline, read from an address."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.channels.timeline import Asked, Kind
from tracker.rules.days import FIRST_YEAR, LAST_YEAR, sensible

NEWEST, OLDEST = "newest", "oldest"
KINDS: dict[Kind, Any] = {
    Kind.CONCEPT: _l("Concept"),
    Kind.COURSE: _l("State and obligations"),
    Kind.MEETING: _l("Meetings and reviews"),
    Kind.CORRECTION: _l("Corrections"),
    Kind.ACTION: _l("Actions"),
    Kind.REMINDER: _l("Reminders"),
    Kind.MISSED: _l("Missed slots"),
    Kind.EXPLANATION: _l("Explanations"),
    Kind.FIGURES: _l("Figures"),
}


def _sensible(_form: Any, field: Any) -> None:
    if field.data is not None and not sensible(field.data):
        raise ValidationError(
            _("The year must lie between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
        )


class TimelineForm(FlaskForm):
    """What the timeline is narrowed to, and its order. An address with these names stays valid."""

    class Meta:
        csrf = False  # it changes nothing

    kind = SelectMultipleField(
        _l("What happened"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    from_on = DateField(_l("From"), name="from", validators=[Optional(), _sensible])
    until_on = DateField(_l("Until"), name="until", validators=[Optional(), _sensible])
    order = SelectField(_l("Order"))

    def offer(self) -> None:
        """Fill the choices in the reader's language."""
        self.kind.choices = [(kind.value, str(words)) for kind, words in KINDS.items()]
        self.order.choices = [(NEWEST, _("newest first")), (OLDEST, _("oldest first"))]
        self.order.data = self.order.data or NEWEST

    def validate_until_on(self, field: Any) -> None:
        """A period that ends before it begins is refused."""
        if self.from_on.data and field.data and field.data < self.from_on.data:
            raise ValidationError(_("The last day lies before the first."))

    @property
    def asked(self) -> Asked:
        """The plain values, for a form without errors."""
        kinds = frozenset(Kind(one) for one in self.kind.data or ())
        return Asked(kinds, self.from_on.data, self.until_on.data, self.order.data != OLDEST)

    @property
    def chosen(self) -> dict[str, Any]:
        """What is not left open, as an address says it."""
        days = {"from": self.from_on.data, "until": self.until_on.data}
        given: dict[str, Any] = {name: day.isoformat() for name, day in days.items() if day}
        if self.kind.data:
            given["kind"] = self.kind.data
        return given if self.order.data == NEWEST else {**given, "order": self.order.data}
