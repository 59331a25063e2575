"""Explaining a missed slot, and naming who is told about a channel. Never commits."""

from flask_babel import gettext as _
from sqlalchemy import select

from tracker import clock, journal
from tracker.extensions import db
from tracker.models import Channel, Contact, Explanation, User
from tracker.rules.deeds import Deed
from tracker.rules.slots import Slot


class MailboxRefused(ValueError):
    """A mailbox of that name cannot be made; the text says why, in the reader's language."""


def explain(channel: Channel, slot: Slot, text: str, by: User) -> bool:
    """Add a manager's words on a missed slot. False if the same words of the same person stand there last already."""
    query = select(Explanation).where(
        Explanation.channel_id == channel.id,
        Explanation.begins_on == slot.begins_on,
        Explanation.due_on == slot.due_on,
    )
    last = db.session.scalars(query.order_by(Explanation.id.desc()).limit(1)).first()
    if last is not None and (last.text, last.by_id) == (text, by.id):
        return False
    row = Explanation(
        channel_id=channel.id,
        begins_on=slot.begins_on,
        due_on=slot.due_on,
        text=text,
        by_id=by.id,
        by_name=by.full_name,
        at=clock.now(),
    )
    db.session.add(row)
    ids: dict[str, int | str] = {"slot": slot.key}
    journal.note(
        db.session,
        Deed.CHANNELS_EXPLAIN,
        row,
        channel,
        ids=ids,
        words={"text": text},
        unit_id=channel.unit_id,
        by=by,
    )
    return True


def assign(channel: Channel, contact: Contact | None) -> bool:
    """Say who is told about a channel; None: nobody yet. False if it is so already."""
    if channel.contact is contact:
        return False
    before = channel.contact
    channel.contact = contact
    ids: dict[str, int | str] = {"before": before.id} if before else {}
    words = {"contact": contact.name if contact else None, "before": before.name if before else None}
    things = (channel, contact) if contact else (channel,)
    journal.note(db.session, Deed.CHANNELS_ASSIGN, *things, ids=ids, words=words, unit_id=channel.unit_id)
    return True


def mailbox(name: str, email: str) -> Contact:
    """A mailbox of this name: a new one, or the mere name the concept mentions, which gets an address.

    Raises MailboxRefused where the name belongs to a person or to a mailbox with another address.
    """
    found = db.session.scalars(select(Contact).where(Contact.name == name)).first()
    if found is None:
        found = Contact(name=name, email=email)
        db.session.add(found)
        db.session.flush()
    elif found.user_id is None and found.email is None:
        found.email = email
    elif found.email != email:
        raise MailboxRefused(
            _("There is already a contact of this name. Choose it above, or take another name.")
        )
    return found
