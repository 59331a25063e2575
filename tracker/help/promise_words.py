"""The words of the promise: what is owed until when, what became of it, and how a channel stands."""

from flask_babel import lazy_gettext as _l

from tracker.help.entries import Chapter, Entry, of_values
from tracker.rules.words import ChannelState, Criterion, Outcome, Standing

PROMISE = Chapter(
    "promise",
    _l("What is promised"),
    (
        Entry(
            "organisation",
            _l(
                "The one body that this installation belongs to. Its time zone decides when a day ends, its "
                "region which days are holidays."
            ),
            _l("Organisation"),
        ),
        Entry(
            "unit",
            _l("A part of the organisation that runs channels, such as a department or a branch."),
            _l("Unit"),
        ),
        Entry(
            "channel",
            _l("One presence of one unit on one platform. From a day on it is run in one of these ways:"),
            _l("Channel"),
            lists=ChannelState,
        ),
        Entry(
            "concept",
            _l(
                "What the organisation has published about its channels: what each is there for, what it "
                "shows and to whom, and what is promised for all of them. It is kept in versions, each in "
                "force from a day."
            ),
            _l("Concept"),
        ),
        Entry("commitment", _l("A sentence of the concept that holds for every channel."), _l("Commitment")),
        Entry(
            "obligation",
            _l(
                "From a day on, until a day or without end, a channel is to be reviewed so many times a year "
                "on these criteria. Opening, pausing, closing and another cadence end one obligation and "
                "begin another."
            ),
            _l("Obligation"),
        ),
        Entry(
            "slot",
            _l(
                "One equal part of the calendar year; with four reviews a year it is the quarter. Slots are "
                "fixed: a meeting that comes late does not put off the next one."
            ),
            _l("Slot"),
        ),
        Entry(
            "due_date",
            _l(
                "The last day of a slot. It never moves. On that day a slot is not overdue yet, on the next "
                "it is."
            ),
            _l("Due date"),
        ),
        Entry(
            "grace",
            _l(
                "The time after the due date in which a review can still be made up: a third of the slot's "
                "days, rounded down. What is rated in it is late; what is still open afterwards is missed."
            ),
            _l("Grace"),
        ),
        Entry(
            "owed",
            _l(
                "A slot is owed where the obligation was in force on more than half of its days and on its "
                "last one."
            ),
            _l("owed"),
        ),
        Entry("criterion", _l("What a channel is reviewed on. There are three."), _l("Criterion")),
        *of_values(
            {
                Criterion.COST_BENEFIT: _l(
                    "Whether what a channel brings is worth what it costs. Figures help; a person decides."
                ),
                Criterion.LEGALITY: _l(
                    "Whether the channel is run as the law asks, data protection first. A checklist helps; it is "
                    "no legal advice."
                ),
                Criterion.STRATEGY: _l(
                    "Whether the channel still serves what the concept says it is there for."
                ),
            }
        ),
        Entry(
            "cell",
            _l(
                "One criterion of one slot: the smallest thing that can be owed. One rating discharges one "
                "cell; a slot is discharged whole once all its owed cells are."
            ),
            _l("Cell"),
        ),
    ),
)

OUTCOMES = Chapter(
    "outcome",
    _l("What became of a slot"),
    (
        *of_values(
            {
                Outcome.MISSED: _l(
                    "The grace is over and something is still open. The management is asked for an explanation. "
                    "It is history from then on, not a debt to be worked off later."
                ),
                Outcome.OPEN: _l(
                    "The slot is running or in its grace, and something in it is not rated yet."
                ),
                Outcome.COMING: _l("The slot has not begun yet."),
                Outcome.LATE: _l(
                    "Rated after the due date, but within the grace. Such a rating counts for the slot it makes "
                    "up for, not for the one in which it was held."
                ),
                Outcome.KEPT: _l(
                    "Every owed criterion was rated in a meeting that was held within the slot and has been "
                    "closed."
                ),
                Outcome.NOT_OWED: _l(
                    "Nothing was to be reviewed in this slot: the channel was not open yet, at rest or closed."
                ),
            }
        ),
        Entry(
            "worst_first",
            _l(
                "Where the criteria of a slot differ, the slot has the outcome that comes first in this list: "
                "missed, open, coming, late, kept."
            ),
            _l("Outcome of a slot"),
        ),
        Entry(
            "entered_afterwards",
            _l(
                "The meeting was held in time, but closed only after the grace. It still discharges its cell, "
                "is counted apart, and what was told and explained until then stays."
            ),
            _l("entered afterwards"),
        ),
        Entry(
            "extra",
            _l(
                "A review none of whose ratings discharges anything, because everything was rated already. It "
                "stays in the evidence."
            ),
            _l("extra"),
        ),
        Entry(
            "explanation",
            _l("What the management says to a missed slot. It can be added to, not replaced."),
            _l("Explanation by the management"),
        ),
    ),
)

STANDINGS = Chapter(
    "standing",
    _l("How a channel stands today"),
    (
        *of_values(
            {
                Standing.CURRENT: _l("Nothing is overdue and nothing is due soon."),
                Standing.DUE_SOON: _l(
                    "Something in the current slot is open, and its due date is no farther away than its grace is "
                    "long."
                ),
                Standing.OVERDUE: _l(
                    "A due date is past, something of it is still open, and no later slot was discharged whole. "
                    "The days count from the oldest such slot."
                ),
                Standing.NOT_OWED: _l("No obligation is in force, and nothing is to be made up."),
            }
        ),
        Entry(
            "year",
            _l(
                "Three readings of a year stand side by side: what became of its slots, on how many days "
                "there was a review, and the longest gap between two of them. The first two say what is still "
                "needed, and until when."
            ),
            _l("The year in three readings"),
        ),
        Entry(
            "derived",
            _l(
                "No due date, standing or count is stored. They follow from obligations and ratings whenever "
                "they are asked for."
            ),
            _l("Derived"),
        ),
    ),
)
