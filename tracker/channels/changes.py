"""Explaining a missed slot, and naming who is told about a channel. Never commits."""

from sqlalchemy import select

from tracker import clock, journal
from tracker.extensions import db
from tracker.models import Channel, Contact, Explanation, User
from tracker.rules.deeds import Deed
from tracker.rules.slots import Slot


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
    words = {
        "contact.before": before.name if before else "–",
        "contact.after": contact.name if contact else "–",
    }
    things = (channel, contact) if contact else (channel,)
    journal.note(db.session, Deed.CHANNELS_ASSIGN, *things, ids=ids, words=words, unit_id=channel.unit_id)
    return True
