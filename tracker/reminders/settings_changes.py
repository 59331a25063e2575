"""Setting when reminders come and whom escalations go to. One entry in the journal; never commits."""

from collections.abc import Mapping
from typing import Any

from tracker import journal
from tracker.extensions import db
from tracker.models import Contact, Organisation, Unit
from tracker.reminders.settings_forms import NOBODY, UNIT, told
from tracker.rules.deeds import Deed
from tracker.rules.words import Stage


def set_reminders(organisation: Organisation, units: list[Unit], values: Mapping[str, Any]) -> bool:
    """Take over what the form says. False if all is so already."""
    before = told(organisation, units)
    changed = {name: value for name, value in values.items() if name in before and before[name] != value}
    if not changed:
        return False
    organisation.notice_workdays = values["notice"]
    organisation.overdue_workdays = values["overdue"]
    organisation.escalation_workdays = values["escalation"]
    chosen = frozenset(values["stages"])
    organisation.stages = None if chosen == set(Stage) else chosen
    organisation.escalation_contact_id = _contact_id(values["contact"])
    for unit in units:
        unit.escalation_contact_id = _contact_id(values[f"{UNIT}{unit.id}"])
    words: dict[str, str | None] = {}
    for name, value in changed.items():
        words |= {f"{name}.before": _said(name, before[name]), f"{name}.after": _said(name, value)}
    journal.note(db.session, Deed.REMINDERS_SET, organisation, words=words)
    return True


def _contact_id(value: str) -> int | None:
    return None if value == NOBODY else int(value)


def _said(name: str, value: Any) -> str:
    if name == "stages":
        return ", ".join(value) or "–"
    if name == "contact" or name.startswith(UNIT):
        contact = db.session.get(Contact, int(value)) if value != NOBODY else None
        return contact.name if contact else "–"
    return str(value)
