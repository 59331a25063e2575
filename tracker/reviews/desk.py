"""One request at the log: the meeting, the channels the person may log, what may be chosen, what was posted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from flask import abort, current_app, request
from flask_wtf.csrf import CSRFError

from tracker import guard
from tracker.extensions import csrf, db
from tracker.models import Channel, Meeting
from tracker.reviews import changes, drafts, queries
from tracker.reviews.forms import Known, Typed, as_day, as_ids, parts_of, read
from tracker.reviews.reading import channels_in, row_of
from tracker.rules.deeds import Deed
from tracker.rules.log import Row


@dataclass
class Desk:
    """What a view of the log works on."""

    meeting: Meeting
    channels: list[Channel]
    before: drafts.Drafts  # as they were when the request came
    typed: Typed = field(default_factory=Typed)

    @cached_property
    def known(self) -> Known:
        """What may be chosen; asked for where a field names a person, a contact or a channel."""
        values = drafts.values(self.meeting, self.before)
        owning = {int(one) for key, one in values.items() if key.endswith(".owner") and one.isdigit()}
        attending = as_ids(f"{values.get('present', '')},{values.get('excused', '')}")
        return queries.known(self.channels, attending, owning)

    @property
    def open(self) -> bool:
        """Whether the meeting can still be logged."""
        return self.meeting.closed_at is None and self.meeting.cancelled_at is None

    @property
    def by_id(self) -> dict[int, Channel]:
        """The channels the person may log."""
        return {one.id: one for one in self.channels}

    def kept(self) -> drafts.Drafts:
        """The drafts the person may see: of the head, and of their channels."""
        mine = self.by_id
        return {
            key: rows
            for key, rows in drafts.load(self.meeting.id).items()
            if (parts_of(key)[0] or None) is None or parts_of(key)[0] in mine
        }

    def may_close(self, units: Iterable[int]) -> bool:
        """Whether the person has the right to every row: in all these units, or as the appointed chair."""
        if self.meeting.chair_id == guard.signed_in().id:
            return guard.may(Deed.MEETINGS_CLOSE)
        return all(guard.may(Deed.MEETINGS_CLOSE, unit) for unit in units)

    def rows(self, values: Mapping[str, str]) -> dict[int, Row]:
        """Every row on which something is typed, by channel, with what "unchanged" carries over."""
        ids = channels_in(values)
        held_on = as_day(values.get("held_on", "")) or self.meeting.planned_on
        carried = queries.carried(ids, held_on)
        return {one: row_of(values, one, carried[one]) for one in ids}


def desk(meeting_id: int, posted: bool = False) -> Desk:
    """404 where there is no such meeting, or only channels of units that the person may not log."""
    meeting = changes.locked(meeting_id) if posted else db.session.get(Meeting, meeting_id)
    if meeting is None:
        abort(404)
    chairs = meeting.chair_id == guard.signed_in().id  # whoever was appointed answers for every row
    units = None if chairs else guard.units_for(Deed.REVIEWS_LOG)
    channels = queries.visible(units)
    agenda = queries.agenda_of(meeting)
    if units is not None and agenda and not agenda & {one.id for one in channels}:
        abort(404)
    found = Desk(meeting, channels, drafts.load(meeting.id))
    if posted:
        found.typed = read(request.form, (one.id for one in channels), lambda: found.known)
    return found


def expired() -> bool:
    """Whether the form's token no longer holds; the views answer it with everything that was typed."""
    if not current_app.config.get("WTF_CSRF_ENABLED", True):
        return False
    try:
        csrf.protect()
    except CSRFError:
        return True
    return False
