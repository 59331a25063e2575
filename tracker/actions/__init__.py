"""Actions: what was agreed on a channel, who does it until when, and whether it is done.

What one does here: see what is open and overdue, note that something is done (or not done after all), agree on a
further action outside a meeting. Actions of a meeting are logged with it, in the reviews room.

Who may: everybody with a role reads; whoever may log, adds and finishes, each for the channels of their units.

Which rules decide: none but the calendar; an action is overdue on the day after its due date.
"""
