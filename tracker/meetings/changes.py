"""Planning a meeting, moving it, whom it invites, its agenda, calling it off; with the mails. Never commits."""

from collections.abc import Collection, Iterable
from datetime import date, time, timedelta

from sqlalchemy import delete, select

from tracker import clock, journal
from tracker.extensions import db
from tracker.meetings import invitations, letters
from tracker.meetings.letters import Before, Occasion
from tracker.models import AgendaLine, Channel, Contact, Invitation, Meeting, User
from tracker.rules.deeds import Deed

TWICE_WITHIN = timedelta(minutes=1)  # the same plan by the same person this soon is one plan sent twice


class NotOpen(ValueError):
    """The meeting is closed or cancelled; nothing is planned about it any more."""


class MovedMeanwhile(ValueError):
    """Somebody else moved the meeting since the page was shown."""


def plan(
    on: date,
    starts_at: time | None,
    place: str,
    channels: Iterable[Channel],
    by: User | None,
    *,
    cause: str = "",
    invited: Iterable[Contact] = (),
    chair: User | None = None,
) -> Meeting:
    """Plan a meeting for a day, past or to come, with these channels on its agenda, and invite these contacts.

    `starts_at` is local time of the organisation; `by` is None where the system plans; a `cause` makes it a special
    review; the `chair` may close it besides those who may anyway.
    """
    listed, contacts = list(channels), list(invited)
    meeting = Meeting(
        planned_on=on,
        starts_at=starts_at,
        place=place,
        planned_by_id=by.id if by else None,
        planned_at=clock.now(),
        sequence=0,
        cause=cause,
        chair_id=chair.id if chair else None,
        agenda=[AgendaLine(channel_id=one.id) for one in listed],
        invitations=[Invitation(contact_id=one.id) for one in contacts],
    )
    db.session.add(meeting)
    ids = {"on": on.isoformat(), "channels": _ids(one.id for one in listed)}
    if starts_at is not None:
        ids["starts_at"] = f"{starts_at:%H:%M}"
    if contacts:
        ids["invited"] = _ids(one.id for one in contacts)
    words = {"place": place, "cause": cause, "chair": chair.full_name if chair else ""}
    unit_id = _only_unit(listed)
    journal.note(db.session, Deed.MEETINGS_PLAN, meeting, ids=ids, words=words, unit_id=unit_id, by=by)
    db.session.flush()
    if contacts:
        everybody = invitations.invited(meeting)
        letters.write(meeting, Occasion.INVITED, everybody, everybody)
    return meeting


def planned_already(
    on: date, starts_at: time | None, place: str, by: User, cause: str = "", within: timedelta | None = None
) -> Meeting | None:
    """The same plan of this person, not cancelled, made at any time or `within` the last while.

    The person's row is held, so that two clicks queue up.
    """
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update())
    query = select(Meeting).where(
        Meeting.planned_by_id == by.id,
        Meeting.planned_on == on,
        Meeting.place == place,
        Meeting.cause == cause,
        Meeting.cancelled_at.is_(None),
    )
    if within is not None:
        query = query.where(Meeting.planned_at > clock.now() - within)
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


def move(
    meeting: Meeting, on: date, starts_at: time | None, place: str, reason: str = "", seen: int | None = None
) -> bool:
    """Move a planned meeting to another day, time or place, and tell those invited. False if it is there already.

    `seen` is the sequence that the person's page had shown. The day it was planned for at first stays on record.
    MovedMeanwhile if somebody else moved it since, NotOpen if it is closed or cancelled.
    """
    _refuse_over(meeting)
    before = Before(meeting.planned_on, meeting.starts_at, meeting.place)
    if before == Before(on, starts_at, place):
        return False
    if seen is not None and seen != meeting.sequence:
        raise MovedMeanwhile(f"meeting {meeting.id} was changed since")
    meeting.planned_on, meeting.starts_at, meeting.place = on, starts_at, place
    if on != before.on and meeting.first_planned_on is None:
        meeting.first_planned_on = before.on
    meeting.sequence += 1
    ids: dict[str, int | str] = {
        "from": before.on.isoformat(),
        "on": on.isoformat(),
        "sequence": meeting.sequence,
    }
    if starts_at is not None:
        ids["starts_at"] = f"{starts_at:%H:%M}"
    unit_id = _only_unit(line.channel for line in meeting.agenda)
    words = {"place": place, "reason": reason}
    journal.note(db.session, Deed.MEETINGS_PLAN, meeting, ids=ids, words=words, unit_id=unit_id)
    everybody = invitations.invited(meeting)
    letters.write(meeting, Occasion.MOVED, everybody, everybody, before, reason)
    return True


def set_invited(meeting: Meeting, ticked: Collection[int]) -> bool:
    """Invite these contacts and no others; mails go to those new and those no longer invited. False if it was so.

    NotOpen if the meeting is closed or cancelled.
    """
    _refuse_over(meeting)
    was = invitations.invited(meeting)
    before = {one.contact.id for one in was}
    added, removed = set(ticked) - before, before - set(ticked)
    if not added and not removed:
        return False
    db.session.add_all(Invitation(meeting_id=meeting.id, contact_id=key) for key in added)
    gone = Invitation.contact_id.in_(removed)
    db.session.execute(delete(Invitation).where(Invitation.meeting_id == meeting.id, gone))
    if removed:
        meeting.sequence += 1  # whoever is taken off gets a newer entry than the one they have
    ids = {"invited": _ids(added), "uninvited": _ids(removed)}
    unit_id = _only_unit(line.channel for line in meeting.agenda)
    journal.note(db.session, Deed.MEETINGS_PLAN, meeting, ids=ids, unit_id=unit_id)
    db.session.flush()
    db.session.expire(meeting, ["invitations"])
    now = invitations.invited(meeting)
    letters.write(meeting, Occasion.INVITED, [one for one in now if one.contact.id in added], now)
    letters.write(meeting, Occasion.UNINVITED, [one for one in was if one.contact.id in removed], now)
    return True


def appoint(meeting: Meeting, chair: User | None) -> bool:
    """Say who chairs the meeting and may close it besides those who may anyway; None: nobody. False if it was so."""
    _refuse_over(meeting)
    if meeting.chair_id == (chair.id if chair else None):
        return False
    meeting.chair_id = chair.id if chair else None
    unit_id = _only_unit(line.channel for line in meeting.agenda)
    words = {"chair": chair.full_name if chair else "–"}
    journal.note(db.session, Deed.MEETINGS_PLAN, meeting, words=words, unit_id=unit_id)
    return True


def cancel(meeting: Meeting, reason: str = "") -> bool:
    """Call a planned meeting off and tell those invited why; False if it was so already. What was typed is kept.

    NotOpen if it is closed.
    """
    if meeting.cancelled_at is not None:
        return False
    _refuse_over(meeting)
    meeting.cancelled_at = clock.now()
    meeting.sequence += 1
    unit_id = _only_unit(line.channel for line in meeting.agenda)
    ids = {"on": meeting.planned_on.isoformat()}
    words = {"reason": reason} if reason else None
    journal.note(db.session, Deed.MEETINGS_CANCEL, meeting, ids=ids, words=words, unit_id=unit_id)
    everybody = invitations.invited(meeting)
    letters.write(meeting, Occasion.CANCELLED, everybody, everybody, reason=reason)
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
