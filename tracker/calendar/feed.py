"""The calendar of one person as a file: entries with the UIDs that invitations and mails have, too."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

from flask_babel import gettext as _
from icalendar import vDuration

from tracker import clock, language
from tracker.calendar_file import PUBLISH, calendar, day_event, day_uid, due, meeting_event, zone_of
from tracker.models import Action, Channel, Meeting
from tracker.outbox import link
from tracker.rules.slots import Slot

NAMED = 30  # channels named in an entry
ASK_AGAIN = timedelta(hours=6)  # how often a calendar should look


def written(
    meetings: Sequence[Meeting], owed: Mapping[Slot, Sequence[Channel]], actions: Sequence[Action], on: date
) -> bytes:
    """The file, in the language of now. It says the same all day long, so that calendars notice when it does not."""
    zone = language.zone()
    stamp = clock.moment_on(on, zone, time())
    made = calendar(PUBLISH)
    made.add("x-wr-calname", _name())
    made.add("name", _name())
    made.add("x-wr-timezone", zone)
    for name in ("x-published-ttl", "refresh-interval"):  # Outlook's, and RFC 7986
        made.add(name, vDuration(ASK_AGAIN), parameters={"VALUE": "DURATION"})
    if any(one.starts_at for one in meetings):
        made.add_component(zone_of(zone, on))
    for meeting in meetings:
        title, url = language.occasion(meeting.cause), link("meetings.show", meeting_id=meeting.id)
        gone = meeting.cancelled_at is not None
        made.add_component(meeting_event(meeting, title, url, zone, stamp, cancelled=gone))
    for slot, channels in owed.items():
        uid, day, words = due(slot, len(channels), slot.due_on < on)
        made.add_component(day_event(uid, day, words, link("board.index"), stamp, _named(channels)))
    for action in actions:
        words, url = _("Action: %(what)s", what=action.what), link("actions.show", action_id=action.id)
        made.add_component(day_event(day_uid(f"action-{action.id}"), action.due_on, words, url, stamp))
    return bytes(made.to_ical())


def _named(channels: Sequence[Channel]) -> str:
    names = [f"{one.platform}, {one.name}" for one in channels[:NAMED]]
    if len(channels) > NAMED:
        names.append(_("and %(n)s more", n=len(channels) - NAMED))
    return "\n".join(names)


def _name() -> str:
    found = language.organisation()
    return _("Social media reviews") + (f", {found.name}" if found else "")
