"""A meeting as the calendar entry of an invitation (RFC 5546): to be entered, or to be taken out."""

from collections.abc import Iterable

from icalendar import vCalAddress

from tracker import clock
from tracker.calendar_file import CANCEL, REQUEST, calendar, meeting_event, zone_of
from tracker.letter import one_line, sender
from tracker.meetings.invitations import Invitee
from tracker.models import Meeting

__all__ = ["CANCEL", "REQUEST", "entry"]


def entry(
    meeting: Meeting, method: str, title: str, url: str, attendees: Iterable[Invitee], zone: str
) -> str:
    """The entry as a file. `method` is REQUEST or CANCEL; `zone` the organisation's. Nobody is asked to answer."""
    made = calendar(method)
    if meeting.starts_at is not None:
        made.add_component(zone_of(zone, meeting.planned_on))
    event = meeting_event(meeting, title, url, zone, clock.now(), cancelled=method == CANCEL)
    event.add("organizer", _organizer())
    for one in attendees:
        event.add("attendee", _attendee(one))
    made.add_component(event)
    return made.to_ical().decode("utf-8")


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
