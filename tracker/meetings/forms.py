"""The forms of the meetings room: planning a meeting, moving it, whom it invites, its agenda."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from tracker.rules.judgement import clean

PLACE_MAX = 200  # characters, as the column has them
CAUSE_MAX = 300
REASON_MAX = 2_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
NOBODY = ""


def sensible(day: date) -> bool:
    """Whether a meeting may lie on that day; a year of 20 or 9999 is a slip."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def one_line(text: Any) -> Any:
    """What was typed, on one line."""
    return " ".join(clean(text).split()) if isinstance(text, str) else text


def _cleaned(text: Any) -> Any:
    return clean(text) if isinstance(text, str) else text


def at_most(most: int) -> Any:
    """A validator: no more characters than that."""

    def check(_form: Any, field: Any) -> None:
        if len(field.data or "") > most:
            raise ValidationError(_("At most %(n)s characters, please.", n=most))

    return check


def sensible_day(_form: Any, field: Any) -> None:
    """A validator: a day on which a meeting may lie."""
    if field.data is not None and not sensible(field.data):
        raise ValidationError(
            _("The year must lie between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
        )


def _numbers(field: Any) -> list[int]:
    return [int(one) for one in dict.fromkeys(field.data or [])]


def _all_known(field: Any, otherwise: str) -> None:
    if not set(field.data or []) <= {choice.value for choice in field.choices}:
        raise ValidationError(otherwise)


def _choices(ids: Iterable[int]) -> list[SelectChoice]:
    return [SelectChoice(str(one), str(one)) for one in ids]


class AgendaForm(FlaskForm):
    """Which channels a meeting looks at."""

    channels = SelectMultipleField(_l("Agenda"), validate_choice=False)

    def offer(self, channel_ids: Iterable[int]) -> None:
        """What may be ticked."""
        self.channels.choices = _choices(channel_ids)

    @property
    def shown_ticked(self) -> frozenset[str]:
        """The boxes that are ticked on the page, valid or not."""
        return frozenset(self.channels.data or ())

    @property
    def ticked(self) -> list[int]:
        """The ids of the ticked channels; only after validation."""
        return _numbers(self.channels)

    def validate_channels(self, field: Any) -> None:
        _all_known(field, _("One of the channels is not known here. Please choose from the list."))


class InvitedForm(FlaskForm):
    """Who is invited, and who chairs; without a list of chairs that field is not there."""

    invited = SelectMultipleField(_l("Invited"), validate_choice=False)
    chair = SelectField(
        _l("Chair"),
        validate_choice=False,
        description=_l("May close the meeting, even where channels of other units are on its agenda."),
    )

    def offer_people(self, contact_ids: Iterable[int], chairs: Iterable[tuple[int, str]] | None) -> None:
        """Who may be ticked, and who may be appointed by the person who fills in the form, if anybody."""
        self.invited.choices = _choices(contact_ids)
        if chairs is None:
            del self.chair
        else:
            listed = [SelectChoice(str(key), name) for key, name in chairs]
            self.chair.choices = [SelectChoice(NOBODY, _("nobody appointed")), *listed]

    @property
    def invited_ids(self) -> list[int]:
        """The ids of the ticked contacts; only after validation."""
        return _numbers(self.invited)

    @property
    def chair_id(self) -> int | None:
        """The person appointed; only after validation."""
        return int(self.chair.data) if self.chair and self.chair.data else None

    def validate_invited(self, field: Any) -> None:
        _all_known(field, _("One of those invited is not known here. Please choose from the list."))

    def validate_chair(self, field: Any) -> None:
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Please choose one of the list."))


class WhenForm(FlaskForm):
    """When and where. Days and times are the organisation's."""

    on = DateField(
        _l("Day"), validators=[InputRequired(_l("Please give the day of the meeting.")), sensible_day]
    )
    starts_at = TimeField(_l("Begin"), validators=[Optional()])
    place = StringField(_l("Place or video"), filters=[one_line], validators=[at_most(PLACE_MAX)])


class MoveForm(WhenForm):
    """The new day, time and place; `seen` is the sequence that the page had shown."""

    seen = HiddenField()
    reason = TextAreaField(
        _l("Reason"),
        filters=[_cleaned],
        validators=[at_most(REASON_MAX)],
        description=_l("Stands in the mail to those invited, and in the journal."),
    )


class PlanForm(WhenForm, AgendaForm, InvitedForm):
    """A new meeting; `form_id` tells a form that was sent twice."""

    form_id = HiddenField(default=lambda: uuid4().hex)


class SpecialForm(PlanForm):
    """A special review: it has a cause, and its channels are chosen."""

    cause = StringField(
        _l("Cause of the special review"),
        filters=[one_line],
        validators=[InputRequired(_l("Please give the cause.")), at_most(CAUSE_MAX)],
        description=_l("For example a court ruling, a letter from the authority, new terms of a platform."),
    )

    def validate_cause(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Please give the cause."))

    def validate_channels(self, field: Any) -> None:
        super().validate_channels(field)
        if not field.data:
            raise ValidationError(_("Please choose at least one channel."))
