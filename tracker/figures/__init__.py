"""Figures: what channels cost and what they brought in a period, entered by hand or uploaded for all channels at once.

What one does here: compare the channels of a period by an indicator; enter or change the figures of one channel and
period, with who entered what before; download a template, fill it, upload it, look at what it would change, accept it,
undo it; see the hourly rates and set one from a day on.

Who may: everyone signed in reads, in their units; editors and managers enter, upload and undo there; management without
a limit to units sets the rate.

Which rules decide: `rules.indicators` and `rules.periods` (docs/looking.md). Figures are optional, unknown is not 0,
and no figure decides a level.
"""
