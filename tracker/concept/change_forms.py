"""The forms that change the concept as text: of one channel, and of the general part. Day and reason belong to both."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from tracker.concept.wording import Texts, field_of
from tracker.language import day
from tracker.rules.judgement import clean

REASON_MAX = 4_000  # characters


def _cleaned(text: Any) -> Any:
    return unicodedata.normalize("NFC", clean(text)) if isinstance(text, str) else text


def _line(label: Any) -> Any:
    return StringField(label, filters=[_cleaned])


def _text(label: Any) -> Any:
    return TextAreaField(label, filters=[_cleaned])


class WordingForm(FlaskForm):
    """What both ask: the version that the page showed, from which day on the change holds, and why."""

    seen = HiddenField()
    since = DateField(_l("Holds from"))
    reason = TextAreaField(_l("Reason"), filters=[_cleaned])
    earliest = latest = date.min

    @property
    def parts(self) -> list[Any]:
        """The fields with the texts of the concept, in the order of the page: what is added stands last."""
        parts = [field for field in self if field.name not in {"seen", "since", "reason", "csrf_token"}]
        return sorted(parts, key=lambda field: bool(field.name == "added"))

    def allow(self, earliest: date, latest: date) -> None:
        """Between which days, both included, the change may begin to hold."""
        self.earliest, self.latest = earliest, latest

    def show(self, texts: Texts, number: int) -> None:
        """Fill in what a version says."""
        self.seen.data = str(number)
        for field in self.parts:
            field.data = texts.get(field.name, "")

    def texts(self) -> dict[str, str]:
        """What was typed, cleaned."""
        return {field.name: field.data or "" for field in self.parts}

    def titles(self, names: Iterable[str]) -> str:
        """What these fields are called, in one line."""
        return ", ".join(str(self[name].label.text) for name in names if name in self)

    def validate_since(self, field: Any) -> None:
        """Its own words for a day that does not exist, and for one that the versions before and after exclude."""
        field.errors, typed = [], " ".join(field.raw_data or []).strip()
        if not typed:
            raise ValidationError(_("Please give the day."))
        if field.data is None:
            raise ValidationError(_("This is not a day of the calendar. Write it as 2026-10-20."))
        if field.data < self.earliest:
            raise ValidationError(
                _(
                    "The version before holds from %(day)s; this one cannot begin earlier.",
                    day=day(self.earliest),
                )
            )
        if field.data > self.latest:
            raise ValidationError(
                _(
                    "A change is written down when it begins to hold, on %(day)s at the latest.",
                    day=day(self.latest),
                )
            )

    def validate_reason(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Please write why."))
        if len(field.data) > REASON_MAX:
            raise ValidationError(
                _("At most %(n)s characters; these are %(have)s.", n=REASON_MAX, have=len(field.data))
            )


class ChannelTextsForm(WordingForm):
    """The texts of one channel, and what it is called."""

    platform = _line(_l("Platform"))
    name = _line(_l("Name of the channel"))
    purpose = _text(_l("Purpose"))
    content = TextAreaField(
        _l("Content"), filters=[_cleaned], id="text-content"
    )  # "content" is the page's own id
    audience = _text(_l("Audience"))
    responsible = _line(_l("Responsible"))
    deputy = _line(_l("Deputy"))
    provider = _line(_l("Provider"))
    address = _line(_l("Address"))


class GeneralForm(WordingForm):
    """What the concept says for all channels; each commitment has a field of its own (general_form)."""

    legal_references = _text(_l("Legal references"))
    data_protection_officer = _line(_l("Data protection officer"))
    alternative_routes = _text(_l("Alternative routes"))
    platforms = _text(_l("Platforms"))
    added = _text(_l("New commitment"))


def general_form(keys: Iterable[str], **options: Any) -> GeneralForm:
    """The form with a field for each commitment."""
    named = {
        field_of(key): _text(_l("Commitment %(number)s", number=number))
        for number, key in enumerate(keys, start=1)
    }
    kind: Any = type("GeneralFormWithCommitments", (GeneralForm,), named)
    return kind(**options)
