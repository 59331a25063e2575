"""The form of the reminders' settings: days, stages that are sent, whom escalations go to."""

from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from tracker.language import word
from tracker.models import Contact, Organisation, Unit
from tracker.rules.words import Stage

NOBODY = "none"
MOST = {"notice": 60, "overdue": 20, "escalation": 60}  # working days
UNIT = "unit-"  # names of the fields for units begin with it


class SettingsForm(FlaskForm):
    """When reminders come; the fields for units are added by `for_units`."""

    notice = IntegerField(_l("Notice, working days before the due date"))
    overdue = IntegerField(_l("Overdue, working days after it"))
    escalation = IntegerField(_l("Escalation, working days after it"))
    stages = SelectMultipleField(
        _l("Sent are"),
        validate_choice=False,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    contact = SelectField(_l("Escalations go to"), validate_choice=False)
    seen = HiddenField()

    def offer(self, contacts: list[Contact]) -> None:
        """Fill the choices in the reader's language."""
        self.stages.choices = [SelectChoice(one.value, word(one)) for one in Stage]
        people = [SelectChoice(str(one.id), one.name) for one in contacts]
        self.contact.choices = [SelectChoice(NOBODY, _("nobody: the managers hear of it")), *people]
        for field in self.of_units:
            field.choices = [SelectChoice(NOBODY, _("as for the whole organisation")), *people]

    @property
    def of_units(self) -> list[Any]:
        """The fields that name a contact for one unit."""
        return [field for field in self if field.name.startswith(UNIT)]

    def validate_notice(self, field: Any) -> None:
        _within(field, 0)

    def validate_overdue(self, field: Any) -> None:
        _within(field, 1)

    def validate_escalation(self, field: Any) -> None:
        _within(field, 1)
        if field.data is not None and self.overdue.data is not None and field.data < self.overdue.data:
            raise ValidationError(_("An escalation does not come before the slot is overdue."))

    def validate_stages(self, field: Any) -> None:
        if set(field.data or ()) - set(Stage):
            raise ValidationError(_("Please choose among the stages of the list."))

    def validate_contact(self, field: Any) -> None:
        _known(field)


def _within(field: Any, least: int) -> None:
    most = MOST[field.name]
    if field.data is None or not least <= field.data <= most:
        field.errors = list(field.errors)[:0]
        raise ValidationError(
            _("Please give a whole number from %(least)s to %(most)s.", least=least, most=most)
        )


def _known(field: Any) -> None:
    if field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(_("Please choose one of the list."))


def for_units(units: list[Unit]) -> type[SettingsForm]:
    """The form with a field for each unit."""
    fields = {
        f"{UNIT}{one.id}": SelectField(
            one.name, validate_choice=False, validators=[lambda _form, field: _known(field)]
        )
        for one in units
    }
    return type("SettingsForm", (SettingsForm,), fields)


def told(organisation: Organisation, units: list[Unit]) -> dict[str, Any]:
    """What the fields say before anybody changes them."""
    stages = (
        list(Stage) if organisation.stages is None else [one for one in Stage if one in organisation.stages]
    )
    return {
        "notice": organisation.notice_workdays,
        "overdue": organisation.overdue_workdays,
        "escalation": organisation.escalation_workdays,
        "stages": [one.value for one in stages],
        "contact": str(organisation.escalation_contact_id or NOBODY),
        **{f"{UNIT}{one.id}": str(one.escalation_contact_id or NOBODY) for one in units},
    }


def fingerprint(values: dict[str, Any]) -> str:
    """Tells whether somebody else changed the settings since the page was shown."""
    return sha256(repr(sorted(values.items())).encode()).hexdigest()[:16]
