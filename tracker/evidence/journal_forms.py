"""The filters of the journal, read from an address."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from tracker.evidence import words
from tracker.evidence.forms import Choice, Day
from tracker.evidence.journal_queries import Asked
from tracker.guard import LARGEST_ID
from tracker.rules.judgement import clean

SYSTEM = "system"  # who did it: nobody who signs in
Named = Sequence[tuple[int, str]]


def _one_line(text: Any) -> Any:
    return " ".join(clean(text).split()) if isinstance(text, str) else text


class JournalForm(FlaskForm):
    """What the journal is narrowed to. An address with these names stays valid."""

    class Meta:
        csrf = False  # it changes nothing

    deed = Choice(_l("Deed"))
    person = Choice(_l("Who"))
    channel = Choice(_l("Channel"))
    from_on = Day(_l("Period from"), name="from")
    until_on = Day(_l("Period until"), name="until")
    number = StringField(_l("Number"), filters=[_one_line])
    text = StringField(_l("Text in the words"), filters=[_one_line], validators=[Length(max=200)])

    def offer(self, people: Named, channels: Named, everything: bool) -> None:
        """Fill the choices. Words are searched only by those who read the whole journal."""
        named = sorted(
            ((deed.value, str(name)) for deed, name in words.DEEDS.items()), key=lambda one: one[1]
        )
        self.deed.offer(named)
        self.person.offer([(SYSTEM, _("the system")), *((str(key), name) for key, name in people)])
        self.channel.offer([(str(key), name) for key, name in channels])
        if not everything:
            del self.text

    def validate_until_on(self, field: Day) -> None:
        """A period that ends before it begins is refused."""
        if isinstance(self.from_on.data, date) and field.data and field.data < self.from_on.data:
            raise ValidationError(_("The last day lies before the first."))

    def validate_number(self, field: Any) -> None:
        """Entries are counted from 1."""
        given = field.data
        if given and not (
            given.isascii() and given.isdigit() and len(given) < 12 and 0 < int(given) <= LARGEST_ID
        ):
            raise ValidationError(_("The number of an entry is a whole number from 1 on."))

    @property
    def chosen(self) -> dict[str, str]:
        """What is not left open, as an address says it."""
        given = {field.name: field.data for field in self if field.data}
        return {name: data if isinstance(data, str) else data.isoformat() for name, data in given.items()}

    @property
    def asked(self) -> Asked:
        """The plain values, for a form without errors."""
        who = self.person.data
        return Asked(
            deed=self.deed.data or None,
            by_id=int(who) if who and who != SYSTEM else None,
            by_system=who == SYSTEM,
            channel_id=int(self.channel.data) if self.channel.data else None,
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            number=int(self.number.data) if self.number.data else None,
            text=(self.text.data or "") if "text" in self else "",
        )
