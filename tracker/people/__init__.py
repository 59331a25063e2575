"""People: who has an account, from when until when, with which roles, in which units.

An admin adds people and changes roles; managers see who there is. Nobody is ever deleted, only deactivated, and at
least one admin stays, without an end. Rules: rules.deeds says what each role may do.
"""
