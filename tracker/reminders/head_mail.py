"""The monthly mail to auditors: the head of the journal, kept outside the database, and how the year stands.

Whoever rewrites the database cannot rewrite these mails: an auditor compares the head with a later export
(docs/journal.md). Once a month and auditor, from its first working day on. Never commits.
"""

from collections import Counter
from datetime import date

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tracker import accounts, journal, language, outbox
from tracker.extensions import db
from tracker.models import HeadMail, Mail, Organisation, User, unit_limits
from tracker.outbox import link
from tracker.reminders.recipients import contact_of
from tracker.rules.deeds import Deed
from tracker.rules.words import Outcome, Role
from tracker.rules.workdays import Workdays
from tracker.rules.year import lines_of
from tracker.standings import ChannelStanding, standings


def tell_auditors(on: date) -> int:
    """Write the mail of this month to each auditor who has none yet; how many were written. Only on working days."""
    organisation = db.session.get(Organisation, 1)
    if organisation is None or not Workdays(organisation.holiday_region).is_workday(on):
        return 0
    month, told = f"{on:%Y-%m}", 0
    found: list[ChannelStanding] | None = None
    for auditor in db.session.scalars(select(User).where(accounts.that_hold(on)).order_by(User.id)).all():
        if all(role.name != Role.AUDITOR for role in auditor.roles):
            continue
        contact = contact_of(auditor)
        known = select(HeadMail.id).where(HeadMail.month == month, HeadMail.contact_id == contact.id)
        if db.session.scalar(known) is not None:
            continue
        found = standings(on, organisation.timezone) if found is None else found
        units = _units_of(auditor)
        seen = [one for one in found if units is None or one.channel.unit_id in units]
        try:
            with db.session.begin_nested():
                mail = _write(auditor, organisation, seen, on)
                db.session.add(HeadMail(month=month, contact_id=contact.id, mail=mail))
                db.session.flush()
        except IntegrityError:
            continue  # another process was faster
        journal.note(db.session, Deed.REMINDERS_TELL, mail, ids={"contact": contact.id, "month": month},
                     words={"name": mail.to_name, "address": mail.to_address, "subject": mail.subject})  # fmt: skip
        told += 1
    return told


def _units_of(auditor: User) -> frozenset[int] | None:
    """The units an auditor's role is limited to; None: all."""
    role_id = next(role.id for role in auditor.roles if role.name == Role.AUDITOR)
    query = select(unit_limits.c.unit_id)
    query = query.where(unit_limits.c.user_id == auditor.id, unit_limits.c.role_id == role_id)
    return frozenset(db.session.scalars(query)) or None


def _write(auditor: User, organisation: Organisation, seen: list[ChannelStanding], on: date) -> Mail:
    spoken = auditor.language if auditor.language in language.LANGUAGES else organisation.language
    number, seal = journal.head(db.session)
    with force_locale(spoken):
        values = {
            "language": spoken,
            "organisation": organisation,
            "name": auditor.full_name,
            "subject": _("Journal: entry %(number)s on %(day)s", number=number, day=language.day(on)),
            "number": number,
            "seal": seal,
            "day": language.day(on),
            "lines": _lines(seen, on.year),
            "url": link("evidence.index"),
        }
        # not render_template(): a mail is no page, and there may be no request
        text = current_app.jinja_env.get_template("mail/head.txt").render(values)
        html = current_app.jinja_env.get_template("mail/head.html").render(values)
    return outbox.put(kind="head", to_name=auditor.full_name, to_address=auditor.email, language=spoken,
                      subject=str(values["subject"]), text=text, html=html)  # fmt: skip


def _lines(seen: list[ChannelStanding], year: int) -> list[str]:
    """How the year stands so far, one line a kind of outcome."""
    counts = Counter(line.outcome for one in seen for line in lines_of(one.ledger, year) if line.cells)
    owed = sum(counts.values())
    kept = counts[Outcome.KEPT] + counts[Outcome.LATE]
    said = [_("%(year)s: %(kept)s of %(owed)s slots kept so far", year=year, kept=kept, owed=owed)]
    if late := counts[Outcome.LATE]:
        said.append(ngettext("%(num)d of them late", "%(num)d of them late", late))
    if missed := counts[Outcome.MISSED]:
        said.append(ngettext("%(num)d slot missed", "%(num)d slots missed", missed))
    if still := counts[Outcome.OPEN] + counts[Outcome.COMING]:
        said.append(
            ngettext("%(num)d slot open or still to come", "%(num)d slots open or still to come", still)
        )
    return said
