"""Planning a meeting, changing its agenda, calling it off. Never commits."""

from collections.abc import Collection, Iterable
from datetime import date, time, timedelta

from sqlalchemy import select

from tracker import clock, journal
from tracker.extensions import db
from tracker.models import AgendaLine, Channel, Meeting, User
from tracker.rules.deeds import Deed

TWICE_WITHIN = timedelta(minutes=1)  # the same plan by the same person this soon is one plan sent twice


class NotOpen(ValueError):
    """The meeting is closed or cancelled; nothing is planned about it any more."""


def plan(
    on: date, starts_at: time | None, place: str, channels: Iterable[Channel], by: User | None
) -> Meeting:
    """Plan a meeting for a day, past or to come, with these channels on its agenda.

    `starts_at` is local time of the organisation; `by` is None where the system plans.
    """
    listed = list(channels)
    meeting = Meeting(
        planned_on=on,
        starts_at=starts_at,
        place=place,
        planned_by_id=by.id if by else None,
        planned_at=clock.now(),
        agenda=[AgendaLine(channel_id=one.id) for one in listed],
    )
    db.session.add(meeting)
    ids = {"on": on.isoformat(), "channels": _ids(one.id for one in listed)}
    if starts_at is not None:
        ids["starts_at"] = f"{starts_at:%H:%M}"
    unit_id = _only_unit(listed)
    journal.note(
        db.session, Deed.MEETINGS_PLAN, meeting, ids=ids, words={"place": place}, unit_id=unit_id, by=by
    )
    db.session.flush()
    return meeting


def planned_just_now(on: date, starts_at: time | None, place: str, by: User) -> Meeting | None:
    """The same plan of this person within the last minute. The person's row is held, so that two clicks queue up."""
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update())
    query = select(Meeting).where(
        Meeting.planned_by_id == by.id,
        Meeting.planned_on == on,
        Meeting.place == place,
        Meeting.cancelled_at.is_(None),
        Meeting.planned_at > clock.now() - TWICE_WITHIN,
    )
    return next((one for one in db.session.scalars(query) if one.starts_at == starts_at), None)


def locked(meeting_id: int) -> Meeting | None:
    """The meeting, held against other writers until the end of the transaction."""
    return db.session.get(Meeting, meeting_id, with_for_update=True, populate_existing=True)


def set_agenda(meeting: Meeting, offered: Collection[Channel], ticked: Collection[int]) -> bool:
    """Put the ticked ones of the offered channels on the agenda, and no others of them; what was not offered stays.

    False if it was so already. NotOpen if the meeting is closed or cancelled.
    """
    _refuse_over(meeting)
    lines = {line.channel_id: line for line in meeting.agenda}
    ours = {one.id: one for one in offered}
    added = [key for key in ours if key in ticked and key not in lines]
    removed = [key for key in ours if key not in ticked and key in lines]
    if not added and not removed:
        return False
    for key in added:
        db.session.add(AgendaLine(meeting_id=meeting.id, channel_id=key))
    for key in removed:
        db.session.delete(lines[key])
    ids = {"added": _ids(added), "removed": _ids(removed)}
    unit_id = _only_unit(ours[key] for key in (*added, *removed))
    journal.note(db.session, Deed.MEETINGS_PLAN, meeting, ids=ids, unit_id=unit_id)
    db.session.flush()
    db.session.expire(meeting, ["agenda"])
    return True


def cancel(meeting: Meeting) -> bool:
    """Call a planned meeting off; False if it was so already. NotOpen if it is closed. What was typed is kept."""
    if meeting.cancelled_at is not None:
        return False
    _refuse_over(meeting)
    meeting.cancelled_at = clock.now()
    unit_id = _only_unit(line.channel for line in meeting.agenda)
    ids = {"on": meeting.planned_on.isoformat()}
    journal.note(db.session, Deed.MEETINGS_CANCEL, meeting, ids=ids, unit_id=unit_id)
    return True


def _refuse_over(meeting: Meeting) -> None:
    if meeting.closed_at is not None or meeting.cancelled_at is not None:
        raise NotOpen(f"meeting {meeting.id} is closed or cancelled")


def _only_unit(channels: Iterable[Channel]) -> int | None:
    """The unit, if all of them belong to one."""
    units = {one.unit_id for one in channels}
    return units.pop() if len(units) == 1 else None


def _ids(numbers: Iterable[int]) -> str:
    return ",".join(str(one) for one in sorted(numbers))
