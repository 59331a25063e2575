"""The channels: the register, and the life of one channel.

What one does here: look a channel up and read what became of its slots; explain a missed slot; say who is told about
the channel. An explanation can be added to, never replaced.

Who may: everybody reads, each in their units; managers explain and assign.

Which rules decide: rules.ledger (slots, cells), rules.standing, rules.year (three readings of a year).
"""
