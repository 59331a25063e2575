"""A new version of a closed meeting's head: what it says, what it would do to the slots, and writing it.

The older version is not touched. Nothing here commits.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time

from sqlalchemy import select

from tracker import clock, in_words, journal, language
from tracker.extensions import db
from tracker.models import Action, Attendance, Channel, Meeting, MeetingHead, Review, User
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean
from tracker.rules.shifting import Shift, shifts, with_others
from tracker.standings import ChannelStanding, standings

KINDS = ("present", "excused", "guest")


class HeadRefused(ValueError):
    """The meeting is not closed, no reason was given, nothing differs, or the day is after the closing."""


@dataclass(frozen=True)
class Named:
    """Someone a head names, as present, excused or guest; without a user id a name only."""

    kind: str
    name: str
    user_id: int | None = None


@dataclass(frozen=True)
class Said:
    """What a head says; the times are local to the organisation."""

    held_on: date
    begins_at: time | None
    ends_at: time | None
    place: str
    chair: str
    minute_taker: str
    attendance: tuple[Named, ...]

    def names(self, kind: str) -> str:
        """The names of one kind, with commas."""
        return ", ".join(one.name for one in self.attendance if one.kind == kind)


def said_by(head: MeetingHead) -> Said:
    """What a version says."""
    named = tuple(Named(one.kind, one.name, one.user_id) for one in head.attendance)
    return Said(head.held_on, head.begins_at, head.ends_at, head.place, head.chair, head.minute_taker, named)


def in_order(named: Iterable[Named], before: Said) -> tuple[Named, ...]:
    """The names as the version before had them, new ones after them: an order that nobody changed is no change."""
    places = {one: place for place, one in enumerate(before.attendance)}
    return tuple(
        sorted(dict.fromkeys(named), key=lambda one: (KINDS.index(one.kind), places.get(one, len(places))))
    )


def closed_on(meeting: Meeting) -> date:
    """On which day, for the organisation, a closed meeting was closed; it was not held later."""
    return clock.day_of(meeting.closed_at or clock.now(), language.zone())


def units_of(meeting: Meeting) -> set[int]:
    """The units of all channels that were reviewed; whoever corrects the head must be responsible for each."""
    query = select(Channel.unit_id).join(Review, Review.channel_id == Channel.id)
    return set(db.session.scalars(query.where(Review.meeting_id == meeting.id)))


def foreseen(meeting: Meeting, held_on: date, zone: str) -> list[tuple[Channel, tuple[Shift, ...]]]:
    """The channels with the cells that would stand otherwise today, if the meeting had been held on that day."""
    found = []
    for one in standings(clock.today(zone), zone):
        ours = [rated for rated in one.ledger.rated if _of(meeting, one, rated.id)]
        moved = [replace(rated, held_on=held_on) for rated in ours]
        changed = shifts(one.ledger, with_others(one.ledger, {rated.id for rated in ours}, moved))
        if changed:
            found.append((one.channel, changed))
    return found


def correct(meeting: Meeting, said: Said, reason: str, by: User) -> MeetingHead:
    """Write the next version of a closed meeting's head. Call it with the meeting's row locked.

    Actions agreed in the meeting follow its day. HeadRefused if it cannot be; then nothing is written.
    """
    older = meeting.head
    if older is None or older.closed_at is None or not clean(reason) or said == said_by(older):
        raise HeadRefused(f"the head of meeting {meeting.id} cannot be corrected")
    if said.held_on > closed_on(meeting):
        raise HeadRefused(f"meeting {meeting.id} was closed before {said.held_on}")
    now, before = clock.now(), said_by(older)
    newer = MeetingHead(
        meeting_id=meeting.id,
        version=older.version + 1,
        held_on=said.held_on,
        begins_at=said.begins_at,
        ends_at=said.ends_at,
        place=said.place,
        chair=said.chair,
        minute_taker=said.minute_taker,
        reason=clean(reason),
        by_id=by.id,
        by_name=by.full_name,
        by_roles=", ".join(role.name for role in by.roles),
        written_at=now,
        attendance=[Attendance(kind=one.kind, name=one.name, user_id=one.user_id) for one in said.attendance],
    )
    db.session.add(newer)
    db.session.flush()
    newer.closed_at = now
    _note(meeting, newer, before, said, by)
    _follow(meeting, before.held_on, said.held_on)
    db.session.flush()
    db.session.expire(meeting, ["heads"])
    return newer


def _of(meeting: Meeting, one: ChannelStanding, rating_id: int) -> bool:
    return one.ratings[rating_id].meeting_id == meeting.id


def _follow(meeting: Meeting, before: date, after: date) -> None:
    query = select(Action).join(Review, Action.review_id == Review.id)
    for action in db.session.scalars(
        query.where(Review.meeting_id == meeting.id, Action.agreed_on == before)
    ):
        action.agreed_on = after


def _note(meeting: Meeting, newer: MeetingHead, before: Said, after: Said, by: User) -> None:
    words = {"reason": newer.reason}
    for name, said in (("before", before), ("after", after)):
        words |= {f"{name}.{part}": text for part, text in _words(said).items()}
    ids: dict[str, int | str] = {
        "version": newer.version,
        "from": before.held_on.isoformat(),
        "held_on": after.held_on.isoformat(),
    }
    units = units_of(meeting)
    unit_id = units.pop() if len(units) == 1 else None
    journal.note(
        db.session, Deed.MEETINGS_CORRECT, meeting, newer, ids=ids, words=words, unit_id=unit_id, by=by
    )


def _words(said: Said) -> dict[str, str]:
    kinds = ("present", "excused", "guest")
    present, excused, guests = ([one.name for one in said.attendance if one.kind == kind] for kind in kinds)
    told = in_words.head(
        chair=said.chair,
        minute_taker=said.minute_taker,
        place=said.place,
        begins_at=said.begins_at,
        ends_at=said.ends_at,
        present=present,
        excused=excused,
        guests=guests,
    )
    return {"held_on": said.held_on.isoformat(), **told}
