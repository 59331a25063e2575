"""Which days anybody may write down: those of the years 1990 to 2199.

A year of 20, 1026 or 9999 is a slip of the pen; taken at its word it would make thousands of slots.
"""

from datetime import date

FIRST_YEAR, LAST_YEAR = 1990, 2199


def sensible(day: date) -> bool:
    """Whether a day lies within these years."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
