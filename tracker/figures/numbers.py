"""Reading a number as people write it, German or English, without knowing which; what could be both is named.

Rules: the last of two different separators is the decimal one. A separator that stands several times groups by three.
One that stands once before exactly three digits groups a whole number, since that has no decimals; of hours and euros
it could be both, and is asked about. Spaces and apostrophes group by three.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import format_decimal
from flask_babel import gettext as _

from tracker.figures.columns import Kind

MOST: Mapping[Kind, int] = {Kind.COUNT: 10**12, Kind.HOURS: 10**5, Kind.EUROS: 10**9}
CENT = Decimal("0.01")
UNITS = {
    Kind.HOURS: r"\s*(h|hrs?\.?|hours?|std\.?|stunden?)$",
    Kind.EUROS: r"\s*(€|eur|euro)$|^(€|eur)\s*",
}
UNKNOWN = {"-", "–", "—", "?", "n/a", "na", "k.a.", "k.a", "ka", "unbekannt", "unknown"}
GROUPING = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007'’", " "))
LONGEST = 60  # characters; more is no number


class NumberRefused(ValueError):
    """What is written is no figure; the text is one sentence that says what to write."""


def is_unknown(text: str) -> bool:
    """Whether somebody wrote in words or by a dash that a figure is not known."""
    return "".join(text.split()).casefold() in UNKNOWN


def read(text: str, kind: Kind) -> Decimal | None:
    """The number; None where nothing is written, or that it is not known. Raises NumberRefused."""
    given = " ".join(text.translate(GROUPING).split())
    if not given or is_unknown(given):
        return None
    given = re.sub(UNITS[kind], "", given, flags=re.IGNORECASE) if kind in UNITS else given
    if len(given) > LONGEST or not re.fullmatch(r"[+\-−]?[0-9][0-9., ]*", given):
        raise NumberRefused(_("This is not a number. Write it in digits, such as 1234 or 12,50."))
    if given[0] in "-−":
        raise NumberRefused(_("A figure cannot be negative."))
    whole, decimals = _parts(given.lstrip("+"), kind)
    return within(Decimal(f"{whole}.{decimals or 0}"), kind, len(decimals.rstrip("0")))


def within(number: Decimal, kind: Kind, decimals: int = 0) -> Decimal:
    """The number itself, if it can be such a figure. Raises NumberRefused."""
    if not number.is_finite() or number > MOST[kind]:
        raise NumberRefused(_("This is more than can be: at most %(most)s.", most=format_decimal(MOST[kind])))
    if number < 0:
        raise NumberRefused(_("A figure cannot be negative."))
    if kind is Kind.COUNT and number != number.to_integral_value():
        raise NumberRefused(_("This must be a whole number."))
    if decimals > 2:
        raise NumberRefused(_("At most two decimals."))
    return number


def of_cell(number: float, kind: Kind) -> Decimal:
    """The number of a spreadsheet's cell, hours and euros rounded to two decimals. Raises NumberRefused."""
    exact = Decimal(repr(number))
    found = within(exact, kind) if not exact.is_finite() or abs(exact) > MOST[kind] else exact
    return within(found if kind is Kind.COUNT else found.quantize(CENT, ROUND_HALF_UP), kind)


def _parts(given: str, kind: Kind) -> tuple[str, str]:
    """The digits before and after the decimal separator."""
    signs = [sign for sign in given if sign in ".,"]
    if not signs:
        return _grouped(given, " "), ""
    last = signs[-1]
    before, after = given.rsplit(last, 1)
    if signs.count(last) > 1:  # it groups; another kind of separator would have had to come after it
        if len(set(signs)) > 1:
            raise NumberRefused(_ungrouped())
        return _grouped(given, last), ""
    if len(set(signs)) > 1 or " " in before:
        return _grouped(before, *(set(signs) - {last} or {" "})), _digits(after)
    if len(after) == 3 and 1 <= len(before) <= 3 and before[0] != "0":
        if kind is Kind.COUNT:
            return before + _digits(after), ""
        raise NumberRefused(
            _(
                "This can mean %(whole)s or %(decimal)s. Write %(whole)s, or %(rounded)s.",
                whole=before + after,
                decimal=f"{before},{after}",
                rounded=f"{before},{after[:2]}",
            )
        )
    return _digits(before), _digits(after)


def _grouped(text: str, sign: str) -> str:
    first, *others = text.split(sign)
    if any(len(one) != 3 for one in others) or (others and not 1 <= len(first) <= 3):
        raise NumberRefused(_ungrouped())
    return "".join(_digits(one) for one in (first, *others))


def _digits(text: str) -> str:
    if text and not text.isdigit():
        raise NumberRefused(_ungrouped())
    return text


def _ungrouped() -> str:
    return _("Its digits are not in groups of three. Write it without groups, such as 1234 or 12,50.")
