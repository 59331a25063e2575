"""What sign-ins and refusals are called on the page of the access log."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.evidence import words
from tracker.rules.accounts import Attempt, Why
from tracker.rules.deeds import Deed

ATTEMPTS: dict[Attempt, Any] = {
    Attempt.SIGNED_IN: _l("Signed in"),
    Attempt.CAME_BACK: _l("Came back, still remembered by the device"),
    Attempt.SIGNED_OUT: _l("Signed out"),
    Attempt.SIGN_IN_REFUSED: _l("Sign-in refused"),
    Attempt.SESSION_ENDED: _l("Session ended"),
    Attempt.REFUSED: _l("Deed or page refused"),
    Attempt.OUTSIDE: _l("Asked for something outside the own units"),
    Attempt.TOKEN_REFUSED: _l("Private token refused"),
    Attempt.TOO_OFTEN: _l("Too many attempts in a short time"),
}
QUIET = frozenset({Attempt.SIGNED_IN, Attempt.CAME_BACK, Attempt.SIGNED_OUT})  # as it should be

REASONS: dict[Why, Any] = {
    Why.UNKNOWN: _l("no such account or token"),
    Why.WRONG_PASSWORD: _l("wrong password"),
    Why.WRONG_CODE: _l("wrong code of the second factor"),
    Why.WRONG_PASSKEY: _l("the passkey was not taken"),
    Why.DEACTIVATED: _l("the account is deactivated"),
    Why.OTHER_DAYS: _l("the account does not hold on this day"),
    Why.EXPIRED: _l("the days of the token are over"),
    Why.REVOKED: _l("the token was revoked"),
    Why.NO_SECOND_FACTOR: _l("the second factor that a role asks for is missing"),
    Why.MAY_NOT: _l("the person may not take evidence home"),
}

PAGES: dict[Deed, Any] = {
    Deed.BOARD_SEE: _l("Board"),
    Deed.CHANNELS_SEE: _l("Channels"),
    Deed.CONCEPT_SEE: _l("Concept"),
    Deed.CHECKLIST_SEE: _l("Checklist"),
    Deed.FIGURES_SEE: _l("Figures"),
    Deed.MEETINGS_SEE: _l("Meetings"),
    Deed.ACTIONS_SEE: _l("Actions"),
    Deed.EVIDENCE_SEE: _l("Evidence"),
    Deed.JOURNAL_SEE: _l("Journal"),
    Deed.ACCESS_SEE: _l("Access log"),
    Deed.OUTBOX_SEE: _l("Outbox"),
    Deed.REMINDERS_SEE: _l("Reminders"),
    Deed.PEOPLE_SEE: _l("People"),
    Deed.ORGANISATION_SEE: _l("Organisation"),
}
PLACES = {
    "security.login": _l("Sign-in page"),
    "evidence.pull": _l("Evidence for a script"),
}


def about(kind: Attempt, value: str) -> str:
    """What was refused, or why, in words; the plain name where this version does not know it."""
    if kind is Attempt.SESSION_ENDED:
        return str(REASONS[Why.OTHER_DAYS])
    if value in set(Why):
        return str(REASONS[Why(value)])
    if value in set(Deed):
        deed = Deed(value)
        page, done = PAGES.get(deed), words.deed(value)
        return _("page: %(name)s", name=page) if page else _("deed: %(name)s", name=done)
    return str(PLACES.get(value, value))
