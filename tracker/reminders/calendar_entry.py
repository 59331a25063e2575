"""The days of a digest as entries of a calendar: all-day, with a UID that stays the same from mail to mail."""

from datetime import timedelta
from itertools import groupby
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from icalendar import Calendar, Event

from tracker import clock, language
from tracker.outbox import link
from tracker.reminders.letters import Due
from tracker.rules.words import Stage


def kind_of(due: Due) -> Stage:
    """Escalation and weekly say what overdue says."""
    return due.owed.stage if due.owed.stage in {Stage.NOTICE, Stage.MISSED} else Stage.OVERDUE


def has_day(due: Due) -> bool:
    """Whether there is still a day to enter: not for what was missed."""
    return due.owed.stage is not Stage.MISSED


def calendar_of(dues: list[Due]) -> str | None:
    """An all-day entry for each slot: its due date, or once that is past, the last day of its grace."""
    calendar = Calendar()
    calendar.add("prodid", "-//Social Media Review Tracker//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    host = urlsplit(current_app.config["BASE_URL"]).hostname
    entered = [due for due in dues if has_day(due)]
    if not entered:
        return None
    for (kind, slot), found in groupby(entered, key=lambda due: (kind_of(due), due.line.slot)):
        overdue, count = kind is Stage.OVERDUE, len(list(found))
        day = slot.grace_ends_on if overdue else slot.due_on
        event = Event()
        event.add("uid", f"{'grace' if overdue else 'due'}-{slot.key}@{host}")
        event.add("dtstamp", clock.now())
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))  # exclusive
        event.add("transp", "TRANSPARENT")
        words = ngettext("%(num)d review due: %(slot)s", "%(num)d reviews due: %(slot)s", count,
                         slot=language.slot_name(slot))  # fmt: skip
        event.add("summary", _("Last day: %(what)s", what=words) if overdue else words)
        event.add("url", link("board.index"))
        calendar.add_component(event)
    return calendar.to_ical().decode("utf-8")
