"""The words of reminding and of the evidence."""

from flask_babel import lazy_gettext as _l

from tracker.help.entries import Chapter, Entry
from tracker.rules.words import Role, Stage

REMINDING = Chapter(
    "reminding",
    _l("Who is told"),
    (
        Entry(
            "reminder",
            _l(
                "That a person was told about a slot, once for each occasion. What is owed follows from how "
                "things stand, so a day without a run loses nothing. The occasions:"
            ),
            _l("Reminder"),
            lists=Stage,
        ),
        Entry(
            "digest",
            _l(
                "All reminders of one person in one mail a day, the worst first. Who has nothing to do gets "
                "none."
            ),
            _l("Digest"),
        ),
        Entry(
            "outbox",
            _l(
                "Every mail is written here first, then sent; it waits, is sent, or was given up, and says "
                "why."
            ),
            _l("Outbox"),
        ),
        Entry("contact", _l("A person or a mailbox that can be told."), _l("Contact")),
        Entry(
            "absence",
            _l("Who is away from when until when, and who stands in. The deputy is told as well."),
            _l("Absence and deputy"),
        ),
        Entry("role", _l("What a person may do here; it can be limited to units."), _l("Role"), lists=Role),
    ),
)

EVIDENCE = Chapter(
    "evidence",
    _l("What can be proven"),
    (
        Entry(
            "rows",
            _l(
                "The whole history in rows, one for each channel, slot and criterion. Page, tables and report "
                "come from the same query, so they cannot disagree."
            ),
            _l("Evidence"),
        ),
        Entry(
            "journal",
            _l("Who did what and when. Every change has an entry, and no entry is ever changed."),
            _l("Journal"),
        ),
        Entry(
            "chain",
            _l(
                "Every entry of the journal holds a fingerprint of the one before. Whoever changes one breaks "
                "all that follow."
            ),
            _l("Chain"),
        ),
        Entry(
            "head",
            _l(
                "The fingerprint of the last entry. It stands in every file taken home: with it one can find "
                "out later whether something before it was changed."
            ),
            _l("Head of the chain"),
        ),
        Entry(
            "dossier",
            _l(
                "A package with the evidence, the journal's chain and a program that checks both without this "
                "app."
            ),
            _l("Dossier"),
        ),
    ),
)
