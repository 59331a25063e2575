"""Organisation: what holds for the whole installation, and the function mailboxes that are told.

What one does here: see and change name, time zone, language, holiday region, website and the contact that is told where
a channel has nobody; add a mailbox, change its address.

Who may: management and administration read, the administration changes, if its role is not limited to units.

Which rules decide: a day ends at midnight in the organisation's time zone (docs/promise.md); reminders count the
working days of its region (docs/reminding.md).
"""
