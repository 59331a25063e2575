"""Whose account holds today, and who can be told: asked wherever somebody comes in, is chosen, or gets mail."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_

from tracker import language
from tracker.models import Contact, User
from tracker.rules.accounts import holds_on


def holds(user: User, on: date | None = None) -> bool:
    """Whether the account is not deactivated and `on`, by default today, is one of its days."""
    return user.active and in_its_days(user, on)


def in_its_days(user: User, on: date | None = None) -> bool:
    """Whether `on`, by default today, is one of the days the account was given."""
    if user.from_on is None and user.until_on is None:
        return True  # nearly everybody: without asking what day it is
    return holds_on(user.from_on, user.until_on, on or language.today())


def that_hold(on: date | None = None) -> ColumnElement[bool]:
    """The same as holds(), as the condition of a query over User."""
    day = on or language.today()
    begun = or_(User.from_on.is_(None), User.from_on <= day)
    return and_(User.active, begun, or_(User.until_on.is_(None), User.until_on >= day))


def is_told(contact: Contact, on: date | None = None) -> bool:
    """Whether mail reaches somebody: a mailbox with an address, or a person whose account holds."""
    return contact.email is not None or (contact.user is not None and holds(contact.user, on))


def why_not(user: User) -> str:
    """Why somebody outside the days of their account cannot come in, and what to do."""
    return days_of(user) + " " + _("Ask your administration if it should hold on other days.")


def days_of(user: User) -> str:
    """From when until when the account holds, in a sentence to its person; empty where it is open on both sides."""
    first, last = language.day(user.from_on), language.day(user.until_on)
    if user.from_on and user.until_on:
        return _("Your access holds from %(first)s until %(last)s.", first=first, last=last)
    if user.until_on:
        holds_still = _("Your access holds until %(last)s.", last=last)
        return holds_still if in_its_days(user) else _("Your access held until %(last)s.", last=last)
    return _("Your access holds from %(first)s on.", first=first) if user.from_on else ""
