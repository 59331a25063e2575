"""The words of a meeting: what is reviewed in it, how, and what comes of it."""

from flask_babel import lazy_gettext as _l

from tracker.help.entries import Chapter, Entry, of_values
from tracker.rules.words import Answer, Level

MEETINGS = Chapter(
    "meetings",
    _l("In a meeting"),
    (
        Entry(
            "meeting",
            _l(
                "It is planned, then held and logged, then closed with minutes. What is closed cannot be "
                "changed by anybody, only corrected."
            ),
            _l("Meeting"),
        ),
        Entry(
            "special_review",
            _l(
                "A meeting on chosen channels outside the routine: after a court ruling, a letter from an "
                "authority, new terms of a platform. It counts like any other."
            ),
            _l("Special review"),
        ),
        Entry("review", _l("One channel looked at in one meeting."), _l("Review")),
        Entry(
            "rating",
            _l("What a review says on one criterion: a verdict and, where one is needed, a reason."),
            _l("Rating"),
        ),
        *of_values(
            {
                Level.CLEAR: _l(
                    "Nothing to object to. Legality cannot be clear while an item of the checklist is answered "
                    "with not met."
                ),
                Level.REMARK: _l("Something was noticed. It needs a reason."),
                Level.OBJECTION: _l(
                    "Something must change. It needs a reason and an action with somebody responsible and a due "
                    "date."
                ),
            }
        ),
        Entry(
            "not_discussed",
            _l("The default: nothing is rated beforehand. It discharges nothing, and the cell stays open."),
            _l("not discussed"),
        ),
        Entry(
            "carried",
            _l(
                "Somebody has ticked that nothing changed. Verdict and reason of last time are taken over, "
                "and the evidence says so."
            ),
            _l("unchanged since last time"),
        ),
        Entry(
            "counts_for",
            _l(
                "For which slot a rating made now will count: the one in which the meeting is held, or one in "
                "its grace in which the criterion is still open. The one due first takes it."
            ),
            _l("counts for"),
        ),
        Entry(
            "check",
            _l(
                "An item of the checklist for legality and its answer in one review. The checklist is an aid, "
                "not legal advice; a changed wording leaves old answers as they were."
            ),
            _l("Item of the checklist"),
            lists=Answer,
        ),
        Entry(
            "decision",
            _l("What becomes of the channel, from when, and why. It changes what is owed:"),
            _l("Decision"),
        ),
        Entry("action", _l("What will be done, by whom and until when."), _l("Action")),
        Entry(
            "figures",
            _l(
                "What a channel cost and brought in a period. They may be missing: unknown is a gap, never 0. "
                "No figure decides a verdict."
            ),
            _l("Figures"),
        ),
        Entry(
            "draft",
            _l(
                "What is typed and not closed yet. It saves itself, and belongs to one person and one "
                "meeting."
            ),
            _l("Draft"),
        ),
        Entry(
            "late_entered",
            _l("Closed more than 14 days after it was held. The evidence says so."),
            _l("late-entered"),
        ),
        Entry(
            "minutes",
            _l(
                "What a closed meeting says on paper: results, decisions, actions. Who said what does not "
                "stand in them."
            ),
            _l("Minutes of results"),
        ),
        Entry(
            "correction",
            _l(
                "A later review that replaces an earlier one, with a reason. Both stay readable; the day on "
                "which it was held stays."
            ),
            _l("Correction"),
        ),
    ),
)
