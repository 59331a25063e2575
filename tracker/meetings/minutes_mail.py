"""The minutes by mail: who gets them, which channels each of them sees, and the mails, written into the outbox."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker import accounts, journal, language, letter, outbox
from tracker.extensions import db
from tracker.meetings import invitations, queries
from tracker.meetings.invitations import units_of_mailbox, units_of_person
from tracker.meetings.minutes import minutes
from tracker.meetings.minutes_sheet import sheet
from tracker.models import Action, Contact, Entry, Meeting, Review, User
from tracker.rules.deeds import Deed


@dataclass(frozen=True)
class Recipient:
    """Someone who took part, was excused or invited. `units` whose channels they see; None: all.

    `channels` is how many of the reviewed ones that are. The address is empty where no mail reaches them.
    """

    name: str
    address: str
    language: str
    units: frozenset[int] | None
    contact: Contact | None
    channels: int

    @property
    def reached(self) -> bool:
        """Whether they get a mail: it reaches them, and there is something in it for them."""
        return bool(self.address and self.channels)


def recipients(meeting: Meeting) -> list[Recipient]:
    """Those present or excused who have an account, those invited, and who owns an action agreed; each address once.

    Guests have none.
    """
    head = meeting.head
    named = [one for one in head.attendance if one.kind != "guest"] if head else []
    people = {
        one.id: one
        for one in db.session.scalars(
            select(User)
            .where(User.id.in_([one.user_id for one in named if one.user_id]))
            .options(selectinload(User.roles))
        )
    }
    contacts = {one.user_id or 0: one for one in db.session.scalars(select(Contact)) if one.user_id}
    reviewed = queries.reviewed(meeting)
    found: dict[int | str, Recipient] = {}
    for invitee in invitations.invited(meeting):
        one, person = invitee.contact, invitee.contact.user
        name = person.full_name if person else one.name
        found[one.user_id or one.name] = _recipient(name, person, one, reviewed)
    for attendee in named:
        person = people.get(attendee.user_id or 0)
        contact = contacts.get(attendee.user_id or 0)
        found.setdefault(
            attendee.user_id or attendee.name, _recipient(attendee.name, person, contact, reviewed)
        )
    for owner in _owners(meeting):
        name = owner.user.full_name if owner.user else owner.name
        found.setdefault(owner.user_id or owner.name, _recipient(name, owner.user, owner, reviewed))
    chair = found.get(meeting.chair_id or 0)
    if chair is not None and meeting.chair_id:  # appointed for every row
        found[meeting.chair_id] = replace(chair, units=None, channels=len(reviewed))
    by_address = {one.address.casefold() or one.name: one for one in reversed(found.values())}
    return sorted(by_address.values(), key=lambda one: (not one.reached, one.name.casefold()))


def _owners(meeting: Meeting) -> list[Contact]:
    """Who is to do what the meeting agreed on."""
    query = (
        select(Contact)
        .join(Action, Action.owner_id == Contact.id)
        .join(Review, Action.review_id == Review.id)
    )
    return list(
        db.session.scalars(query.where(Review.meeting_id == meeting.id).distinct().order_by(Contact.id))
    )


def _recipient(
    name: str, person: User | None, contact: Contact | None, reviewed: dict[int, int]
) -> Recipient:
    house = language.house_language()
    if person is None:
        address, spoken, units = contact.email if contact else "", house, units_of_mailbox(contact)
    else:
        address, units = person.email if accounts.holds(person) else "", units_of_person(person)
        spoken = person.language if person.language in language.LANGUAGES else house
    seen = [unit_id for unit_id in reviewed.values() if units is None or unit_id in units]
    return Recipient(name, _reachable(address or ""), spoken or house, units, contact, len(seen))


def _reachable(address: str) -> str:
    try:
        return letter.clean_address(address) if address else ""
    except letter.AddressRefused:
        return ""


def last_sent(meeting: Meeting) -> Entry | None:
    """The journal's entry of the last time these minutes were sent."""
    query = select(Entry).where(Entry.deed == Deed.MEETINGS_SEND_MINUTES.value).order_by(Entry.number.desc())
    return next(
        (one for one in db.session.scalars(query) if json.loads(one.body)["ids"]["meeting"] == meeting.id),
        None,
    )


def send(meeting: Meeting, to: Iterable[Recipient]) -> None:
    """One mail to each, in their language and with the channels they may see; one entry in the journal for all."""
    listed = list(to)
    for one in listed:
        with force_locale(one.language):
            _put(meeting, one)
    words = {"recipients": "\n".join(f"{one.name} <{one.address}>" for one in listed)}
    journal.note(db.session, Deed.MEETINGS_SEND_MINUTES, meeting, ids={"mails": len(listed)}, words=words)


def _put(meeting: Meeting, one: Recipient) -> None:
    said = minutes(meeting, one.units, language.zone())
    if said is None:
        raise ValueError(f"meeting {meeting.id} is not closed")
    page = sheet(said)
    subject = _("%(title)s, corrected", title=page.title) if said.corrected_at else page.title
    values: dict[str, Any] = {
        **asdict(page),
        "name": one.name,
        "subject": subject,
        "url": outbox.link("meetings.show", meeting_id=meeting.id),
        "zone": language.zone(),
    }
    # not render_template(): a mail is no page
    text = current_app.jinja_env.get_template("mail/minutes.txt").render(values)
    html = current_app.jinja_env.get_template("mail/minutes.html").render(values)
    outbox.put(kind="minutes", to_name=one.name, to_address=one.address, language=one.language, subject=subject,
               text=text, html=html, contact=one.contact)  # fmt: skip
