"""The concept room: what the body has published about its channels, what changed in it, and what is missing.

What one does here: read the concept in force and its earlier versions, see what differs between two of them and what
is left open, change it as text or load a file, take it home as a file, and open it to everybody as page and PDF. A
version is never changed; a changed concept is a new version with a day.

Who may: everyone signed in reads; managers change it as text; managers and admins load a version; admins open the
published page, which then needs no sign-in.

Which rules decide: `schema` says what a concept file can hold, `file` reads one and refuses a broken one whole,
`writing` writes one back, `problems` words what is wrong with it, `gaps` finds what a readable concept leaves out.
`wording` and `amending` take other words for the same concept, `renamed` notices a file that should have done so.
What a new version does to the obligations is said in docs/promise.md, rule 2; what it asks of the next review in
docs/looking.md.
"""
