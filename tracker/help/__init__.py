"""Help: a guide for each reader, what the words of the app mean, and how accessible it is.

What one does here: read how to log a meeting, what a mail means or how to check a dossier, look a word up
(`/help/words#late`), read the statement on accessibility.

Who may: everybody, also without signing in. Nothing of what is remembered of people, channels or meetings is shown.

Which rules decide: names of pages are links for whoever may see them; the examples are counted out by the rules of the
promise (docs/promise.md), never written by hand.
"""
