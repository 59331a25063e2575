"""What a new installation still lacks before it keeps the promise by itself, in the order in which it is done.

The steps are read from what is there, so none can be ticked by hand. They are over for good once the first meeting
is closed and reminders are released: whoever leaves later is no step of a beginning.
"""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from tracker import guard
from tracker.extensions import db
from tracker.models import Channel, Contact, Meeting, Organisation, Unit, User
from tracker.models import Role as RoleRow
from tracker.rules.deeds import Deed
from tracker.rules.words import Role

NEEDED = (Role.EDITOR, Role.MANAGER, Role.AUDITOR)


@dataclass(frozen=True)
class Step:
    """One step: whether it is done, what it is, what it needs or has found, and where it is done, if one may."""

    done: bool
    what: str
    why: str
    url: str = ""
    button: str = ""


def steps() -> list[Step]:
    """The steps for the person at the screen; none for whom they are not, or when they are over."""
    if guard.units_for(Deed.ORGANISATION_SEE) is not None:
        return []
    organisation = db.session.get(Organisation, 1)
    if organisation is not None and organisation.reminders_confirmed_at is not None and _any_closed():
        return []
    return [
        _concept(organisation),
        _people(),
        _fallback(organisation),
        _mail(),
        _meeting(organisation),
        _release(organisation),
    ]


def _any_closed() -> bool:
    return db.session.scalar(select(Meeting.id).where(Meeting.closed_at.is_not(None)).limit(1)) is not None


def _step(done: bool, what: str, why: str, deed: Deed, url: str, button: str) -> Step:
    """The step; the button is for who may do the deed, and what is done needs none."""
    return Step(done, what, why, url, button) if not done and guard.may(deed) else Step(done, what, why)


def _concept(organisation: Organisation | None) -> Step:
    what = _("Load the concept")
    if organisation is None:
        why = _(
            "Units, channels and what was promised for them come from it. A file of an example is with the app."
        )
        return _step(False, what, why, Deed.CONCEPT_LOAD, url_for("concept.load"), _("Load the concept"))
    units = db.session.scalar(select(func.count(Unit.id))) or 0
    channels = db.session.scalar(select(func.count(Channel.id))) or 0
    said = ngettext("%(num)d unit", "%(num)d units", units)
    why = f"{organisation.name}: {said}, {ngettext('%(num)d channel', '%(num)d channels', channels)}."
    return Step(True, what, why, url_for("concept.index"), _("See its gaps"))


def _people() -> Step:
    found = select(RoleRow.name).join(User.roles).where(User.active).distinct()
    there = set(db.session.scalars(found))
    lacking = [role for role in NEEDED if role not in there]
    what = _("Invite people")
    if not lacking:
        return Step(True, what, _("Editorial team, management and audit have accounts."))
    missing = {Role.EDITOR: _("editorial team"), Role.MANAGER: _("management"), Role.AUDITOR: _("audit")}
    names = ", ".join(missing[role] for role in lacking)
    why = _("One person a role at least. Nobody yet: %(roles)s.", roles=names)
    return _step(False, what, why, Deed.PEOPLE_CHANGE, url_for("people.add"), _("Invite people"))


def _fallback(organisation: Organisation | None) -> Step:
    what = _("Say who is told where nobody is responsible")
    contact = organisation.fallback_contact_id if organisation else None
    if contact:
        row = db.session.get(Contact, contact)
        return Step(True, what, row.name if row else "")
    why = _(
        "Reminders of channels without a responsible contact go there. Until then they reach only the management."
    )
    if organisation is None:
        return Step(False, what, why)
    url = url_for("organisation.change")
    return _step(False, what, why, Deed.ORGANISATION_CHANGE, url, _("Name somebody"))


def _mail() -> Step:
    what = _("Set up e-mail")
    host = current_app.config["MAIL_HOST"]
    if host:
        return Step(True, what, _("Mails go out over %(host)s.", host=host))
    why = _(
        "Set MAIL_HOST and start anew; the README says how. Until then mails are written to files, and shown here."
    )
    return _step(False, what, why, Deed.OUTBOX_SEE, url_for("reminders.outbox"), _("To the outbox"))


def _meeting(organisation: Organisation | None) -> Step:
    what = _("Plan the first meeting")
    planned = select(Meeting.id).where(Meeting.cancelled_at.is_(None)).limit(1)
    if db.session.scalar(planned) is not None:
        return Step(True, what, _("It is planned."))
    why = _("Its agenda fills with the channels that are due.")
    if organisation is None:
        return Step(False, what, why)
    return _step(False, what, why, Deed.MEETINGS_PLAN, url_for("meetings.plan"), _("Plan a meeting"))


def _release(organisation: Organisation | None) -> Step:
    what = _("Release the reminders")
    if organisation is not None and organisation.reminders_confirmed_at is not None:
        return Step(True, what, _("They go out every morning on working days, if something is owed."))
    why = _("Until then the engine only shows what it would send.")
    if organisation is None:
        return Step(False, what, why)
    return _step(False, what, why, Deed.REMINDERS_CONFIRM, url_for("reminders.outbox"), _("Look and release"))
