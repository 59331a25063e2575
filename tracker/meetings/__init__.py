"""Meetings: planning one or a series, inviting to it, moving it, calling it off, and the minutes of a closed one.

What one does here: plan the next editorial meeting (its agenda is what is due by then), a special review or a series
of meetings, change agenda and those invited, move it, cancel it, and read the minutes of meetings that were closed.
Logging and closing are the reviews room.

Who may: everybody with a role reads; whoever may plan, plans for the channels of their units. Of a meeting of several
units one sees the channels of one's own; a meeting that has none of them does not exist for the reader.

Which rules decide: rules.ledger says what is due (docs/promise.md, rules 3 and 4); agenda.py asks it. rules.series
knows the days of a series. docs/logging.md, "Planning", says the rest in words.
"""
