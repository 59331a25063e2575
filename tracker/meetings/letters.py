"""The mails to those invited to a meeting: invited, moved, cancelled, no longer invited. Written into the outbox."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum, auto

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker import clock, language, outbox
from tracker.extensions import db
from tracker.meetings import minutes_words
from tracker.meetings.calendar_entry import CANCEL, REQUEST, entry
from tracker.meetings.invitations import Invitee, units_of_mailbox, units_of_person
from tracker.models import Meeting, User


class Occasion(StrEnum):
    """Why a mail is written."""

    INVITED = auto()
    MOVED = auto()
    CANCELLED = auto()
    UNINVITED = auto()


@dataclass(frozen=True)
class Before:
    """When and where a meeting was to be before it was moved. Local time of the organisation."""

    on: date
    starts_at: time | None
    place: str


def is_past(meeting: Meeting) -> bool:
    """Whether the meeting's time has come already: then nobody is written to any more."""
    zone = language.zone()
    if meeting.starts_at is None:
        return meeting.planned_on < clock.today(zone)
    return clock.moment_on(meeting.planned_on, zone, meeting.starts_at) <= clock.now()


def write(
    meeting: Meeting,
    occasion: Occasion,
    to: Iterable[Invitee],
    everybody: Collection[Invitee],
    before: Before | None = None,
    reason: str = "",
) -> int:
    """One mail with a calendar entry to each of `to` whom mail reaches, in their language. Returns how many.

    `everybody` are those invited, who stand in the entry. Nothing is written about a meeting in the past.
    """
    if is_past(meeting):
        return 0
    reached = [one for one in to if one.address]
    named = [one for one in everybody if one.address]
    for one in reached:
        with force_locale(one.language):
            # whoever is not invited any more gets an entry that names them alone
            attendees = [one] if occasion is Occasion.UNINVITED else named
            _put(meeting, occasion, one, attendees, before, reason)
    return len(reached)


def _put(
    meeting: Meeting,
    occasion: Occasion,
    to: Invitee,
    attendees: Iterable[Invitee],
    before: Before | None,
    reason: str,
) -> None:
    name = to.contact.user.full_name if to.contact.user else to.contact.name
    url = outbox.link("meetings.show", meeting_id=meeting.id)
    gone = occasion in (Occasion.CANCELLED, Occasion.UNINVITED)
    subject, house = _subject(meeting, occasion, before), language.organisation()
    values = {
        "language": to.language,
        "house": house.name if house else "",
        "zone": language.zone(),
        "name": name,
        "subject": subject,
        "heading": _heading(meeting, occasion),
        "facts": _facts(meeting, to, before, reason, gone),
        "url": url,
        "gone": gone,
    }
    # not render_template(): a mail is no page
    text = current_app.jinja_env.get_template("mail/invitation.txt").render(values)
    html = current_app.jinja_env.get_template("mail/invitation.html").render(values)
    title = language.occasion(meeting.cause)
    calendar = entry(meeting, CANCEL if gone else REQUEST, title, url, attendees, language.zone())
    outbox.put(kind="invitation", to_name=name, to_address=to.address, language=to.language, subject=subject,
               text=text, html=html, calendar=calendar, contact=to.contact)  # fmt: skip


def _subject(meeting: Meeting, occasion: Occasion, before: Before | None) -> str:
    day = language.day(meeting.planned_on)
    if occasion is Occasion.CANCELLED:
        return _("Cancelled: meeting on %(day)s", day=day)
    if occasion is Occasion.UNINVITED:
        return _("No longer invited: meeting on %(day)s", day=day)
    if occasion is Occasion.INVITED:
        return (
            _("Invitation: special review on %(day)s", day=day)
            if meeting.cause
            else _("Invitation: editorial meeting on %(day)s", day=day)
        )
    if before is not None and before.on != meeting.planned_on:
        return _("Moved to %(day)s: meeting on %(before)s", day=day, before=language.day(before.on))
    return _("Changed: meeting on %(day)s", day=day)


def _heading(meeting: Meeting, occasion: Occasion) -> str:
    when = language.appointment(meeting.planned_on, meeting.starts_at)
    words = {
        Occasion.INVITED: _("You are invited to the meeting on %(when)s.", when=when),
        Occasion.MOVED: _("The meeting is now planned for %(when)s.", when=when),
        Occasion.CANCELLED: _("The meeting on %(when)s is cancelled.", when=when),
        Occasion.UNINVITED: _("You are no longer invited to the meeting on %(when)s.", when=when),
    }
    return words[occasion]


def _agenda(meeting: Meeting, to: Invitee) -> str:
    """The channels on the agenda that the invited may see, a line each."""
    person = to.contact.user
    units = units_of_person(person) if person else units_of_mailbox(to.contact)
    seen = [one.channel for one in meeting.agenda if units is None or one.channel.unit_id in units]
    return "\n".join(
        minutes_words.channel_with_unit(one) for one in sorted(seen, key=lambda one: (one.position, one.id))
    )


def _facts(
    meeting: Meeting, to: Invitee, before: Before | None, reason: str, gone: bool
) -> list[tuple[str, str]]:
    """What there is to know besides, each with its title."""
    chair = db.session.get(User, meeting.chair_id) if meeting.chair_id else None
    found = [
        (_("Special review"), meeting.cause),
        (_("Place or video"), meeting.place),
        (_("Chair"), chair.full_name if chair else ""),
        (_("Agenda"), "" if gone else _agenda(meeting, to)),
    ]
    if gone:
        found.append((_("Reason"), reason))
    if before is not None:
        moved = (before.on, before.starts_at) != (meeting.planned_on, meeting.starts_at)
        found += [
            (_("Planned until now for"), language.appointment(before.on, before.starts_at) if moved else ""),
            (_("Place until now"), before.place if before.place != meeting.place else ""),
            (_("Reason"), reason),
        ]
    return [(title, said) for title, said in found if said]
