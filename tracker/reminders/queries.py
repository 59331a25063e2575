"""Reading the outbox: mails by page and one by one, limited to the units a person may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import joinedload

from tracker.extensions import db
from tracker.models import Channel, Mail, Reminder

MAILS_PER_PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of the outbox, newest first."""

    mails: Sequence[Mail]
    number: int
    pages: int
    total: int


def mails(number: int, unit_ids: frozenset[int] | None) -> Page:
    """A page of the mails; a number beyond the last shows the last."""
    seen = _seen(unit_ids)
    total = db.session.scalar(select(func.count(Mail.id)).where(seen)) or 0
    pages = max(1, -(-total // MAILS_PER_PAGE))
    number = min(max(1, number), pages)
    query = select(Mail).where(seen).order_by(Mail.written_at.desc(), Mail.id.desc())
    found = db.session.scalars(query.limit(MAILS_PER_PAGE).offset((number - 1) * MAILS_PER_PAGE)).all()
    return Page(found, number, pages, total)


def mail(mail_id: int, unit_ids: frozenset[int] | None) -> Mail | None:
    """One mail, if the person may see it."""
    return db.session.scalars(select(Mail).where(Mail.id == mail_id, _seen(unit_ids))).first()


def reminders_of(mail_id: int) -> Sequence[Reminder]:
    """What a mail reminded of, the longest due first."""
    query = select(Reminder).where(Reminder.mail_id == mail_id).order_by(Reminder.due_on, Reminder.id)
    return db.session.scalars(query.options(joinedload(Reminder.channel))).all()


def _seen(unit_ids: frozenset[int] | None) -> ColumnElement[bool]:
    """Someone limited to units sees the mails that speak of channels of these units and of no others."""
    if unit_ids is None:
        return true()
    about = select(Reminder.mail_id).join(Channel, Reminder.channel_id == Channel.id)
    theirs = about.where(Channel.unit_id.in_(unit_ids))
    others = about.where(Channel.unit_id.not_in(unit_ids))
    return Mail.id.in_(theirs) & Mail.id.not_in(others)
