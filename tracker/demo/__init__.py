"""Two believable years on the example concept, made through the same changes the pages use.

seeding tells the story day by day; chapters are the kinds of things that happen in it, happening does them; year_before
and this_year are the story itself; sentences are what the team says when nothing is the matter. Everybody in it is made
up and lives at example.org.
"""
