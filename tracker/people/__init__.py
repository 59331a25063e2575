"""People: who has an account, with which roles, in which units.

An admin adds people and changes roles; managers see who there is. Nobody is ever deleted, only deactivated, and at
least one admin stays. Rules: rules.deeds says what each role may do.
"""
