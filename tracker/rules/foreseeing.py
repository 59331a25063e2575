"""What a change of a channel will do, before it is done: in words that a page can say (docs/promise.md, rule 2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules import obligating
from tracker.rules.deciding import Course, StateFrom, state_on
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion

Change = tuple[Slot, Criterion, bool]


@dataclass(frozen=True)
class Run:
    """Slots in a row in which the same criteria become owed, or stop being owed. No last one: from the first one on."""

    first: Slot
    last: Slot | None
    criteria: tuple[Criterion, ...]
    becomes_owed: bool


@dataclass(frozen=True)
class Foreseen:
    """A change, before and after: how the channel is run today, what begins, what that drops, and what is owed."""

    now: StateFrom
    begins: tuple[StateFrom, ...]
    dropped: tuple[StateFrom, ...]
    runs: tuple[Run, ...]

    @property
    def anything(self) -> bool:
        """Whether anything changes at all."""
        return bool(self.begins or self.dropped or self.runs)


def foreseen(before: Course, after: Course, today: date) -> Foreseen:
    """What is different after a change that is made today."""
    cells = obligating.preview(before.duties, after.duties, (), today)
    until = obligating.preview_ends_on(before.duties, after.duties, today)
    return Foreseen(
        now=StateFrom(today, state_on(before.states, today)),
        begins=tuple(one for one in after.states if one not in before.states),
        dropped=tuple(one for one in before.states if one not in after.states),
        runs=runs(cells, until),
    )


def runs(cells: Iterable[Change], until: date) -> tuple[Run, ...]:
    """Cells that change, as runs of slots; one that reaches the last day looked at goes on."""
    by_slot: dict[tuple[Slot, bool], list[Criterion]] = {}
    for slot, criterion, becomes_owed in cells:
        by_slot.setdefault((slot, becomes_owed), []).append(criterion)
    found: list[list[tuple[Slot, tuple[Criterion, ...], bool]]] = []
    for (slot, becomes_owed), criteria in sorted(by_slot.items(), key=_in_rows):
        one = (slot, tuple(criteria), becomes_owed)
        if found and _follows(found[-1][-1], one):
            found[-1].append(one)
        else:
            found.append([one])
    ordered = sorted(found, key=lambda run: (run[0][0].begins_on, run[0][2], run[0][0].due_on))
    return tuple(_run([slot for slot, _, _ in run], run[0][1], run[0][2], until) for run in ordered)


def _in_rows(one: tuple[tuple[Slot, bool], list[Criterion]]) -> tuple[bool, int, Slot]:
    (slot, becomes_owed), _ = one
    return becomes_owed, slot.n, slot


def _follows(
    one: tuple[Slot, tuple[Criterion, ...], bool], other: tuple[Slot, tuple[Criterion, ...], bool]
) -> bool:
    same = (one[0].n, *one[1:]) == (other[0].n, *other[1:])
    return same and one[0].due_on + timedelta(days=1) == other[0].begins_on


def _run(slots: list[Slot], criteria: tuple[Criterion, ...], becomes_owed: bool, until: date) -> Run:
    last = None if slots[-1].due_on == until else slots[-1]
    return Run(slots[0], last, criteria, becomes_owed)
