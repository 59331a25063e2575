"""What each field and number of the journal is called on pages, and what a checker found, in the reader's language."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker import column_words, language
from tracker.rules.words import Criterion

FIELDS: dict[str, Any] = {
    "action": _l("Action"),
    "ad_spend": _l("Ads (EUR)"),
    "address": _l("E-mail address"),
    "cause": _l("Cause"),
    "checks": _l("Checklist"),
    "clicks": _l("Link clicks"),
    "chair": _l("Chair"),
    "channel": _l("Channel"),
    "command": _l("On the server's command line"),
    "contact": _l("Responsible"),
    "decision": _l("Decision"),
    "deputy": _l("Deputy"),
    "email": _l("E-mail address"),
    "ended": _l("Ended on"),
    "escalation": _l("Escalation, working days"),
    "enquiries": _l("Enquiries"),
    "excused": _l("Excused"),
    "external": _l("External services (EUR)"),
    "fallback": _l("Told where nobody is responsible"),
    "figures": _l("Figures"),
    "filename": _l("File"),
    "from_on": _l("Account holds from"),
    "followers_end": _l("Followers at the end"),
    "followers_start": _l("Followers at the start"),
    "guests": _l("Guests"),
    "held_on": _l("Held on"),
    "holiday_region": _l("Holiday region"),
    "hours": _l("Staff hours"),
    "hours_estimated": _l("Hours estimated"),
    "how_de": _l("How to look at it, in German"),
    "how_en": _l("How to look at it, in English"),
    "impressions": _l("Impressions"),
    "interactions": _l("Interactions"),
    "language": _l("Language"),
    "minute_taker": _l("Minutes by"),
    "name": _l("Name"),
    "notice": _l("Notice, working days"),
    "note": _l("Note"),
    "overdue": _l("Overdue, working days"),
    "owner": _l("Owner"),
    "passkey": _l("Passkey"),
    "period": _l("Period"),
    "place": _l("Place"),
    "posts": _l("Posts"),
    "present": _l("Present"),
    "password": _l("Password"),
    "rate": _l("Euros an hour"),
    "reach": _l("Reach"),
    "reason": _l("Reason"),
    "recipients": _l("Recipients"),
    "role": _l("Role"),
    "said": _l("Answer of the mail server"),
    "second_factor": _l("Second factor required"),
    "stages": _l("Occasions"),
    "subject": _l("Subject"),
    "text": _l("Text"),
    "text_de": _l("Question or item, in German"),
    "text_en": _l("Question or item, in English"),
    "time": _l("Time"),
    "timezone": _l("Time zone"),
    "tools": _l("Tools and licences (EUR)"),
    "units": _l("Units"),
    "until_on": _l("Account holds until"),
    "video_views": _l("Video views"),
    "views": _l("Views"),
    "website": _l("Website"),
    "accessibility_email": _l("E-mail address for reports of barriers"),
    "enforcement_body": _l("Arbitration body"),
    "imprint": _l("Address of the imprint"),
    "privacy_notice": _l("Address of the privacy notice"),
    "what": _l("Action"),
    "where": _l("Where it is asked"),
    "before": _l("before"),
    "after": _l("after"),
}

IDS: dict[str, Any] = {
    "column": _l("Column"),
    "table": _l("Table"),
    "row": _l("Row"),
    "words": _l("Texts of the journal"),
    "years": _l("Replaced after years"),
    "statement": _l("Statement of"),
    "accounts": _l("Accounts"),
    "action": _l("Action"),
    "actions": _l("Actions in it"),
    "added": _l("Added"),
    "before": _l("Before"),
    "begins": _l("Period from"),
    "changed": _l("Changed"),
    "channel": _l("Channel"),
    "channels": _l("Channels"),
    "check_item": _l("Question or item"),
    "concept_version": _l("Concept"),
    "contact": _l("Contact"),
    "criteria": _l("Criteria"),
    "criterion": _l("Criterion"),
    "decision": _l("Decision"),
    "done_on": _l("Done on"),
    "due_on": _l("Due date"),
    "ends": _l("Period until"),
    "figures_upload": _l("Upload"),
    "fingerprint": _l("Fingerprint"),
    "format": _l("Format"),
    "from": _l("From"),
    "held_on": _l("Held on"),
    "invited": _l("Invited"),
    "key": _l("Item"),
    "language": _l("Language"),
    "level": _l("Level"),
    "mail": _l("Mail"),
    "mails": _l("Mails"),
    "manifest": _l("Hash of the list of files"),
    "mark": _l("Marked as"),
    "meeting": _l("Meeting"),
    "month": _l("Month"),
    "n": _l("Times a year"),
    "new": _l("New"),
    "number": _l("Number"),
    "on": _l("Day"),
    "outcome": _l("Outcome"),
    "parts": _l("Parts"),
    "place": _l("Place in the list"),
    "place_before": _l("Place in the list before"),
    "platform": _l("Platform"),
    "public": _l("Public"),
    "reminders": _l("Reminders in it"),
    "removed": _l("Removed"),
    "replaces": _l("Replaces"),
    "review": _l("Review"),
    "role": _l("Role"),
    "rows": _l("Rows"),
    "slot": _l("Slot"),
    "starts_at": _l("Time"),
    "state": _l("State"),
    "story": _l("Demo year"),
    "token": _l("Private token"),
    "tries": _l("Attempts"),
    "uninvited": _l("No longer invited"),
    "unit": _l("Unit"),
    "units": _l("Units"),
    "until": _l("Until"),
    "user": _l("Person"),
    "version": _l("Version"),
}

# Row numbers that lead to no page of their own: what they stand for is told beside them, the entry's text has them.
UNTOLD = frozenset({"absence", "action_change", "explanation", "figures", "hourly_rate", "meeting_head", "obligation",
                    "organisation", "sequence"})  # fmt: skip

FAULTS: tuple[tuple[str, Any], ...] = (
    ("its hash is not that of its text", _l("Its hash is not that of its text.")),
    ("its text is not in the format of an entry", _l("Its text is not in the format of an entry.")),
    ("its text has another number", _l("Its text has another number.")),
    ("it does not follow from the entry before it", _l("It does not follow from the entry before it.")),
    ("its words are not those it was written with", _l("Its words are not those it was written with.")),
    (r"its column .* differs from its text", _l("A column beside its text differs from it.")),
    (r"its words “.*” are erased by half", _l("Some of its words are erased by half.")),
    (r"its words “.*” were changed", _l("Some of its words were changed.")),
)


def field(name: str) -> str:
    """The title of words in the journal. Parts between dots are told one by one, unknown ones as they are."""
    return " · ".join(part(one) for one in name.split("."))


def part(name: str) -> str:
    """The title of one part of a field's name; an unknown one as it is, "action-2" by its number."""
    if name in FIELDS:
        return str(FIELDS[name])
    numbered = re.fullmatch(r"action-(\d+)", name)
    if numbered:
        return _("Action %(n)s", n=numbered[1])
    return capital(language.word(Criterion(name))) if name in set(Criterion) else name


def capital(words: str) -> str:
    """With a capital, as a title begins."""
    return words[:1].upper() + words[1:]


def thing(name: str) -> str:
    """The title of a number or key, or of a column whose values were replaced; an unknown one as it is."""
    table, point, column = name.partition(".")
    if table in column_words.THINGS and (not point or column in column_words.PARTS) and name not in IDS:
        told = column_words.thing(table)
        return f"{told}: {column_words.part(column)}" if column else told
    return str(IDS[name]) if name in IDS else name


def of_column(name: str, value: str) -> str:
    """A "table" or "column" by what it is called; an unknown one as it is."""
    known = column_words.THINGS if name == "table" else column_words.PARTS
    return str(known.get(value, value))


def fault(said: str) -> str:
    """What the checker found wrong, in the reader's language; empty where nothing is."""
    return next((str(words) for pattern, words in FAULTS if re.fullmatch(pattern, said)), said)
