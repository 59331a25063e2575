"""The filters of the evidence, read from an address or from hidden fields."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from tracker.evidence import words
from tracker.evidence.columns import Mark
from tracker.evidence.filters import Filters
from tracker.evidence.queries import Choices
from tracker.rules.days import FIRST_YEAR, LAST_YEAR, sensible
from tracker.rules.judgement import clean
from tracker.rules.words import Criterion, Decision, Level, Outcome

SHOWN_OUTCOMES = (Outcome.KEPT, Outcome.LATE, Outcome.MISSED, Outcome.OPEN)  # what has not begun has no rows


def _sensible(_form: Any, field: Any) -> None:
    if field.data is not None and not sensible(field.data):
        raise ValidationError(
            _("The year must lie between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
        )


def _one_line(text: Any) -> Any:
    return " ".join(clean(text).split()) if isinstance(text, str) else text


class Day(DateField):
    """A plain date that may be left empty."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, validators=[Optional(), _sensible], **options)


class Choice(SelectField):
    """One of a list, or all."""

    def offer(self, known: list[tuple[str, str]]) -> None:
        """Fill it in the reader's language."""
        self.choices = [SelectChoice("", _("all")), *(SelectChoice(value, name) for value, name in known)]

    def pre_validate(self, form: Any) -> None:
        """Anything that was not offered is refused."""
        if (self.data or "") not in {one.value for one in self.choices}:
            raise ValidationError(_("There is no such choice."))


class FilterForm(FlaskForm):
    """What the evidence is narrowed to. An address with these names stays valid."""

    class Meta:
        csrf = False  # it changes nothing; the export's own form carries the token

    from_on = Day(_l("Period from"), name="from")
    until_on = Day(_l("Period until"), name="until")
    unit = Choice(_l("Unit"))
    channel = Choice(_l("Channel"))
    platform = Choice(_l("Platform"))
    criterion = Choice(_l("Criterion"))
    level = Choice(_l("Level"))
    outcome = Choice(_l("Outcome"))
    decision = Choice(_l("Decision"))
    mark = Choice(_l("Marked as"))
    text = StringField(
        _l("Text in a reason or explanation"), filters=[_one_line], validators=[Length(max=200)]
    )

    @property
    def chosen(self) -> dict[str, str]:
        """What is not left open, as an address or a hidden field says it."""
        given = {field.name: field.data for field in self if field.data}
        return {name: data if isinstance(data, str) else data.isoformat() for name, data in given.items()}

    def offer(self, known: Choices) -> None:
        """Fill the choices: only what the reader may see."""
        self.unit.offer([(str(key), name) for key, name in known.units])
        self.channel.offer([(str(key), name) for key, name in known.channels])
        self.platform.offer([(name, name) for name in known.platforms])
        for field, values in (
            (self.criterion, Criterion),
            (self.level, Level),
            (self.outcome, SHOWN_OUTCOMES),
            (self.decision, Decision),
            (self.mark, Mark),
        ):
            field.offer([(value.value, words.word(value)) for value in values])

    def validate_until_on(self, field: Day) -> None:
        """A period that ends before it begins is refused."""
        if isinstance(self.from_on.data, date) and field.data and field.data < self.from_on.data:
            raise ValidationError(_("The last day lies before the first."))

    def filters(self, unit_ids: frozenset[int] | None) -> Filters:
        """The plain values, for a form without errors."""
        return Filters(
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            unit_id=int(self.unit.data) if self.unit.data else None,
            channel_id=int(self.channel.data) if self.channel.data else None,
            platform=self.platform.data or None,
            criterion=Criterion(self.criterion.data) if self.criterion.data else None,
            level=Level(self.level.data) if self.level.data else None,
            outcome=Outcome(self.outcome.data) if self.outcome.data else None,
            decision=Decision(self.decision.data) if self.decision.data else None,
            mark=Mark(self.mark.data) if self.mark.data else None,
            text=self.text.data or "",
            unit_ids=unit_ids,
        )
