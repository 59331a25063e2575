"""What the tables and columns of names and free texts are called, where they are told."""

from typing import Any

from flask_babel import lazy_gettext as _l

THINGS: dict[str, Any] = {
    "absence": _l("Absence"),
    "action": _l("Action"),
    "action_change": _l("Change of an action"),
    "action_reminder": _l("Reminder of an action"),
    "attendance": _l("Attendance"),
    "check_answer": _l("Answer to a check"),
    "check_wording": _l("Wording of a check"),
    "decision": _l("Decision"),
    "draft": _l("Draft of a meeting that was called off"),
    "explanation": _l("Explanation of a missed slot"),
    "figures": _l("Figures"),
    "figures_upload": _l("Uploaded figures"),
    "hourly_rate": _l("Hourly rate"),
    "journal_words": _l("Entry of the journal"),
    "mail": _l("E-mail"),
    "meeting": _l("Meeting"),
    "meeting_head": _l("Head of the minutes"),
    "obligation": _l("Obligation"),
    "rating": _l("Verdict"),
    "reminder": _l("Reminder"),
    "review": _l("Review"),
    "state_change": _l("State of a channel"),
    "untold": _l("Nobody to tell"),
}
PARTS: dict[str, Any] = {
    "": _l("the whole row goes"),
    "by_name": _l("who did it"),
    "calendar": _l("calendar entry"),
    "cause": _l("cause"),
    "chair": _l("chair"),
    "done_note": _l("note on its end"),
    "filename": _l("name of the file"),
    "html": _l("formatted text"),
    "last_words": _l("answer of the mail server"),
    "minute_taker": _l("minutes by"),
    "name": _l("name"),
    "note": _l("note"),
    "reason": _l("reason"),
    "sent_to_file": _l("file of the mail"),
    "stands_in_for": _l("who is stood in for"),
    "subject": _l("subject"),
    "text": _l("text"),
    "to_address": _l("address"),
    "to_name": _l("to whom"),
    "what": _l("what is to be done"),
    "who": _l("who could not be told"),
}


def thing(table: str) -> str:
    """What a row of a table is called."""
    return str(THINGS[table])


def part(column: str) -> str:
    """What a column of such a row is called."""
    return str(PARTS[column])
