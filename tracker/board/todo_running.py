"""What is to be done so that the installation runs and its evidence is read: the entries of admins and auditors."""

from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import guard, language
from tracker.board import first_steps
from tracker.board.situation import Situation, ToDo
from tracker.rules.deeds import Deed


def begin() -> list[ToDo]:
    """The first steps, while some are left."""
    steps = first_steps.steps()
    done = sum(step.done for step in steps)
    if done == len(steps):
        return []
    what = _("Finish the first steps")
    why = _("%(k)s of %(n)s done. Next: %(what)s.", k=done, n=len(steps), what=_next(steps))
    return [ToDo("flag", True, what, why, url_for("board.begin"), _("Go on"))]


def _next(steps: list[first_steps.Step]) -> str:
    return next(step.what for step in steps if not step.done)


def confirm() -> list[ToDo]:
    found = language.organisation()
    confirmed = found is None or found.reminders_confirmed_at is not None
    if confirmed or not guard.may(Deed.REMINDERS_CONFIRM):
        return []
    what = _("Release the reminders")
    why = _("Until then the engine only shows what it would send.")
    return [ToDo("bell", True, what, why, url_for("reminders.outbox"), _("Look and release"))]


def engine(now: Situation) -> list[ToDo]:
    if not now.health.late:
        return []
    what, why = _("Start the reminder engine"), _("Nobody is reminded while it stands still.")
    return [ToDo("bell", False, what, why, url_for("reminders.outbox"), _("To the outbox"))]


def mail(now: Situation) -> list[ToDo]:
    entries = []
    if now.health.given_up:
        what = ngettext(
            "%(num)d mail could not be sent", "%(num)d mails could not be sent", now.health.given_up
        )
        why = _("The outbox says why.")
        entries.append(ToDo("missed", False, what, why, url_for("reminders.outbox"), _("To the outbox")))
    if not current_app.config["MAIL_HOST"]:
        what, why = _("Configure the mail server"), _("Mails are only written to files.")
        entries.append(ToDo("bell", True, what, why, url_for("reminders.outbox"), _("To the outbox")))
    return entries


def legal_pages() -> list[ToDo]:
    """What a public body's pages must name at their foot, as long as something of it is missing."""
    found = language.organisation()
    if found is None or not guard.may(Deed.ORGANISATION_CHANGE):
        return []
    missing = [
        words
        for value, words in (
            (found.imprint, _("imprint")),
            (found.privacy_notice, _("privacy notice")),
            (found.accessibility_email, _("contact for accessibility")),
        )
        if not value
    ]
    if not missing:
        return []
    what, why = _("Complete what stands at the foot of every page"), _("Missing:") + f" {', '.join(missing)}."
    return [ToDo("flag", True, what, why, url_for("organisation.change"), _("Complete"))]


def evidence(now: Situation) -> list[ToDo]:
    values: dict[str, Any] = {"from": f"{now.year}-01-01", "until": f"{now.year}-12-31"}
    what = _("Evidence of %(year)s", year=now.year)
    why = _("Every channel, slot and criterion, to read and to take along.")
    return [ToDo("download", True, what, why, url_for("evidence.index", **values), _("To the evidence"))]
