"""The forms of the channels room: explain a missed slot, name a responsible contact."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from tracker.rules.judgement import clean

TEXT_MAX = 4_000  # characters of an explanation
NAME_MAX = 200
NEW, NOBODY = "new", "none"


def _cleaned(text: Any) -> Any:
    return clean(text) if isinstance(text, str) else text


class ExplainForm(FlaskForm):
    """What a manager says to a missed slot."""

    text = TextAreaField(_l("Explanation by the management"), filters=[_cleaned])

    def validate_text(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Please write why the slot was missed."))
        if len(field.data) > TEXT_MAX:
            raise ValidationError(
                _("At most %(n)s characters; these are %(have)s.", n=TEXT_MAX, have=len(field.data))
            )


class AssignForm(FlaskForm):
    """Who is told about a channel: somebody known, a new mailbox, or nobody yet."""

    contact = SelectField(_l("Responsible"), validate_choice=False)
    name = StringField(_l("Name of the new mailbox"), filters=[_cleaned])
    email = EmailField(_l("Its e-mail address"), filters=[_cleaned])

    def offer(self, contacts: list[tuple[int, str]], new_mailbox: bool) -> None:
        """Fill the choices in the reader's language; `new_mailbox` offers to make one, too."""
        self.contact.choices = [
            SelectChoice(NOBODY, _("nobody yet")),
            *(SelectChoice(str(key), name) for key, name in contacts),
            *([SelectChoice(NEW, _("a new mailbox"))] if new_mailbox else []),
        ]

    def validate_contact(self, field: Any) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Please choose one of the list."))

    def validate_name(self, field: Any) -> None:
        if self.contact.data != NEW:
            return
        if not field.data:
            raise ValidationError(_("A new mailbox needs a name."))
        if len(field.data) > NAME_MAX or "\n" in field.data:
            raise ValidationError(_("One line of at most %(n)s characters, please.", n=NAME_MAX))

    def validate_email(self, field: Any) -> None:
        if self.contact.data != NEW:
            return
        try:
            field.data = validate_email(field.data or "", check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValidationError(_("This is not an e-mail address.")) from None
