"""Telling what is owed: reminders and their mails as rows, and the confirmation of the first run. Never commits."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from tracker import clock, engine, journal, outbox
from tracker.extensions import db
from tracker.models import Contact, Mail, Organisation, Reminder, User
from tracker.reminders.digest import compose, is_delayed
from tracker.reminders.owed import Due, Letter, Round, round_on, without_told
from tracker.reminders.recipients import Recipient, contact_of
from tracker.rules.deeds import Deed


@dataclass(frozen=True)
class Told:
    """One reminder: who was told what, or with a dry run would be. Days in the organisation's zone."""

    due: Due
    recipient: Recipient
    told_on: date

    def as_json(self) -> dict[str, Any]:
        """The plain values, as `flask remind --json` prints them."""
        channel, slot, owed = self.due.channel, self.due.line.slot, self.due.owed
        return {
            "unit": channel.unit.name,
            "platform": channel.platform,
            "name": channel.name,
            "slot": {"from": slot.begins_on.isoformat(), "until": slot.due_on.isoformat()},
            "stage": owed.stage.value,
            "contact": self.recipient.name,
            "address": self.recipient.address,
            "owed_on": owed.owed_on.isoformat(),
            "told_on": self.told_on.isoformat(),
            "delayed": is_delayed(owed.owed_on, self.told_on),
        }


def remind(on: date, dry_run: bool = False) -> list[Told]:
    """Tell everybody what is owed on a day and was not told yet: one mail a person. Returns what was told.

    A dry run writes nothing and returns what would be told. Until the first run is confirmed nothing is told, only
    counted. Every real run is noted as such.
    """
    began_at = clock.now()
    organisation = db.session.get(Organisation, 1)
    if organisation is None:
        if not dry_run:
            engine.ran("remind", began_at, 0, engine.NO_ORGANISATION)
        return []
    found = round_on(on, organisation)
    planned = [Told(due, one.recipient, on) for one in found.letters for due in one.dues]
    if dry_run:
        return planned
    if planned and organisation.reminders_confirmed_at is None:
        engine.ran("remind", began_at, len(planned), engine.HELD)
        return []
    told = [one for letter in found.letters for one in _tell(letter, on, organisation)]
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


def _why_nobody(found: Round) -> str:
    nobody = any(one.meeting is None for one in found.untold)
    return engine.NOBODY if nobody else engine.NOTHING_OWED


def _tell(letter: Letter, on: date, organisation: Organisation) -> list[Told]:
    """One mail and its reminders. Where another process was faster, what it told is left out."""
    for last_try in (False, False, True):
        if not letter.dues:
            break
        try:
            with db.session.begin_nested():
                mail = _write(letter, on, organisation)
        except IntegrityError:
            if last_try:
                raise  # not a reminder told elsewhere, but something else that the database refused
            letter = without_told(letter)
            continue
        units = {due.channel.unit_id for due in letter.dues}
        journal.note(db.session, Deed.REMINDERS_TELL, mail,
                     ids={"contact": mail.contact_id or 0, "reminders": len(letter.dues), "on": on.isoformat()},
                     words={"name": mail.to_name, "address": mail.to_address, "subject": mail.subject},
                     unit_id=units.pop() if len(units) == 1 else None)  # fmt: skip
        return [Told(due, letter.recipient, on) for due in letter.dues]
    return []


def _write(letter: Letter, on: date, organisation: Organisation) -> Mail:
    recipient = letter.recipient
    if recipient.user_id is None:
        contact = db.session.get_one(Contact, recipient.contact_id)
    else:
        contact = contact_of(db.session.get_one(User, recipient.user_id))
    composed = compose(letter, on, organisation)
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
                mail_id=mail.id,
            )
        )
    db.session.flush()
    return mail
