"""What the pages on the organisation read: its row, what can be chosen, the contacts and what they are there for."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import get_locale
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker.extensions import db
from tracker.models import Action, Channel, Contact, Organisation
from tracker.rules.workdays import COUNTRIES, STATES

NEAR = ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich")


@dataclass(frozen=True)
class Known:
    """A contact, with the number of channels it is responsible for and of open actions it owns."""

    contact: Contact
    channels: int
    actions: int
    is_fallback: bool


def organisation(lock: bool = False) -> Organisation | None:
    """The one row; None before a concept was loaded. `lock` holds it against other writers."""
    return db.session.get(Organisation, 1, with_for_update=lock or None, populate_existing=lock)


def contacts() -> list[Known]:
    """All contacts by name."""
    row = organisation()
    fallback = row.fallback_contact_id if row else None
    channels = _numbers(select(Channel.contact_id, func.count()).group_by(Channel.contact_id))
    still_open = select(Action.owner_id, func.count()).where(Action.done_on.is_(None))
    actions = _numbers(still_open.group_by(Action.owner_id))
    rows = db.session.scalars(select(Contact).options(joinedload(Contact.user)))
    return [
        Known(one, channels.get(one.id, 0), actions.get(one.id, 0), one.id == fallback)
        for one in sorted(rows, key=lambda one: one.name.casefold())
    ]


def _numbers(query: object) -> dict[int, int]:
    return {key: number for key, number in db.session.execute(query) if key is not None}  # type: ignore[call-overload]


def contact(contact_id: int) -> Contact | None:
    """One contact."""
    return db.session.get(Contact, contact_id)


def zones(current: str) -> list[str]:
    """The time zones that can be chosen, those of Germany and its neighbours first."""
    names = {
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    }
    rest = sorted(
        (names | {current, "UTC"}) - set(NEAR), key=lambda name: (not name.startswith("Europe/"), name)
    )
    return [*NEAR, *rest]


def regions(current: str) -> list[tuple[str, str]]:
    """The holiday regions that can be chosen, by key and name: Germany and its states first, then all countries."""
    states = [(f"DE-{key}", name) for key, name in sorted(STATES.items(), key=lambda pair: pair[1])]
    locale = get_locale() or Locale("de")
    abroad = sorted(
        ((key, locale.territories.get(key, key)) for key in COUNTRIES if key != "DE"),
        key=lambda pair: pair[1].casefold(),
    )
    known = [("DE", locale.territories["DE"]), *states, *abroad]
    return known if current in dict(known) else [(current, current), *known]
