"""The concept room: what the body has published about its channels, and what is missing in it.

What one does here: read the concept in force and its earlier versions, see its gaps, compare a new file with
the one in force and load it. A version is never changed; a changed concept is a new version with a day.

Who may: everyone signed in reads; managers and admins load a version.

Which rules decide: `schema` says what a concept file can hold, `file` reads one and refuses a broken one whole,
`problems` words what is wrong with it, `gaps` finds what a readable concept leaves out. What a new version does
to the obligations is said in docs/promise.md, rule 2.
"""
