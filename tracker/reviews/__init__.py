"""Logging a meeting on one page, closing it, and correcting what was closed.

What one does here: type levels, reasons, decisions and actions while the meeting talks; save; close. What is typed is
kept as drafts, a row a field and person, so that two editors never disturb each other and nobody's text is dropped.

Who may: whoever may log reviews, in their units; closing needs the right to every row on the log.

Which rules decide: rules.closing (what stands in the way), rules.judgement (what a rating needs), rules.ledger (what a
rating counts for). Once closed, the database refuses changes; a correction is a new review that replaces the old one.
"""
