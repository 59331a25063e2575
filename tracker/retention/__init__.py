"""Retention: after so many years names become pseudonyms, and the words of the journal that name people are erased.

What one does here: set the years, see beforehand what would be replaced, do it; erase what somebody wrote freely, one
text at a time. Off until somebody sets the years; nothing runs by itself.

Who may: auditors, management and administration see; the administration sets and does it.

Which rules decide: models/personal.py says what every column of text holds, models/refusals.py what the database lets
through, docs/retention.md what stays.
"""
