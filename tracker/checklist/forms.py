"""The forms of the checklist room: a new item, another wording or other places, stopping, the setting."""

from datetime import date
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from tracker import language
from tracker.asking import Question
from tracker.models import CheckItem
from tracker.rules.days import sensible
from tracker.rules.judgement import clean
from tracker.rules.words import Criterion

TEXT_MAX, HOW_MAX, REASON_MAX = 500, 2_000, 4_000  # characters
EVERYWHERE = "*"


def _cleaned(text: Any) -> Any:
    return clean(text) if isinstance(text, str) else text


def _one_line(text: Any) -> Any:
    return " ".join(clean(text).split()) if isinstance(text, str) else text


def _at_most(field: Any, most: int) -> None:
    if len(field.data or "") > most:
        raise ValidationError(
            _("At most %(n)s characters; these are %(have)s.", n=most, have=len(field.data))
        )


class Boxes(SelectMultipleField):
    """Boxes to tick, the first of them "everywhere"."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not offered."""
        if not set(self.data or []) <= {choice.value for choice in self.choices}:
            raise ValidationError(_("Please choose from the list."))

    def chosen(self) -> frozenset[str] | None:
        """None for everywhere, an empty set for nowhere. Whoever ticks single ones means those, "everywhere" or not."""
        single = frozenset(self.data or []) - {EVERYWHERE}
        return None if EVERYWHERE in (self.data or []) and not single else single


class FromForm(FlaskForm):
    """A day from which on something holds: today or later."""

    from_on = DateField(_l("From which day on"))
    seen = HiddenField()
    confirmed = HiddenField()

    def validate_from_on(self, field: Any) -> None:
        """Its own words for a day that is missing, does not exist or is over."""
        field.errors, typed = [], " ".join(field.raw_data or []).strip()
        if not typed:
            raise ValidationError(_("Please give the day."))
        if field.data is None:
            raise ValidationError(_("This is not a day of the calendar. Write it as 2026-10-20."))
        if not sensible(field.data):
            raise ValidationError(_("This day is too far away."))
        if field.data < language.today():
            raise ValidationError(
                _("This day is over. What meetings were asked until now stays; choose today or a later day.")
            )


class QuestionForm(FromForm):
    """What is asked, how one looks at it, and where. Without the texts for a commitment: the concept words it."""

    text_de = TextAreaField(_l("Question or item, in German"), filters=[_one_line])
    text_en = TextAreaField(_l("Question or item, in English"), filters=[_one_line])
    how_de = TextAreaField(_l("How to look at it, in German"), filters=[_cleaned])
    how_en = TextAreaField(_l("How to look at it, in English"), filters=[_cleaned])
    platforms = Boxes(_l("Platforms"))
    units = Boxes(_l("Units"))

    def offer(self, platforms: list[str], units: dict[int, str]) -> None:
        """Fill the choices in the reader's language."""
        self.platforms.choices = [
            SelectChoice(EVERYWHERE, _("everywhere, also on platforms that are added later")),
            *(SelectChoice(name, name) for name in platforms),
        ]
        self.units.choices = [
            SelectChoice(EVERYWHERE, _("everywhere, also in units that are added later")),
            *(SelectChoice(str(key), name) for key, name in units.items()),
        ]

    def asked(self, worded: Question | None = None) -> Question:
        """What the form asks for, once it is valid; the texts are those of `worded` where it has no fields for them."""
        return Question(
            text_de=self.text_de.data if self.text_de else worded.text_de if worded else "",
            text_en=self.text_en.data if self.text_en else worded.text_en if worded else "",
            how_de=self.how_de.data,
            how_en=self.how_en.data,
            platforms=self.platforms.chosen(),
            unit_ids=self.units.chosen(),
        )

    def validate_text_de(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Please write what is asked."))
        _at_most(field, TEXT_MAX)

    def validate_text_en(self, field: Any) -> None:
        _at_most(field, TEXT_MAX)

    def validate_how_de(self, field: Any) -> None:
        _at_most(field, HOW_MAX)

    def validate_how_en(self, field: Any) -> None:
        _at_most(field, HOW_MAX)


class AddForm(QuestionForm):
    """An own item of one criterion."""

    criterion = RadioField(_l("Belongs to"), validate_choice=False)

    def offer(self, platforms: list[str], units: dict[int, str]) -> None:
        """Fill the choices in the reader's language."""
        super().offer(platforms, units)
        self.criterion.choices = [
            SelectChoice(Criterion.LEGALITY.value, _("legality: an item of the checklist, answered met or not met")),
            SelectChoice(Criterion.COST_BENEFIT.value, _("cost-benefit: a prompt, answered in a sentence")),
            SelectChoice(Criterion.STRATEGY.value, _("strategy: a prompt, answered in a sentence")),
        ]  # fmt: skip

    def validate_criterion(self, field: Any) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Please choose one of the list."))


def _validate_reason(_form: Any, field: Any) -> None:
    if not field.data:
        raise ValidationError(_("Please write why."))
    _at_most(field, REASON_MAX)


class ChangeForm(QuestionForm):
    """Another wording, or other places, with a reason."""

    reason = TextAreaField(_l("Reason"), filters=[_cleaned], validators=[_validate_reason])
    still_fits = BooleanField(_l("The wording in the other language still says the same."))

    def one_sided(self, worded: Question) -> bool:
        """Whether only one of two languages was reworded, and nobody has said yet that the other one still fits."""
        if not self.text_de or not worded.text_en or self.still_fits.data:
            return False
        german, english = self.text_de.data != worded.text_de, self.text_en.data != worded.text_en
        if german == english or not self.text_en.data:
            return False
        left = self.text_en if german else self.text_de
        left.errors = [
            _("This still says what was asked before. Change it too, or tick below that it still fits.")
        ]
        return True


class StopForm(FromForm):
    """Ask an item no longer, with a reason."""

    reason = TextAreaField(_l("Reason"), filters=[_cleaned], validators=[_validate_reason])


def seen_of(item: CheckItem) -> str:
    """Number and last day of the newest wording: tells whether somebody else changed the item since."""
    newest = item.wordings[-1]
    return f"{newest.number}:{newest.until_on.isoformat() if newest.until_on else ''}"


def digest(*asked_about: object) -> str:
    """What a person confirms: if anything of it is different by then, it is asked again."""
    told = [sorted(one) if isinstance(one, frozenset) else one for one in asked_about]
    return sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def proposed(item: CheckItem, asked: Question, platforms: list[str], today: date) -> dict[str, Any]:
    """What the form of a change begins with; an item asked nowhere begins with everywhere. `platforms` are offered."""
    placed = Question("") if asked.nowhere else asked
    on = {name.casefold() for name in placed.platforms or ()}
    planned = item.wordings[-1].from_on if item.wordings[-1].until_on is None else today
    return {
        **{name: getattr(asked, name) for name in ("text_de", "text_en", "how_de", "how_en")},
        "platforms": [EVERYWHERE]
        if placed.platforms is None
        else [name for name in platforms if name.casefold() in on],
        "units": [EVERYWHERE] if placed.unit_ids is None else sorted(placed.unit_ids),
        "from_on": max(today, planned),
    }
