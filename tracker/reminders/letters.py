"""What one recipient is owed on a day, and what nobody is told, as plain values."""

from dataclasses import dataclass, field
from datetime import date

from tracker.models import Action, Channel, Meeting
from tracker.reminders.recipients import Recipient, Why
from tracker.rules.ledger import SlotLine
from tracker.rules.reminding import Owed
from tracker.rules.words import Stage, WhyUntold


@dataclass(frozen=True)
class Due:
    """One stage of one slot of one channel. `to_close`: a meeting about it whose day is past and that is not closed."""

    channel: Channel
    line: SlotLine
    owed: Owed
    to_close: Meeting | None

    @property
    def key(self) -> tuple[int, date, date, Stage, str]:
        """What the database keeps apart, for each contact."""
        slot = self.line.slot
        return self.channel.id, slot.begins_on, slot.due_on, self.owed.stage, self.owed.week


@dataclass(frozen=True)
class NotTold:
    """A stage that nobody, or the one person named, is told about, and why."""

    due: Due
    why: WhyUntold
    who: str = ""
    meeting: Meeting | None = None


@dataclass
class Letter:
    """All that one recipient is owed on a day. `absent` has, by key of a due or id of an action, who was meant."""

    recipient: Recipient
    dues: list[Due] = field(default_factory=list)
    why: set[Why] = field(default_factory=set)
    actions: list[Action] = field(default_factory=list)
    absent: dict[object, str] = field(default_factory=dict)

    @property
    def shown(self) -> list[Due]:
        """Each slot once, at its last stage, worst first: what is overdue, what was missed, what is due soon."""
        last: dict[tuple[int, date, date], Due] = {}
        order = list(Stage)
        for due in sorted(self.dues, key=lambda one: order.index(one.owed.stage)):
            last[due.key[:3]] = due
        return sorted(last.values(), key=worst_first)


@dataclass(frozen=True)
class Round:
    """What is owed on a day, one letter a recipient, and what is not told."""

    letters: list[Letter]
    untold: list[NotTold]


def worst_first(due: Due) -> tuple[int, date, int, int]:
    """What is overdue comes before what was missed, that before what is due soon; the longest due first."""
    stage = due.owed.stage
    place = {Stage.NOTICE: 2, Stage.MISSED: 1}.get(stage, 0)
    return place, due.line.slot.due_on, due.channel.position, due.channel.id
