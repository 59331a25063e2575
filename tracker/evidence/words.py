"""The words of this room: what each deed and mark is called on pages and in files."""

from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from tracker import language
from tracker.evidence.columns import Mark, Row
from tracker.rules.deeds import Deed
from tracker.rules.words import Outcome

MARKS: dict[Mark, Any] = {
    Mark.CORRECTION: _l("correction"),
    Mark.REPLACED: _l("replaced by a correction"),
    Mark.EXTRA: _l("extra"),
    Mark.UNCHANGED: _l("unchanged since last time"),
    Mark.LATE_ENTERED: _l("late-entered"),
    Mark.ENTERED_AFTERWARDS: _l("entered afterwards"),
}

DEEDS: dict[Deed, Any] = {
    Deed.CHANNELS_EXPLAIN: _l("Missed slot explained"),
    Deed.CHANNELS_ASSIGN: _l("Responsible person changed"),
    Deed.CHANNELS_CHANGE: _l("Channel changed"),
    Deed.CONCEPT_LOAD: _l("Concept loaded"),
    Deed.CONCEPT_CHANGE: _l("Concept changed"),
    Deed.CONCEPT_PUBLISH: _l("Concept made public, or no longer"),
    Deed.CHECKLIST_CHANGE: _l("Checklist changed"),
    Deed.FIGURES_ENTER: _l("Figures entered"),
    Deed.FIGURES_UPLOAD: _l("Figures uploaded"),
    Deed.FIGURES_UNDO: _l("Upload of figures undone"),
    Deed.RATES_CHANGE: _l("Hourly rate set"),
    Deed.MEETINGS_PLAN: _l("Meeting planned"),
    Deed.MEETINGS_CANCEL: _l("Meeting cancelled"),
    Deed.MEETINGS_CLOSE: _l("Meeting closed"),
    Deed.MEETINGS_CORRECT: _l("Meeting's head corrected"),
    Deed.MEETINGS_SEND_MINUTES: _l("Minutes sent"),
    Deed.REVIEWS_LOG: _l("Review logged"),
    Deed.REVIEWS_CORRECT: _l("Review corrected"),
    Deed.ACTIONS_ADD: _l("Action agreed"),
    Deed.ACTIONS_FINISH: _l("Action finished"),
    Deed.ACTIONS_REOPEN: _l("Action reopened"),
    Deed.ACTIONS_MOVE: _l("Action moved"),
    Deed.EVIDENCE_EXPORT: _l("Evidence exported"),
    Deed.DOSSIER_SEAL: _l("Dossier put together"),
    Deed.OUTBOX_DELIVER: _l("Delivery started"),
    Deed.REMINDERS_RUN: _l("Reminder run started"),
    Deed.REMINDERS_CONFIRM: _l("Reminders confirmed"),
    Deed.REMINDERS_HOLD: _l("Reminders held back"),
    Deed.REMINDERS_TELL: _l("Reminders told"),
    Deed.REMINDERS_REMIND: _l("Reminder mail written"),
    Deed.MAIL_SENT: _l("Mail handed over"),
    Deed.MAIL_GIVEN_UP: _l("Mail given up"),
    Deed.OUTBOX_RETRY: _l("Mail tried again"),
    Deed.PEOPLE_CHANGE: _l("Person changed"),
    Deed.PEOPLE_ACTIVATE: _l("Person activated"),
    Deed.PEOPLE_DEACTIVATE: _l("Person deactivated"),
    Deed.PEOPLE_INVITE: _l("Person invited"),
    Deed.SESSIONS_END: _l("Other sessions ended"),
    Deed.PEOPLE_SECOND_FACTOR: _l("Second factor turned off by the administration"),
    Deed.SECOND_FACTOR_SET: _l("Authenticator app set up"),
    Deed.SECOND_FACTOR_OFF: _l("Authenticator app turned off"),
    Deed.RECOVERY_CODES_MAKE: _l("Recovery codes made"),
    Deed.PASSKEYS_ADD: _l("Passkey added"),
    Deed.PASSKEYS_REMOVE: _l("Passkey removed"),
    Deed.USERS_CREATE: _l("Person added"),
    Deed.ROLES_ADD: _l("Role given"),
    Deed.ROLES_REMOVE: _l("Role taken away"),
    Deed.REMINDERS_SET: _l("Reminders set"),
    Deed.ABSENCES_ENTER: _l("Absence entered or ended"),
    Deed.OUTBOX_TEST: _l("Test mail written"),
    Deed.ORGANISATION_CHANGE: _l("Organisation changed"),
    Deed.MAILBOXES_ADD: _l("Mailbox added"),
    Deed.MAILBOXES_CHANGE: _l("Mailbox changed"),
    Deed.ACCOUNT_CHANGE: _l("Own account changed"),
    Deed.TOKENS_ADD: _l("Private token made"),
    Deed.TOKENS_REVOKE: _l("Private token revoked"),
    Deed.DEMO_SEED: _l("Demo year made"),
    Deed.SECRETS_ROTATE: _l("New keys made"),
    Deed.SECRETS_FORGET: _l("Older keys forgotten"),
    Deed.OBLIGATIONS_BEGIN: _l("Obligation begun"),
    Deed.OBLIGATIONS_END: _l("Obligation ended"),
    Deed.RETENTION_SET: _l("Years of retention set"),
    Deed.RETENTION_RUN: _l("Names past retention replaced"),
    Deed.RETENTION_ERASE: _l("Text past retention erased"),
}

# Deeds that show something leave no entry: they need no word.
SILENT = frozenset(deed for deed in Deed if deed.value.endswith(".see"))


def word(value: StrEnum) -> str:
    """A word of the rules or a mark, in the language of the page."""
    return str(MARKS[value]) if isinstance(value, Mark) else language.word(value)


def remarks(row: Row, on: date) -> list[str]:
    """What the page says about a row beside its verdict: days, marks, decision."""
    said = []
    if row.days_late:
        said.append(ngettext("%(num)s day late", "%(num)s days late", row.days_late))
    if row.outcome is Outcome.OPEN and row.due_on is not None and row.due_on < on:
        said.append(ngettext("%(num)s day past due", "%(num)s days past due", (on - row.due_on).days))
    said += [word(mark) for mark in row.marks]
    if row.decision is not None:
        said.append(_("decision: %(decision)s", decision=word(row.decision)))
    return said


def deed(value: str) -> str:
    """What was done, in words; the plain name for a deed that this version does not know."""
    return str(DEEDS[Deed(value)]) if value in DEEDS else value
