"""On which days an account or a private token holds, and what of signing in is noted in the access log.

Days are those of the organisation's zone; the first and the last are included.
"""

from datetime import date
from enum import StrEnum, auto


class Attempt(StrEnum):
    """What the access log notes: coming in, going out, and what was refused. Looking at pages is not among it."""

    SIGNED_IN = auto()
    CAME_BACK = auto()  # on a device that was told to remember the person
    SIGNED_OUT = auto()
    SIGN_IN_REFUSED = auto()
    SESSION_ENDED = auto()  # the account's days were over, or not yet come
    REFUSED = auto()  # a deed that no role of the person includes
    OUTSIDE = auto()  # something of a unit that the person may not see
    TOKEN_REFUSED = auto()
    TOO_OFTEN = auto()  # somebody, or something, tries again and again


class Why(StrEnum):
    """Why a sign-in or a token was refused."""

    UNKNOWN = auto()
    WRONG_PASSWORD = auto()
    WRONG_CODE = auto()  # of the app, used before, or a recovery code that does not hold
    WRONG_PASSKEY = auto()
    DEACTIVATED = auto()
    OTHER_DAYS = auto()  # the account holds, but not today
    EXPIRED = auto()
    REVOKED = auto()
    NO_SECOND_FACTOR = auto()  # a role of the person asks for one that is not set up
    MAY_NOT = auto()  # the person may no longer take evidence home


def holds_on(from_on: date | None, until_on: date | None, on: date) -> bool:
    """Whether `on` is one of the days from `from_on` until `until_on`; None: open on that side."""
    return (from_on is None or from_on <= on) and (until_on is None or on <= until_on)


def a_year_after(on: date) -> date:
    """The last day a token made on `on` may hold: the same day next year, the 28th of February for the 29th."""
    try:
        return on.replace(year=on.year + 1)
    except ValueError:
        return on.replace(year=on.year + 1, day=28)
