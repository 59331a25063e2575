"""The board: are we keeping the promise, what is there to do, when do we meet, is anybody being told.

What one does here: read, and go where something is to be done. Nothing is changed here.

Who may: everybody, each for the units they may see; what belongs to other units is in no row and no number.

Which rules decide: rules.ledger (what became of a slot), rules.standing (what is overdue), rules.year (what is still
needed until when). Every number is derived when the page is asked for.
"""
