"""Calendars as files (RFC 5545): a meeting, and a day that takes no time; one thing has one UID wherever it stands."""

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from icalendar import Calendar, Event, Timezone

from tracker import language
from tracker.models import Meeting
from tracker.rules.slots import Slot

LASTS = timedelta(hours=1)  # how much of a day an entry with a time takes up; a meeting's end is not planned
PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"


def calendar(method: str) -> Calendar:
    """A calendar without entries."""
    made = Calendar()
    made.add("prodid", "-//Social Media Review Tracker//DE")
    made.add("version", "2.0")
    made.add("method", method)
    return made


def meeting_uid(meeting: Meeting) -> str:
    """By which calendars know the meeting again: made of what never changes, and of no setting."""
    return str(uuid5(NAMESPACE_URL, f"meeting:{meeting.id}:{meeting.planned_at.isoformat()}"))


def meeting_event(
    meeting: Meeting, title: str, url: str, zone: str, stamp: datetime, *, cancelled: bool
) -> Event:
    """The entry of a meeting. Without a time of day it takes the whole day, DTEND being exclusive.

    `zone` is the organisation's; who adds an entry with a time adds zone_of(), too.
    """
    event = Event()
    event.add("uid", meeting_uid(meeting))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", stamp)
    if meeting.starts_at is None:
        event.add("dtstart", meeting.planned_on)
        event.add("dtend", meeting.planned_on + timedelta(days=1))
    else:
        begins = datetime.combine(meeting.planned_on, meeting.starts_at, ZoneInfo(zone))
        event.add("dtstart", begins)
        event.add("dtend", begins + LASTS)
    event.add("summary", title)
    if meeting.place:
        event.add("location", meeting.place)
    event.add("description", url)
    event.add("url", url)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    return event


def day_uid(name: str) -> str:
    """By which calendars know a day again: a name of this installation, which answers at BASE_URL's host."""
    return f"{name}@{urlsplit(current_app.config['BASE_URL']).hostname}"


def due(slot: Slot, count: int, overdue: bool) -> tuple[str, date, str]:
    """UID, day and words of what is owed: the due date, or once that is past, the last day of the grace."""
    words = ngettext("%(num)d review due: %(slot)s", "%(num)d reviews due: %(slot)s", count,
                     slot=language.slot_name(slot))  # fmt: skip
    if overdue:
        return day_uid(f"grace-{slot.key}"), slot.grace_ends_on, str(_("Last day: %(what)s", what=words))
    return day_uid(f"due-{slot.key}"), slot.due_on, words


def day_event(uid: str, day: date, words: str, url: str, stamp: datetime, more: str = "") -> Event:
    """A day on which something is due: it takes no time."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))  # exclusive
    event.add("transp", "TRANSPARENT")
    event.add("summary", words)
    if more:
        event.add("description", more)
    event.add("url", url)
    return event


def zone_of(zone: str, day: date) -> Timezone:
    """The zone's offsets around a day: a year to both sides is more than a moved meeting needs."""
    first, after = date(day.year - 1, 1, 1), date(day.year + 2, 1, 1)
    return Timezone.from_tzinfo(ZoneInfo(zone), zone, first, after)
