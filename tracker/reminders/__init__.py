"""Reminders and the outbox: who is told what, when, and what became of the mail.

The engine asks every day "who should have been told what by now, and was not?" (docs/reminding.md). `owed` reads who
is owed what, `digest` puts one person's reminders into words, `changes` writes reminders and mails, `queries` reads
the outbox. Managers, auditors and admins see the outbox and what would go out today; admins deliver at once; managers
and admins confirm the first run after a concept was loaded.
"""
