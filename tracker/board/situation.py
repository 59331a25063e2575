"""What an entry of "for you to do" is, and what all of them are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from tracker.board.queries import Health, PlannedMeeting
from tracker.models import Action
from tracker.standings import ChannelStanding

NAMED = 3  # channels named in an entry before "and n more"


@dataclass(frozen=True)
class ToDo:
    """One thing to do: an icon (calm: grey), what, why, and the button."""

    icon: str
    calm: bool
    what: str
    why: str
    url: str
    button: str


@dataclass(frozen=True)
class Situation:
    """Everything the entries are made from, on one day."""

    found: Sequence[ChannelStanding]
    meetings: Sequence[PlannedMeeting]
    explained: set[tuple[int, date, date]]
    health: Health
    on: date
    year: int
    actions: Sequence[Action] = ()  # of the person at the screen
    changed: frozenset[int] = (
        frozenset()
    )  # channels of which the concept says something else than when last rated

    @property
    def to_come(self) -> list[PlannedMeeting]:
        """The meetings of today and later."""
        return [one for one in self.meetings if one.meeting.planned_on >= self.on]


def name_of(one: ChannelStanding) -> str:
    """A channel as it is called in a sentence: "Facebook, IHK-Bezirkskammer Böblingen"."""
    channel = one.channel
    own = [channel.name] if channel.name != channel.unit.name else []
    return ", ".join([channel.platform, *own, channel.unit.name])


def names(found: Sequence[ChannelStanding]) -> str:
    said = "; ".join(name_of(one) for one in found[:NAMED])
    more = len(found) - NAMED
    return said if more <= 0 else f"{said}; " + _("and %(n)s more", n=more)
