"""One reminder as plain values: who was told what, or with a dry run would be."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.models import Action
from tracker.reminders.letters import Due, Letter
from tracker.reminders.recipients import Recipient
from tracker.rules.reminding import is_delayed
from tracker.rules.workdays import Workdays


@dataclass(frozen=True)
class Told:
    """One reminder: who was told what, or with a dry run would be. Days in the organisation's zone.

    It is about a stage of a slot, or about an action past its due date.
    """

    about: Due | Action
    recipient: Recipient
    told_on: date
    delayed: bool = False
    stands_in_for: str = ""

    @property
    def due(self) -> Due:
        """The stage it is about; TypeError where it is about an action."""
        if isinstance(self.about, Action):
            raise TypeError("a reminder of an action")
        return self.about

    def as_json(self) -> dict[str, Any]:
        """The plain values, as `flask remind --json` prints them."""
        common = {
            "contact": self.recipient.name,
            "address": self.recipient.address,
            "stands_in_for": self.stands_in_for or None,
            "told_on": self.told_on.isoformat(),
        }
        if isinstance(self.about, Action):
            action = self.about
            return {"action": action.what, "due_on": action.due_on.isoformat(), **common}
        channel, slot, owed = self.due.channel, self.due.line.slot, self.due.owed
        return {
            "unit": channel.unit.name,
            "platform": channel.platform,
            "name": channel.name,
            "slot": {"from": slot.begins_on.isoformat(), "until": slot.due_on.isoformat()},
            "stage": owed.stage.value,
            **common,
            "owed_on": owed.owed_on.isoformat(),
            "delayed": self.delayed,
        }


def told_by(letter: Letter, on: date, workdays: Workdays) -> list[Told]:
    """The reminders of a letter told on a day."""
    stages = [
        Told(
            due,
            letter.recipient,
            on,
            is_delayed(due.owed.owed_on, on, workdays),
            letter.absent.get(due.key, ""),
        )
        for due in letter.dues
    ]
    return [
        *stages,
        *(Told(one, letter.recipient, on, False, letter.absent.get(one.id, "")) for one in letter.actions),
    ]
