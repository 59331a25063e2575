"""The minutes as a PDF: the same sheet as the mail, laid out by templates/typst/minutes.typ."""

from dataclasses import asdict
from datetime import date

from flask_babel import gettext as _

from tracker import clock, journal, language, paper
from tracker.extensions import db
from tracker.meetings.minutes import Minutes
from tracker.meetings.minutes_sheet import sheet


def pdf(minutes: Minutes) -> bytes:
    """The file, in the language that is set. Raises paper.NotPrinted."""
    number, seal = journal.head(db.session)
    now = clock.now()
    values = asdict(sheet(minutes)) | {
        "words": _words(minutes.on),
        "made": _("Printed on %(moment)s", moment=language.moment(now)),
        "seal": _("Journal entry %(number)s, hash %(hash)s", number=number, hash=seal),
    }
    return paper.printed("minutes.typ", values, now)


def filename(minutes: Minutes) -> str:
    """Protokoll-2026-03-12.pdf, by the day of the meeting."""
    return _("Minutes") + f"-{minutes.head.held_on.isoformat()}.pdf"


def _words(on: date) -> dict[str, str]:
    """The titles of the sheet."""
    return {
        "tally": _("Discharged by this meeting"),
        "older_actions": _("Open actions of earlier meetings"),
        "no_older_actions": _("No action was open."),
        "results": _("Results by channel"),
        "no_results": _("No channel was reviewed."),
        "not_discussed": _("On the agenda, but not discussed"),
        "next": _("Next meeting"),
        "criterion": _("Criterion"),
        "verdict": _("Verdict"),
        "reason": _("Reason"),
        "decision": _("Decision:"),
        "actions": _("Actions"),
        "action": _("Action"),
        "owner": _("Who"),
        "until": _("Until"),
        "state": _("What became of it by %(day)s", day=language.day(on)),
        "corrections_of_head": _("Earlier versions of the head"),
        "page": _("Page"),
        "of": _("of"),
        "signs_missing": _("□ stands for a sign that this file's font does not have."),
    }
