"""The checklist room: what a review looks at besides its three verdicts.

What one does here: read the items of the legality checklist, the prompts for cost-benefit and strategy, and the
concept's commitments, with all their wordings; add an own item, word it anew from a day on, switch it by platform and
unit, stop asking it and ask it again, put it in another order; say whether every item must be answered.

Who may: everyone signed in reads, as far as an item is asked in their units; management without a limit to units
changes.

Which rules decide: `rules.checking` says which wording is asked on a day and of which channel (docs/looking.md). The
deeds themselves are done by `tracker/asking.py`, which the concept room uses as well. What the app brings along stands
in shipped.toml.
"""
