"""The minutes of a closed meeting: its head, and channel by channel what was found, decided and agreed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.extensions import db
from tracker.models import Action, Channel, Meeting, MeetingHead, Review

LATE_AFTER = 14  # days from the meeting to its closing; later is marked as entered late


@dataclass(frozen=True)
class Result:
    """One channel. `versions` are its review and the corrections of it, oldest first; the last one is in force."""

    channel: Channel
    versions: tuple[Review, ...]
    actions: tuple[Action, ...]

    @property
    def review(self) -> Review:
        """The version in force."""
        return self.versions[-1]


@dataclass(frozen=True)
class Minutes:
    """What a closed meeting says to one reader; `partly`: other units' channels were reviewed too."""

    head: MeetingHead
    older_heads: tuple[MeetingHead, ...]
    groups: tuple[tuple[str, tuple[Result, ...]], ...]
    not_discussed: tuple[Channel, ...]
    days_to_close: int
    partly: bool

    @property
    def entered_late(self) -> bool:
        """Whether it was closed more than two weeks after it was held."""
        return self.days_to_close > LATE_AFTER


def minutes(meeting: Meeting, units: frozenset[int] | None, zone: str) -> Minutes | None:
    """The minutes as far as a reader of these units (None: all) may see them; None unless it is closed."""
    head = meeting.head
    if head is None or meeting.closed_at is None:
        return None
    everything = _results(meeting)
    shown = [one for one in everything if units is None or one.channel.unit_id in units]
    reviewed = {one.channel.id for one in everything}
    left = [line.channel for line in meeting.agenda if line.channel_id not in reviewed]
    by_unit = groupby(shown, key=lambda one: one.review.unit_name)
    return Minutes(
        head=head,
        older_heads=tuple(one for one in meeting.heads if one is not head),
        groups=tuple((name, tuple(group)) for name, group in by_unit),
        not_discussed=tuple(
            sorted(
                (one for one in left if units is None or one.unit_id in units), key=lambda one: one.position
            )
        ),
        days_to_close=(clock.day_of(meeting.closed_at, zone) - head.held_on).days,
        partly=len(shown) < len(everything),
    )


def _results(meeting: Meeting) -> list[Result]:
    """All channels in the order of unit and concept."""
    query = select(Review).where(Review.meeting_id == meeting.id, Review.closed_at.is_not(None))
    loaded = query.options(
        selectinload(Review.ratings),
        joinedload(Review.decision),
        joinedload(Review.channel).joinedload(Channel.unit),
    )
    reviews = db.session.scalars(loaded.order_by(Review.id)).all()
    replacing = {one.replaces_id: one for one in reviews if one.replaces_id is not None}
    actions = _actions(reviews)
    found = []
    for first in (one for one in reviews if one.replaces_id is None):
        versions = [first]
        while (newer := replacing.get(versions[-1].id)) is not None:
            versions.append(newer)
        agreed = [action for version in versions for action in actions[version.id]]
        found.append(Result(first.channel, tuple(versions), tuple(agreed)))
    return sorted(
        found, key=lambda one: (one.channel.unit.position, one.channel.unit_id, one.channel.position)
    )


def _actions(reviews: Sequence[Review]) -> defaultdict[int | None, list[Action]]:
    """The actions agreed in these reviews, by due date."""
    query = select(Action).where(Action.review_id.in_([one.id for one in reviews]))
    found: defaultdict[int | None, list[Action]] = defaultdict(list)
    for action in db.session.scalars(
        query.options(joinedload(Action.owner)).order_by(Action.due_on, Action.id)
    ):
        found[action.review_id].append(action)
    return found
