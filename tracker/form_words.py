"""What every form says by itself where the input is no day, no time or none of the list, in both languages.

WTForms brings English sentences and lacks the German of some; with these no field needs words of its own for it.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.i18n import translations as of_wtforms

NO_DAY = _l("This is not a day of the calendar. Write it as 2026-10-20.")
NO_TIME = _l("This is not a time of day. Write it as 14:30.")
NOT_LISTED = _l("Please choose one of the list.")
NOT_ALL_LISTED = _l("Please choose from the list.")
OURS = {
    "Not a valid date value.": NO_DAY,
    "Not a valid time value.": NO_TIME,
    "Not a valid choice.": NOT_LISTED,
    "Invalid Choice: could not coerce.": NOT_LISTED,
    "'%(value)s' is not a valid choice for this field.": NOT_ALL_LISTED,
    "'%(value)s' are not valid choices for this field.": NOT_ALL_LISTED,
    "Invalid choice(s): one or more data inputs could not be coerced.": NOT_ALL_LISTED,
    "This field is required.": _l("Please fill in this field."),
}


class Words:
    """Our words where we have some, else the German of WTForms."""

    def gettext(self, said: str) -> str:
        """One sentence."""
        return str(OURS[said]) if said in OURS else of_wtforms.gettext(said)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """One sentence about n things."""
        ours = OURS.get(singular)
        return str(ours) if ours is not None else of_wtforms.ngettext(singular, plural, n)


def register(_app: Flask) -> None:
    """All forms of Flask-WTF ask here."""
    FlaskForm.Meta.get_translations = lambda _meta, _form: Words()
