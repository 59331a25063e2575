"""Actions: what was agreed, who does it until when, whether it is done, and all that happened to it since.

What one does here: see what is open and overdue, note that something is done, say that it is not done after all, move
it to another day, agree on a further action outside a meeting, with or without a channel. Actions of a meeting are
logged with it, in the reviews room.

Who may: everybody with a role reads, each the channels of their units and what belongs to no channel; whoever may log,
adds, finishes, reopens and moves for the channels of their units. What belongs to no channel is changed by who is not
limited to units, or by the one who does it.

Which rules decide: an action is overdue on the day after its due date; what one says of it once stays readable
(docs/logging.md).
"""
