"""Every deed a person or the system can do, and which role may do it.

A deed is named "room.verb". ALLOWED is plain data, so that it can be printed as a table and compared with
the routes by a test. Limits to units are not decided here.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from tracker.rules.words import Role


class Deed(StrEnum):
    """One thing that can be done; those of SYSTEM_ONLY are journalled and have no route and no role.

    Loading a concept is one deed, whether a person does it on a page or the system by a command.
    """

    BOARD_SEE = "board.see"
    CHANNELS_SEE = "channels.see"
    CHANNELS_EXPLAIN = "channels.explain"
    CHANNELS_ASSIGN = "channels.assign"
    CHANNELS_CHANGE = "channels.change"
    CONCEPT_SEE = "concept.see"
    CONCEPT_LOAD = "concept.load"
    CONCEPT_CHANGE = "concept.change"
    CONCEPT_PUBLISH = "concept.publish"
    CHECKLIST_SEE = "checklist.see"
    CHECKLIST_CHANGE = "checklist.change"
    FIGURES_SEE = "figures.see"
    FIGURES_ENTER = "figures.enter"
    FIGURES_UPLOAD = "figures.upload"
    FIGURES_UNDO = "figures.undo"
    RATES_CHANGE = "rates.change"
    MEETINGS_SEE = "meetings.see"
    MEETINGS_PLAN = "meetings.plan"
    MEETINGS_CANCEL = "meetings.cancel"
    MEETINGS_CLOSE = "meetings.close"
    MEETINGS_CORRECT = "meetings.correct"
    MEETINGS_SEND_MINUTES = "meetings.send_minutes"
    REVIEWS_LOG = "reviews.log"
    REVIEWS_CORRECT = "reviews.correct"
    ACTIONS_SEE = "actions.see"
    ACTIONS_ADD = "actions.add"
    ACTIONS_FINISH = "actions.finish"
    ACTIONS_REOPEN = "actions.reopen"
    ACTIONS_MOVE = "actions.move"
    EVIDENCE_SEE = "evidence.see"
    EVIDENCE_EXPORT = "evidence.export"
    JOURNAL_SEE = "journal.see"
    ACCESS_SEE = "access.see"
    OUTBOX_SEE = "outbox.see"
    OUTBOX_DELIVER = "outbox.deliver"
    REMINDERS_SEE = "reminders.see"
    REMINDERS_RUN = "reminders.run"
    REMINDERS_CONFIRM = "reminders.confirm"
    REMINDERS_HOLD = "reminders.hold"
    REMINDERS_SET = "reminders.set"
    ABSENCES_ENTER = "absences.enter"
    OUTBOX_TEST = "outbox.test"
    PEOPLE_SEE = "people.see"
    PEOPLE_CHANGE = "people.change"
    ORGANISATION_SEE = "organisation.see"
    ORGANISATION_CHANGE = "organisation.change"
    MAILBOXES_ADD = "mailboxes.add"
    MAILBOXES_CHANGE = "mailboxes.change"
    ACCOUNT_CHANGE = "account.change"
    TOKENS_ADD = "tokens.add"
    TOKENS_REVOKE = "tokens.revoke"
    RETENTION_SEE = "retention.see"
    RETENTION_SET = "retention.set"
    RETENTION_RUN = "retention.run"
    RETENTION_ERASE = "retention.erase"

    USERS_CREATE = "users.create"
    ROLES_ADD = "roles.add"
    ROLES_REMOVE = "roles.remove"
    PEOPLE_ACTIVATE = "people.activate"
    PEOPLE_DEACTIVATE = "people.deactivate"
    PEOPLE_SECOND_FACTOR = "people.second_factor"
    PEOPLE_INVITE = "people.invite"
    SESSIONS_END = "sessions.end"
    SECOND_FACTOR_SET = "second_factor.set"
    SECOND_FACTOR_OFF = "second_factor.off"
    RECOVERY_CODES_MAKE = "recovery_codes.make"
    PASSKEYS_ADD = "passkeys.add"
    PASSKEYS_REMOVE = "passkeys.remove"
    REMINDERS_TELL = "reminders.tell"
    REMINDERS_REMIND = "reminders.remind"
    MAIL_SENT = "mail.sent"
    MAIL_GIVEN_UP = "mail.given_up"
    OUTBOX_RETRY = "outbox.retry"
    DEMO_SEED = "demo.seed"
    SECRETS_ROTATE = "secrets.rotate"
    SECRETS_FORGET = "secrets.forget"
    DOSSIER_SEAL = "dossier.seal"
    OBLIGATIONS_BEGIN = "obligations.begin"
    OBLIGATIONS_END = "obligations.end"


SYSTEM_ONLY: frozenset[Deed] = frozenset(
    {Deed.USERS_CREATE, Deed.ROLES_ADD, Deed.ROLES_REMOVE, Deed.PEOPLE_ACTIVATE, Deed.PEOPLE_DEACTIVATE,
     Deed.PEOPLE_SECOND_FACTOR, Deed.PEOPLE_INVITE, Deed.SESSIONS_END,
     Deed.SECOND_FACTOR_SET, Deed.SECOND_FACTOR_OFF, Deed.RECOVERY_CODES_MAKE,
     Deed.PASSKEYS_ADD, Deed.PASSKEYS_REMOVE, Deed.REMINDERS_TELL, Deed.REMINDERS_HOLD,
     Deed.REMINDERS_REMIND, Deed.MAIL_SENT, Deed.MAIL_GIVEN_UP, Deed.OUTBOX_RETRY, Deed.DEMO_SEED,
     Deed.SECRETS_ROTATE, Deed.SECRETS_FORGET, Deed.DOSSIER_SEAL, Deed.OBLIGATIONS_BEGIN, Deed.OBLIGATIONS_END}
)  # fmt: skip

WHOLE: frozenset[Deed] = frozenset(
    {
        Deed.CONCEPT_LOAD,
        Deed.CONCEPT_CHANGE,
        Deed.CONCEPT_PUBLISH,
        Deed.CHECKLIST_CHANGE,
        Deed.RATES_CHANGE,
        Deed.REMINDERS_RUN,
        Deed.REMINDERS_CONFIRM,
        Deed.REMINDERS_SET,
        Deed.OUTBOX_DELIVER,
        Deed.OUTBOX_TEST,
        Deed.ACCESS_SEE,
        Deed.PEOPLE_CHANGE,
        Deed.ORGANISATION_CHANGE,
        Deed.MAILBOXES_ADD,
        Deed.MAILBOXES_CHANGE,
        Deed.RETENTION_SEE,
        Deed.RETENTION_SET,
        Deed.RETENTION_RUN,
        Deed.RETENTION_ERASE,
    }
)  # they touch every unit: a role limited to some does not allow them

ASKED_AGAIN: frozenset[Deed] = frozenset(
    {Deed.PEOPLE_CHANGE, Deed.ORGANISATION_CHANGE, Deed.MAILBOXES_CHANGE, Deed.CONCEPT_LOAD, Deed.CONCEPT_PUBLISH,
     Deed.TOKENS_ADD, Deed.RETENTION_SET, Deed.RETENTION_RUN, Deed.RETENTION_ERASE}
)  # dangerous in the hands of whoever finds a browser open: who one is must have been proven lately  # fmt: skip

EVERYONE: frozenset[Deed] = frozenset(
    {
        Deed.BOARD_SEE,
        Deed.CHANNELS_SEE,
        Deed.CONCEPT_SEE,
        Deed.CHECKLIST_SEE,
        Deed.FIGURES_SEE,
        Deed.MEETINGS_SEE,
        Deed.ACTIONS_SEE,
        Deed.ACCOUNT_CHANGE,
        Deed.ABSENCES_ENTER,
    }
)

LOGGING: frozenset[Deed] = frozenset(
    {
        Deed.MEETINGS_PLAN,
        Deed.MEETINGS_CANCEL,
        Deed.MEETINGS_CLOSE,
        Deed.MEETINGS_CORRECT,
        Deed.MEETINGS_SEND_MINUTES,
        Deed.REVIEWS_LOG,
        Deed.REVIEWS_CORRECT,
        Deed.FIGURES_ENTER,
        Deed.FIGURES_UPLOAD,
        Deed.FIGURES_UNDO,
        Deed.ACTIONS_ADD,
        Deed.ACTIONS_FINISH,
        Deed.ACTIONS_REOPEN,
        Deed.ACTIONS_MOVE,
        Deed.EVIDENCE_SEE,
        Deed.REMINDERS_SEE,
    }
)

ALLOWED: Mapping[Role, frozenset[Deed]] = MappingProxyType(
    {
        Role.EDITOR: EVERYONE | LOGGING,
        Role.MANAGER: EVERYONE
        | LOGGING
        | {
            Deed.CHANNELS_EXPLAIN,
            Deed.CHANNELS_ASSIGN,
            Deed.CHANNELS_CHANGE,
            Deed.CONCEPT_LOAD,
            Deed.CONCEPT_CHANGE,
            Deed.CHECKLIST_CHANGE,
            Deed.RATES_CHANGE,
            Deed.EVIDENCE_EXPORT,
            Deed.TOKENS_ADD,
            Deed.TOKENS_REVOKE,
            Deed.JOURNAL_SEE,
            Deed.OUTBOX_SEE,
            Deed.REMINDERS_RUN,
            Deed.REMINDERS_CONFIRM,
            Deed.REMINDERS_SET,
            Deed.PEOPLE_SEE,
            Deed.ORGANISATION_SEE,
            Deed.MAILBOXES_ADD,
            Deed.RETENTION_SEE,
        },
        Role.AUDITOR: EVERYONE
        | {
            Deed.EVIDENCE_SEE,
            Deed.EVIDENCE_EXPORT,
            Deed.TOKENS_ADD,
            Deed.TOKENS_REVOKE,
            Deed.JOURNAL_SEE,
            Deed.ACCESS_SEE,
            Deed.OUTBOX_SEE,
            Deed.REMINDERS_SEE,
            Deed.RETENTION_SEE,
        },
        Role.ADMIN: EVERYONE
        | {
            Deed.CONCEPT_LOAD,
            Deed.CONCEPT_PUBLISH,
            Deed.JOURNAL_SEE,
            Deed.ACCESS_SEE,
            Deed.OUTBOX_SEE,
            Deed.OUTBOX_DELIVER,
            Deed.OUTBOX_TEST,
            Deed.REMINDERS_SEE,
            Deed.REMINDERS_RUN,
            Deed.REMINDERS_CONFIRM,
            Deed.REMINDERS_SET,
            Deed.PEOPLE_SEE,
            Deed.PEOPLE_CHANGE,
            Deed.ORGANISATION_SEE,
            Deed.ORGANISATION_CHANGE,
            Deed.MAILBOXES_ADD,
            Deed.MAILBOXES_CHANGE,
            Deed.RETENTION_SEE,
            Deed.RETENTION_SET,
            Deed.RETENTION_RUN,
            Deed.RETENTION_ERASE,
        },
    }
)


def may(roles: Iterable[Role], deed: Deed) -> bool:
    """Whether one of these roles may do the deed; without a role nobody may do anything."""
    return any(deed in ALLOWED[role] for role in roles)
