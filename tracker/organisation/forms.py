"""The forms of the organisation room: what holds for all of it, a new mailbox, another address."""

from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from tracker.letter import AddressRefused, clean_address
from tracker.models import Contact, Organisation
from tracker.organisation import queries
from tracker.organisation.changes import PLAIN
from tracker.rules.judgement import clean

NAME_MAX, WEBSITE_MAX, BODY_MAX = 200, 500, 1000
NOBODY = "none"


def _one_line(text: Any) -> Any:
    return " ".join(clean(text).split()) if isinstance(text, str) else text


def _lines(text: Any) -> Any:
    """Every line by itself, without what cannot be seen."""
    if not isinstance(text, str):
        return text
    return "\n".join(" ".join(clean(line).split()) for line in text.splitlines()).strip()


def _known(field: Any) -> None:
    if field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(_("Please choose one of the list."))


def _named(field: Any) -> None:
    if not field.data:
        raise ValidationError(_("Please give a name."))
    if len(field.data) > NAME_MAX:
        raise ValidationError(
            _("At most %(n)s characters; these are %(have)s.", n=NAME_MAX, have=len(field.data))
        )


def _address(given: str) -> str:
    try:
        found = validate_email(given, check_deliverability=False).normalized
        clean_address(found)
    except (EmailNotValidError, AddressRefused):
        raise ValidationError(_("This is not an e-mail address.")) from None
    return found


class OrganisationForm(FlaskForm):
    """What holds for the whole organisation. `confirmed` names the time zone and region that were asked about."""

    name = StringField(_l("Name"), filters=[_one_line])
    website = StringField(_l("Website"), filters=[_one_line])
    timezone = SelectField(_l("Time zone"), validate_choice=False)
    language = SelectField(_l("Language"), validate_choice=False)
    holiday_region = SelectField(_l("Holiday region"), validate_choice=False)
    fallback = SelectField(_l("Told where nobody is responsible"), validate_choice=False)
    accessibility_email = EmailField(_l("E-mail address for reports of barriers"), filters=[_one_line])
    enforcement_body = TextAreaField(_l("Arbitration body"), filters=[_lines])
    imprint = StringField(_l("Address of the imprint"), filters=[_one_line])
    privacy_notice = StringField(_l("Address of the privacy notice"), filters=[_one_line])
    seen = HiddenField()
    confirmed = HiddenField()

    def offer(self, row: Organisation, contacts: list[Contact]) -> None:
        """Fill the choices in the reader's language."""
        self.timezone.choices = [
            SelectChoice(name, name.replace("_", " ")) for name in queries.zones(row.timezone)
        ]
        self.language.choices = [SelectChoice("de", _("German")), SelectChoice("en", _("English"))]
        self.holiday_region.choices = [
            SelectChoice(key, name) for key, name in queries.regions(row.holiday_region)
        ]
        people = [SelectChoice(str(one.id), one.name) for one in contacts]
        self.fallback.choices = [SelectChoice(NOBODY, _("nobody yet")), *people]

    def values(self) -> dict[str, Any]:
        """What is to be kept."""
        return {name: self[name].data or None for name in PLAIN}

    def validate_name(self, field: Any) -> None:
        _named(field)

    def validate_timezone(self, field: Any) -> None:
        _known(field)

    validate_language = validate_holiday_region = validate_fallback = validate_timezone

    def validate_website(self, field: Any) -> None:
        _web_address(field)

    validate_imprint = validate_privacy_notice = validate_website

    def validate_accessibility_email(self, field: Any) -> None:
        if field.data:
            field.data = _address(field.data)

    def validate_enforcement_body(self, field: Any) -> None:
        if len(field.data or "") > BODY_MAX:
            raise ValidationError(
                _("At most %(n)s characters; these are %(have)s.", n=BODY_MAX, have=len(field.data))
            )


def _web_address(field: Any) -> None:
    """An address of the web, or none; another scheme could run a script where it is a link."""
    if field.data and (len(field.data) > WEBSITE_MAX or not _is_web_address(field.data)):
        raise ValidationError(_("Please give an address that begins with https:// or http://, or none."))


def _is_web_address(given: str) -> bool:
    try:
        parts = urlsplit(given)
        return parts.scheme in {"https", "http"} and bool(parts.hostname) and " " not in given
    except ValueError:
        return False


def fingerprint(row: Organisation) -> str:
    """Tells whether somebody else changed the settings since the page was shown."""
    told = "\n".join(str(getattr(row, name)) for name in (*PLAIN, "fallback_contact_id"))
    return sha256(told.encode()).hexdigest()[:16]


class MailboxForm(FlaskForm):
    """A new function mailbox."""

    name = StringField(_l("Name of the mailbox"), filters=[_one_line])
    email = EmailField(_l("E-mail address"), filters=[_one_line])

    def validate_name(self, field: Any) -> None:
        _named(field)

    def validate_email(self, field: Any) -> None:
        field.data = _address(field.data or "")


class AddressForm(FlaskForm):
    """Another address of a mailbox, or none any more. `seen` is the address that the page showed."""

    email = EmailField(_l("E-mail address"), filters=[_one_line])
    seen = HiddenField()

    def validate_email(self, field: Any) -> None:
        if field.data:
            field.data = _address(field.data)
