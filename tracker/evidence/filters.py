"""Which rows of the evidence are asked for, as plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.evidence.columns import Mark, Row
from tracker.rules.slots import Slot
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

    @property
    def narrows_rows(self) -> bool:
        """Whether single rows are picked, not only channels and a period."""
        return self != self.of_scope()

    def of_scope(self) -> "Filters":
        """Without what picks single rows: a dossier has all rows of its channels and period."""
        return replace(self, criterion=None, level=None, outcome=None, decision=None, mark=None, text="")

    def meets(self, slot: Slot) -> bool:
        """Whether the period asked for and a slot overlap."""
        return (self.from_on is None or slot.due_on >= self.from_on) and (
            self.until_on is None or slot.begins_on <= self.until_on
        )

    def test(self) -> Callable[[Row], bool] | None:
        """What a row of one of the chosen channels must pass to be asked for; None where every row is."""
        tests = [test for test in self._tests() if test is not None]
        if not tests:
            return None
        return lambda row: all(test(row) for test in tests)

    def _tests(self) -> tuple[Callable[[Row], bool] | None, ...]:
        from_on, until_on, mark, sought = self.from_on, self.until_on, self.mark, self.text.casefold()
        return (
            (lambda row: _last_day(row) >= from_on) if from_on else None,
            (lambda row: _first_day(row) <= until_on) if until_on else None,
            (lambda row: row.criterion is self.criterion) if self.criterion else None,
            (lambda row: row.level is self.level) if self.level else None,
            (lambda row: row.outcome is self.outcome) if self.outcome else None,
            (lambda row: row.decision is self.decision) if self.decision else None,
            (lambda row: mark in row.marks) if mark else None,
            (lambda row: any(sought in said.casefold() for said in _said(row))) if sought else None,
        )

    @classmethod
    def read(cls, named: Mapping[str, Any]) -> "Filters":
        """The filters that named() named, and the text that is sought."""

        def day(name: str) -> date | None:
            return date.fromisoformat(named[name]) if name in named else None

        units = named.get("units")
        return cls(
            from_on=day("from"),
            until_on=day("until"),
            unit_id=named.get("unit"),
            channel_id=named.get("channel"),
            platform=named.get("platform"),
            criterion=Criterion(named["criterion"]) if "criterion" in named else None,
            level=Level(named["level"]) if "level" in named else None,
            outcome=Outcome(named["outcome"]) if "outcome" in named else None,
            decision=Decision(named["decision"]) if "decision" in named else None,
            mark=Mark(named["mark"]) if "mark" in named else None,
            text=named.get("text", ""),
            unit_ids=None if units is None else frozenset(int(one) for one in units.split(",") if one),
        )

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


def _last_day(row: Row) -> date:
    return row.due_on or row.held_on or date.max


def _first_day(row: Row) -> date:
    return row.begins_on or row.held_on or date.min


def _said(row: Row) -> tuple[str, str, str]:
    return row.reason, row.decision_reason, row.explanation
