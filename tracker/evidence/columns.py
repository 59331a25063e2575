"""The one list of columns that the page and every file of the evidence are made from."""

from datetime import date, datetime
from enum import StrEnum, auto
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from tracker.listing import Column, Kind
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Decision, Level, Outcome


class Mark(StrEnum):
    """What is to be known about a rating besides its verdict."""

    CORRECTION = auto()  # it stands in a review that replaces an earlier one
    REPLACED = auto()  # a correction stands in its place
    EXTRA = auto()  # it discharges no cell
    UNCHANGED = auto()  # ticked: as last time
    LATE_ENTERED = auto()  # entered more than 14 days after the meeting
    ENTERED_AFTERWARDS = auto()  # entered when the slot was already missed


class Row(NamedTuple):
    """One line of the evidence, in plain values; each writer formats them.

    A cell that no rating discharged has neither level nor days; a replaced or extra rating has no outcome. An extra
    rating held when nothing was owed at all has no slot either. `entered_at` is when the criterion was first rated
    for its meeting, `closed_at` when the review it stands in was closed. `checked` and `checks` say of legality
    how many items of its checklist were answered, and how many asked; nothing where none was.
    """

    unit: str
    platform: str
    channel: str
    begins_on: date | None
    due_on: date | None
    n: int | None
    criterion: Criterion
    outcome: Outcome | None
    level: Level | None
    reason: str
    held_on: date | None
    entered_at: datetime | None
    closed_at: datetime | None
    days_late: int | None
    marks: tuple[Mark, ...]
    checked: int | None
    checks: int | None
    decision: Decision | None
    decided_from: date | None
    decision_reason: str
    explanation: str
    meeting_id: int | None
    review_id: int | None
    channel_id: int

    @property
    def slot(self) -> Slot | None:
        """The slot it stands in."""
        if self.due_on is None or self.begins_on is None or self.n is None:
            return None
        return Slot(self.due_on, self.begins_on, self.n)


COLUMNS: tuple[Column, ...] = (
    Column("unit", _l("Unit"), Kind.TEXT),
    Column("platform", _l("Platform"), Kind.TEXT),
    Column("channel", _l("Channel"), Kind.TEXT),
    Column("begins_on", _l("Slot from"), Kind.DAY),
    Column("due_on", _l("Slot until (due)"), Kind.DAY),
    Column("n", _l("Reviews a year"), Kind.NUMBER),
    Column("criterion", _l("Criterion"), Kind.WORD),
    Column("outcome", _l("Outcome"), Kind.WORD),
    Column("level", _l("Level"), Kind.WORD),
    Column("reason", _l("Reason"), Kind.TEXT),
    Column("held_on", _l("Held on"), Kind.DAY),
    Column("entered_at", _l("Entered"), Kind.MOMENT),
    Column("closed_at", _l("Closed"), Kind.MOMENT),
    Column("days_late", _l("Days late"), Kind.NUMBER),
    Column("marks", _l("Marks"), Kind.WORDS),
    Column("checked", _l("Items checked"), Kind.NUMBER),
    Column("checks", _l("Items asked"), Kind.NUMBER),
    Column("decision", _l("Decision"), Kind.WORD),
    Column("decided_from", _l("Decision from"), Kind.DAY),
    Column("decision_reason", _l("Reason of the decision"), Kind.TEXT),
    Column("explanation", _l("Explanation by the management"), Kind.TEXT),
    Column("meeting_id", _l("Meeting no."), Kind.NUMBER),
    Column("review_id", _l("Review no."), Kind.NUMBER),
)

WORDS: dict[str, list[str]] = {
    "criterion": [one.value for one in Criterion],
    "outcome": [one.value for one in Outcome],
    "level": [one.value for one in Level],
    "marks": [one.value for one in Mark],
    "decision": [one.value for one in Decision],
}
