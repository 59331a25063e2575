"""The history of one action, from its agreement to what became of it, as steps in their order."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.actions.changes import DONE, MOVED, REOPENED
from tracker.models import Action, ActionChange

AGREED = "agreed"


@dataclass(frozen=True)
class Step:
    """Something that happened to an action. `from_on` and `to_on` are due dates; `done_on` a day of being done."""

    kind: str
    note: str = ""
    at: datetime | None = None  # when it was written down; unknown for what older versions kept no history of
    by_name: str = ""
    agreed_on: date | None = None
    from_on: date | None = None
    to_on: date | None = None
    done_on: date | None = None


def first_due_on(action: Action) -> date:
    """The due date that was agreed on, however often the action was moved since."""
    return next((one.from_on for one in action.changes if one.kind == MOVED and one.from_on), action.due_on)


def steps(action: Action) -> list[Step]:
    """All of it, oldest first. An action that was done without a line of history has a step for it all the same."""
    logged_by = action.review.by_name if action.review else ""
    found = [Step(AGREED, by_name=logged_by, agreed_on=action.agreed_on, to_on=first_due_on(action))]
    for position, one in enumerate(action.changes):
        found.append(_step(action, one, action.changes[position + 1 :]))
    last = action.changes[-1].kind if action.changes else None
    if action.done_on is not None and last != DONE:
        found.append(Step(DONE, note=action.done_note, done_on=action.done_on))
    return found


def _step(action: Action, one: ActionChange, later: list[ActionChange]) -> Step:
    """A line of the history with the day it led to: that is where the next line of the same subject begins."""
    to_on = done_on = None
    if one.kind == MOVED:
        to_on = next((next_one.from_on for next_one in later if next_one.kind == MOVED), action.due_on)
    elif one.kind == DONE:
        done_on = next((next_one.from_on for next_one in later if next_one.kind == REOPENED), action.done_on)
    return Step(one.kind, one.note, one.at, one.by_name, from_on=one.from_on, to_on=to_on, done_on=done_on)
