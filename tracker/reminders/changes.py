"""Telling what is owed: reminders and their mails as rows, and the confirmation of the first run. Never commits."""

from contextlib import suppress
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tracker import clock, engine, journal, language, outbox
from tracker.extensions import db
from tracker.models import ActionReminder, Contact, Mail, Organisation, Reminder, Untold, User
from tracker.reminders.digest import compose
from tracker.reminders.letters import Letter, NotTold, Round
from tracker.reminders.owed import round_on, without_told
from tracker.reminders.recipients import contact_of
from tracker.reminders.told import Told, told_by
from tracker.rules.deeds import Deed
from tracker.rules.reminding import week_of
from tracker.rules.words import WhyUntold
from tracker.rules.workdays import Workdays


def remind(on: date, dry_run: bool = False) -> list[Told]:
    """Tell everybody what is owed on a day and was not told yet: one mail a person. Returns what was told.

    Nothing is told on a day on which nobody works. A dry run writes nothing and returns what would be told. Until the
    first run is confirmed nothing is told, only counted. Every real run is noted as such.
    """
    began_at = clock.now()
    organisation = db.session.get(Organisation, 1)
    if organisation is None:
        if not dry_run:
            engine.ran("remind", began_at, 0, engine.NO_ORGANISATION)
        return []
    workdays = Workdays(organisation.holiday_region)
    if not workdays.is_workday(on):
        if not dry_run:
            engine.ran("remind", began_at, 0, engine.NO_WORKDAY)
        return []
    found = round_on(on, organisation)
    planned = [one for letter in found.letters for one in told_by(letter, on, workdays)]
    if dry_run:
        return planned
    if planned and organisation.reminders_confirmed_at is None:
        engine.ran("remind", began_at, len(planned), engine.HELD)
        return []
    told = _tell(found.letters, on, organisation, workdays)
    _note_untold(found.untold, on)
    engine.ran("remind", began_at, len(told), "" if told else _why_nobody(found))
    return told


def confirm() -> bool:
    """From now on reminders are sent. False if that was so already, or nothing has been loaded yet."""
    organisation = db.session.get(Organisation, 1)
    if organisation is None or organisation.reminders_confirmed_at is not None:
        return False
    organisation.reminders_confirmed_at = clock.now()
    journal.note(db.session, Deed.REMINDERS_CONFIRM, organisation)
    return True


def hold() -> bool:
    """From now on reminders are only counted until they are confirmed again. False if that is so already.

    For a restored backup: it does not know whom the days since were told what.
    """
    organisation = db.session.get(Organisation, 1)
    if organisation is None or organisation.reminders_confirmed_at is None:
        return False
    organisation.reminders_confirmed_at = None
    journal.note(db.session, Deed.REMINDERS_HOLD, organisation)
    return True


def test_mail(to: User) -> Mail:
    """A mail that says nothing but that it arrived, to the person who asks for it."""
    spoken = to.language if to.language in language.LANGUAGES else language.house_language()
    with force_locale(spoken):
        subject = _("Test mail of the reviews' reminders")
        text = _("This mail was asked for on the page of the outbox. If you read it, mails arrive.") + "\n"
    name, address = to.full_name, to.email
    mail = outbox.put(
        kind="test", to_name=name, to_address=address, language=spoken, subject=subject, text=text
    )
    journal.note(db.session, Deed.OUTBOX_TEST, mail, words={"address": mail.to_address})
    return mail


def _why_nobody(found: Round) -> str:
    nobody = any(one.why is WhyUntold.NOBODY for one in found.untold)
    return engine.NOBODY if nobody else engine.NOTHING_OWED


def _note_untold(found: list[NotTold], on: date) -> None:
    """Keep, once each, who was not told and why. Another process may have noted the same."""
    known = {
        (*one, why, who)
        for *one, why, who in db.session.execute(
            select(
                Untold.channel_id,
                Untold.begins_on,
                Untold.due_on,
                Untold.stage,
                Untold.week,
                Untold.why,
                Untold.who,
            )
        )
    }
    for one in found:
        key = (*one.due.key, one.why, one.who)
        if key in known:
            continue
        known.add(key)
        channel_id, begins_on, due_on, stage, week = one.due.key
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(
                Untold(channel_id=channel_id, begins_on=begins_on, due_on=due_on, stage=stage, week=week, why=one.why,
                       who=one.who, meeting_id=one.meeting.id if one.meeting else None, noted_on=on)
            )  # fmt: skip


def _tell(letters: list[Letter], on: date, organisation: Organisation, workdays: Workdays) -> list[Told]:
    """A mail for each letter and its reminders. Where another process was faster, what it told is left out."""
    ids = [one.recipient.contact_id for one in letters]
    _known = db.session.scalars(select(Contact).where(Contact.id.in_(ids))).all()  # read once, held on to
    try:
        with db.session.begin_nested():  # all at once costs a third; that another process is at it is rare
            return [one for letter in letters for one in _tell_one(letter, on, organisation, workdays)]
    except IntegrityError:
        return [one for letter in letters for one in _tell_rest(letter, on, organisation, workdays)]


def _tell_rest(letter: Letter, on: date, organisation: Organisation, workdays: Workdays) -> list[Told]:
    """What of a letter no other process has told in the meantime."""
    for last_try in (False, False, True):
        letter = without_told(letter, on)
        if not letter.dues and not letter.actions:
            break
        try:
            with db.session.begin_nested():
                return _tell_one(letter, on, organisation, workdays)
        except IntegrityError:
            if last_try:
                raise  # not a reminder told elsewhere, but something else that the database refused
    return []


def _tell_one(letter: Letter, on: date, organisation: Organisation, workdays: Workdays) -> list[Told]:
    mail = _write(letter, on, organisation, workdays)
    units = {due.channel.unit_id for due in letter.dues}
    units |= {one.channel.unit_id for one in letter.actions if one.channel}
    journal.note(db.session, Deed.REMINDERS_TELL, mail, *([mail.contact] if mail.contact else []),
                 ids={"reminders": len(letter.dues), "actions": len(letter.actions), "on": on.isoformat()},
                 words={"name": mail.to_name, "address": mail.to_address, "subject": mail.subject},
                 unit_id=units.pop() if len(units) == 1 else None)  # fmt: skip
    return told_by(letter, on, workdays)


def _write(letter: Letter, on: date, organisation: Organisation, workdays: Workdays) -> Mail:
    recipient = letter.recipient
    if recipient.contact_id is not None:
        contact = db.session.get_one(Contact, recipient.contact_id)
    else:
        contact = contact_of(db.session.get_one(User, recipient.user_id))
    composed = compose(letter, on, organisation, workdays)
    mail = outbox.put(
        kind="digest",
        to_name=recipient.name,
        to_address=recipient.address,
        language=recipient.language,
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        calendar=composed.calendar,
        contact=contact,
    )
    for due in letter.dues:
        slot = due.line.slot
        db.session.add(
            Reminder(
                channel_id=due.channel.id,
                begins_on=slot.begins_on,
                due_on=slot.due_on,
                stage=due.owed.stage,
                week=due.owed.week,
                contact_id=contact.id,
                owed_on=due.owed.owed_on,
                told_on=on,
                stands_in_for=letter.absent.get(due.key, ""),
                mail=mail,
            )
        )
    for action in letter.actions:
        absent = letter.absent.get(action.id, "")
        db.session.add(
            ActionReminder(action_id=action.id, week=week_of(on), contact_id=contact.id, told_on=on,
                           stands_in_for=absent, mail=mail)
        )  # fmt: skip
    return mail
