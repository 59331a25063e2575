"""Evidence: the history as rows, the journal, and the proof that neither was changed.

What one does here: filter and read what was promised and what came of it, one row a channel, slot and criterion; take
it home as a file; read the journal. `flask export` writes the same file, `flask verify` checks the journal's chain.

Who may: editors, managers and auditors read; managers and auditors export; managers, auditors and administrators read
the journal. Each in their units: entries of other units are shown as number and hash only. The access log is read by
administrators and auditors of the whole body. A script with a private token pulls the JSON (pull_views).

Which rules decide: rules.ledger (what discharged what), models/refusals.py (what the database refuses), and
docs/journal.md (what makes the chain whole; chain.py follows it with nothing but the standard library).
"""
