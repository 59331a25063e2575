"""The forms of the people room: a new person, a changed one, a new first password."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.language import WORDS, word
from tracker.models import Unit, User
from tracker.passwords import LONGEST
from tracker.people.meanwhile import LANGUAGES
from tracker.people.roles import roles_of
from tracker.rules.days import FIRST_YEAR, LAST_YEAR, sensible
from tracker.rules.words import Role

REQUIRED = _l("Please fill in this field.")
HAND_OVER = _l("At least 12 characters. Hand it over in person; it can be changed under My account.")
INVITE = _l(
    "Leave it empty: the person sets it, by a link that goes to them, or is shown to you if no mail can be sent."
)
UNTIL = _l(
    "That day included. Afterwards the person can no longer sign in and is told nothing. For an audit, say."
)
ROLES = _l(
    "Editors plan and log meetings. Managers do so, too, look after channels and concept, and are told what is late. "
    "Auditors read and export, and change nothing. Administrators look after people and settings, and review nothing."
)
NO, EVERYWHERE, SOME = "no", "all", "some"


class Day(DateField):
    """A plain date that may be left empty."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, validators=[Optional(), _sensible], **options)


def _sensible(_form: Any, field: Any) -> None:
    if field.data is not None and not sensible(field.data):
        raise ValidationError(
            _("The year must lie between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
        )


class PersonForm(FlaskForm):
    """A new person with a first role."""

    full_name = StringField(_l("Name"), validators=[InputRequired(REQUIRED), Length(max=200)])
    email = EmailField(_l("E-mail address"), validators=[InputRequired(REQUIRED), Length(max=255)])
    password = PasswordField(_l("First password"), validators=[Length(max=LONGEST)], description=INVITE)
    role = SelectField(_l("Role"), validators=[InputRequired(REQUIRED)], description=ROLES)
    units = SelectMultipleField(
        _l("Only for these units"), coerce=int, description=_l("Without a choice: for all units.")
    )
    from_on = Day(_l("Access from"))
    until_on = Day(_l("Access until"), description=UNTIL)

    def offer(self, units: list[tuple[int, str]]) -> None:
        """Fill the choices in the reader's language."""
        roles = [SelectChoice(role.value, word(role)) for role in Role]
        self.role.choices = [SelectChoice("", _("please choose")), *roles]
        self.units.choices = [SelectChoice(key, name) for key, name in units]


class ChangeForm(FlaskForm):
    """Name, address, language and, for each role, whether and for which units. `confirmed`: one's own role goes."""

    full_name = StringField(_l("Name"), validators=[InputRequired(REQUIRED), Length(max=200)])
    email = EmailField(_l("E-mail address"), validators=[InputRequired(REQUIRED), Length(max=255)])
    language = SelectField(_l("Language"), validate_choice=False)
    from_on = Day(_l("Access from"))
    until_on = Day(_l("Access until"), description=UNTIL)
    seen = HiddenField()
    confirmed = HiddenField()

    def offer(self, units: list[Unit]) -> None:
        """Fill the choices in the reader's language."""
        names = [SelectChoice(code, str(name)) for code, name in LANGUAGES.items()]
        self.language.choices = [SelectChoice("", _("as the browser says")), *names]
        some = [SelectChoice(SOME, _("only for these units:"))] if units else []
        for role in Role:
            choices = [SelectChoice(NO, _("no")), SelectChoice(EVERYWHERE, _("for all units")), *some]
            self[role.value].choices = choices
            self[_units(role)].choices = [SelectChoice(str(unit.id), unit.name) for unit in units]

    def wanted(self, units: list[Unit]) -> dict[Role, tuple[Unit, ...]]:
        """The roles that are asked for, each with the units it is limited to; none: all of them."""
        found = {}
        for role in Role:
            if self[role.value].data != NO:
                chosen = set(self[_units(role)].data or []) if self[role.value].data == SOME else set()
                found[role] = tuple(unit for unit in units if str(unit.id) in chosen)
        return found

    def validate_language(self, field: Any) -> None:
        if field.data not in {"", *LANGUAGES}:
            raise ValidationError(_("Please choose one of the list."))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Also each role: whether, and for which units."""
        good = super().validate(extra_validators)
        for role in Role:
            field, units = self[role.value], self[_units(role)]
            known = {choice.value for choice in units.choices}
            if field.data not in {choice.value for choice in field.choices}:
                field.errors = [_("Please choose one of the list.")]
            elif field.data == SOME and not (units.data and set(units.data) <= known):
                units.errors = [_("Please choose at least one unit, or all of them above.")]
            good = good and not field.errors and not units.errors
        return good


def _units(role: Role) -> str:
    return f"{role.value}_units"


for _role in Role:
    setattr(ChangeForm, _role.value, RadioField(WORDS[Role][_role.value], validate_choice=False))
    setattr(
        ChangeForm,
        _units(_role),
        SelectMultipleField(
            _l("Units"),
            validate_choice=False,
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
        ),
    )


def told(person: User) -> dict[str, Any]:
    """What stands in the form of a person before anything is typed."""
    values: dict[str, Any] = {
        "full_name": person.full_name, "email": person.email, "language": person.language or "",
        "from_on": person.from_on, "until_on": person.until_on,
        **dict.fromkeys((role.value for role in Role), NO),
    }  # fmt: skip
    for role, units in roles_of(person).items():
        values[role.value] = SOME if units else EVERYWHERE
        values[_units(role)] = [str(unit.id) for unit in units]
    return values


class PasswordForm(FlaskForm):
    """A new first password of somebody else."""

    password = PasswordField(
        _l("New first password"),
        validators=[InputRequired(REQUIRED), Length(max=LONGEST)],
        description=HAND_OVER,
    )
