"""A meeting as an iCalendar entry (RFC 5545, RFC 5546): the same UID for the life of the meeting, a rising SEQUENCE."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress

from tracker import clock
from tracker.letter import one_line, sender
from tracker.meetings.invitations import Invitee
from tracker.models import Meeting

LASTS = timedelta(hours=1)  # how much of a day an entry with a time takes up; a meeting's end is not planned
REQUEST, CANCEL = "REQUEST", "CANCEL"


def entry(
    meeting: Meeting, method: str, title: str, url: str, attendees: Iterable[Invitee], zone: str
) -> str:
    """The entry as a file. `method` is REQUEST or CANCEL; `zone` the organisation's, which is described in the file.

    Without a time of day it takes the whole day, DTEND being exclusive. Nobody is asked to answer.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Social Media Review Tracker//DE")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", uid(meeting))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", clock.now())
    if meeting.starts_at is None:
        event.add("dtstart", meeting.planned_on)
        event.add("dtend", meeting.planned_on + timedelta(days=1))
    else:
        begins = datetime.combine(meeting.planned_on, meeting.starts_at, ZoneInfo(zone))
        event.add("dtstart", begins)
        event.add("dtend", begins + LASTS)
        calendar.add_component(_described(zone, meeting.planned_on))
    event.add("summary", title)
    if meeting.place:
        event.add("location", meeting.place)
    event.add("description", url)
    event.add("url", url)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("organizer", _organizer())
    for one in attendees:
        event.add("attendee", _attendee(one))
    calendar.add_component(event)
    return calendar.to_ical().decode("utf-8")


def uid(meeting: Meeting) -> str:
    """By which calendars know the meeting again: made of what never changes, and of no setting."""
    return str(uuid5(NAMESPACE_URL, f"meeting:{meeting.id}:{meeting.planned_at.isoformat()}"))


def _described(zone: str, day: date) -> Timezone:
    """The zone's offsets around a day: a year to both sides is more than a moved meeting needs."""
    first, after = date(day.year - 1, 1, 1), date(day.year + 2, 1, 1)
    return Timezone.from_tzinfo(ZoneInfo(zone), zone, first, after)


def _organizer() -> vCalAddress:
    """Who mails come from: the setting MAIL_SENDER."""
    who = sender()
    found = vCalAddress(f"mailto:{who.addr_spec}")
    if who.display_name:
        found.params["CN"] = who.display_name
    return found


def _attendee(one: Invitee) -> vCalAddress:
    found = vCalAddress(f"mailto:{one.address}")
    found.params["CN"] = one_line(one.contact.name)
    found.params["CUTYPE"] = "INDIVIDUAL" if one.contact.user_id else "GROUP"
    found.params["ROLE"] = "REQ-PARTICIPANT"
    found.params["PARTSTAT"] = "NEEDS-ACTION"
    found.params["RSVP"] = "FALSE"
    return found
