"""The form of a closed meeting's head: the same questions as before closing, and why it is corrected."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectMultipleField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from tracker.meetings.forms import PLACE_MAX, at_most, one_line, sensible_day
from tracker.meetings.heads import Named, Said, in_order
from tracker.rules.judgement import REASON_MAX, clean

NAME_MAX = 200  # characters, as the column has them


def _cleaned(text: Any) -> Any:
    return clean(text) if isinstance(text, str) else text


class HeadForm(FlaskForm):
    """A meeting's head; `seen` is the version that the page had shown. Days and times are the organisation's."""

    seen = HiddenField()
    held_on = DateField(
        _l("Held on"), validators=[InputRequired(_l("Say on which day the meeting was held.")), sensible_day]
    )
    begins_at = TimeField(_l("Begin"), validators=[Optional()])
    ends_at = TimeField(_l("End"), validators=[Optional()])
    place = StringField(_l("Place or video"), filters=[one_line], validators=[at_most(PLACE_MAX)])
    chair = StringField(_l("Chair"), filters=[one_line], validators=[at_most(NAME_MAX)])
    minute_taker = StringField(_l("Minutes taken by"), filters=[one_line], validators=[at_most(NAME_MAX)])
    present = SelectMultipleField(_l("Present"), validate_choice=False)
    excused = SelectMultipleField(_l("Excused"), validate_choice=False)
    guests = TextAreaField(
        _l("Guests, one name a line"), filters=[_cleaned], validators=[at_most(REASON_MAX)]
    )
    reason = TextAreaField(
        _l("Reason of the correction"), filters=[_cleaned], validators=[at_most(REASON_MAX)]
    )

    def offer(self, people: Iterable[Named]) -> None:
        """Who may be ticked, by key."""
        self.people = {key_of(one): one for one in people}
        for field in (self.present, self.excused):
            field.choices = [SelectChoice(key, one.name) for key, one in self.people.items()]

    def show(self, said: Said, version: int) -> None:
        """Fill in what a version says."""
        self.seen.data = str(version)
        for name in ("held_on", "begins_at", "ends_at", "place", "chair", "minute_taker"):
            self[name].data = getattr(said, name)
        for kind in ("present", "excused"):
            self[kind].data = [key_of(one) for one in said.attendance if one.kind == kind]
        self.guests.data = "\n".join(one.name for one in said.attendance if one.kind == "guest")

    def said(self, before: Said) -> Said:
        """What a valid form says."""
        named = [
            Named(kind, self.people[key].name, self.people[key].user_id)
            for kind in ("present", "excused")
            for key in self[kind].data
        ]
        named += [Named("guest", name) for name in self.guest_names]
        return Said(
            self.held_on.data,
            self.begins_at.data,
            self.ends_at.data,
            self.place.data or "",
            self.chair.data,
            self.minute_taker.data,
            in_order(named, before),
        )

    @property
    def guest_names(self) -> list[str]:
        """One guest a line."""
        return [name for line in (self.guests.data or "").splitlines() if (name := one_line(line))]

    def validate_chair(self, field: Any) -> None:
        _said(field, _("Say who chaired the meeting."))

    def validate_minute_taker(self, field: Any) -> None:
        _said(field, _("Say who took the minutes."))

    def validate_reason(self, field: Any) -> None:
        _said(field, _("Say why this is corrected."))

    def validate_present(self, field: Any) -> None:
        self._known(field)
        if not field.data and not self.guest_names:
            raise ValidationError(_("Say who took part."))

    def validate_ends_at(self, field: Any) -> None:
        if field.data and self.begins_at.data and field.data < self.begins_at.data:
            raise ValidationError(_("The end is before the begin."))

    def validate_excused(self, field: Any) -> None:
        self._known(field)
        both = [self.people[key].name for key in field.data or [] if key in (self.present.data or [])]
        if both:
            raise ValidationError(_("Present or excused, not both: %(names)s.", names=", ".join(both)))

    def validate_guests(self, field: Any) -> None:
        if max(map(len, self.guest_names), default=0) > NAME_MAX:
            raise ValidationError(_("At most %(n)s characters a name, please.", n=NAME_MAX))

    def _known(self, field: Any) -> None:
        if not set(field.data or []) <= set(self.people):
            raise ValidationError(_("Please choose from the list."))


def key_of(one: Named) -> str:
    """By which a form knows somebody: the account, else the name."""
    return f"account-{one.user_id}" if one.user_id else f"name-{one.name}"


def _said(field: Any, otherwise: str) -> None:
    if not field.data:
        raise ValidationError(otherwise)
