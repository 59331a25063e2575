"""From when until when an account holds: what is refused, and how it is told. Never commits."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from tracker import language
from tracker.models import User
from tracker.people.roles import PersonRefused, keep_an_admin
from tracker.rules.accounts import holds_on
from tracker.rules.words import Role


@dataclass(frozen=True)
class Days:
    """The first and the last day, in the organisation's zone; None: open on that side."""

    from_on: date | None = None
    until_on: date | None = None

    def hold(self, on: date) -> bool:
        """Whether `on` is one of them."""
        return holds_on(self.from_on, self.until_on, on)


ALWAYS = Days()


def days_of(person: User) -> Days:
    """The days that the person's account was given."""
    return Days(person.from_on, person.until_on)


def check(days: Days, person: User | None = None, own: bool = False) -> None:
    """PersonRefused where these days make no sense, leave nobody who administrates, or end one's `own` session."""
    if days.from_on and days.until_on and days.until_on < days.from_on:
        raise PersonRefused("until_on", _("The last day lies before the first."))
    if person is None or days == days_of(person):
        return
    field, today = "until_on" if days.until_on else "from_on", language.today()
    if own and not days.hold(today):
        raise PersonRefused(
            field, _("That would sign you out at once. Somebody else who administrates can enter it.")
        )
    lasting = days.until_on is None and days.hold(today)
    if not lasting and person.has_role(Role.ADMIN.value):
        try:
            keep_an_admin(person)
        except PersonRefused:
            raise PersonRefused(
                field,
                _(
                    "Somebody must remain who administrates without an end. Give another person that role first."
                ),
            ) from None


def sign_in(person: User) -> str:
    """Whether and when the person can sign in, as lists and pages tell it."""
    if not person.active:
        return _("deactivated")
    days, today = days_of(person), language.today()
    if days == ALWAYS:
        return _("possible")
    if days.hold(today):
        return _("possible, %(days)s", days=span(days))
    early = days.from_on is not None and today < days.from_on
    return _("not yet, %(days)s", days=span(days)) if early else _("over, %(days)s", days=span(days))


def span(days: Days) -> str:
    """From when until when, in words; empty for all days."""
    first, last = language.day(days.from_on), language.day(days.until_on)
    if days.from_on and days.until_on:
        return _("%(first)s until %(last)s", first=first, last=last)
    if days.until_on:
        return _("until %(day)s", day=last)
    return _("from %(day)s on", day=first) if days.from_on else ""
