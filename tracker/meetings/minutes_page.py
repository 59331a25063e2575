"""The minutes as a page, and who may send them."""

from flask import render_template

from tracker import answers, guard, language
from tracker.meetings import minutes_words, queries
from tracker.meetings.minutes import Minutes, agreed_until, until_on
from tracker.models import Meeting
from tracker.rules.deeds import Deed


def page_of(minutes: Minutes) -> str:
    """The page of a closed meeting."""
    return render_template(
        "meetings/minutes.html",
        meeting=minutes.meeting,
        minutes=minutes,
        words=minutes_words,
        answers=answers,
        chairs=minutes.meeting.chair_id == guard.signed_in().id and guard.may(Deed.REVIEWS_CORRECT),
        agreed_until=agreed_until,
        until_then=lambda action: until_on(action, minutes.head.held_on, language.zone()),
        may_send=may_send(minutes.meeting),
    )


def may_send(found: Meeting) -> bool:
    """Whether the person may, in the unit of every channel reviewed, or chairs the meeting."""
    if not guard.may(Deed.MEETINGS_SEND_MINUTES):
        return False
    units = set(queries.reviewed(found).values())
    chairs = found.chair_id is not None and found.chair_id == guard.signed_in().id
    return chairs or all(guard.may(Deed.MEETINGS_SEND_MINUTES, unit_id) for unit_id in units)
