"""Which rows of the evidence are asked for, as plain values."""

from dataclasses import dataclass
from datetime import date

from tracker.evidence.columns import Mark, Row
from tracker.rules.words import Criterion, Decision, Level, Outcome


@dataclass(frozen=True)
class Filters:
    """What is asked for; None asks for all. `unit_ids` is the limit of the reader, the rest is chosen.

    A period takes a slot when the two overlap: due on or after its first day, begun on or before its last.
    """

    from_on: date | None = None
    until_on: date | None = None
    unit_id: int | None = None
    channel_id: int | None = None
    platform: str | None = None
    criterion: Criterion | None = None
    level: Level | None = None
    outcome: Outcome | None = None
    decision: Decision | None = None
    mark: Mark | None = None
    text: str = ""  # part of a reason or an explanation, whatever the case
    unit_ids: frozenset[int] | None = None

    def takes(self, row: Row) -> bool:
        """Whether a row of one of the chosen channels is asked for."""
        begins_on, due_on = row.begins_on or row.held_on, row.due_on or row.held_on
        return (
            (self.from_on is None or due_on is None or due_on >= self.from_on)
            and (self.until_on is None or begins_on is None or begins_on <= self.until_on)
            and self.criterion in {None, row.criterion}
            and (self.level is None or row.level is self.level)
            and (self.outcome is None or row.outcome is self.outcome)
            and (self.decision is None or row.decision is self.decision)
            and (self.mark is None or self.mark in row.marks)
            and (not self.text or self._said(row))
        )

    def _said(self, row: Row) -> bool:
        sought = self.text.casefold()
        return any(sought in said.casefold() for said in (row.reason, row.decision_reason, row.explanation))

    def named(self) -> dict[str, int | str]:
        """What is chosen, by the names the address of the page uses; the reader's limit as a list of unit ids.

        Not the text that is sought: it may name somebody.
        """
        chosen: dict[str, int | str | None] = {
            "from": self.from_on.isoformat() if self.from_on else None,
            "until": self.until_on.isoformat() if self.until_on else None,
            "unit": self.unit_id,
            "channel": self.channel_id,
            "platform": self.platform,
            "criterion": self.criterion.value if self.criterion else None,
            "level": self.level.value if self.level else None,
            "outcome": self.outcome.value if self.outcome else None,
            "decision": self.decision.value if self.decision else None,
            "mark": self.mark.value if self.mark else None,
            "units": None if self.unit_ids is None else ",".join(map(str, sorted(self.unit_ids))),
        }
        return {name: value for name, value in chosen.items() if value is not None}
