"""Periods in words: how a page names them, which ones it offers, and how a file may write them."""

import re
from datetime import date, timedelta
from functools import lru_cache

from babel.dates import get_month_names
from flask_babel import gettext as _

from tracker import language
from tracker.rules.days import sensible
from tracker.rules.periods import MOST_DAYS, Period, latest, numbered
from tracker.rules.slots import slot_on

OTHER = "other"
OFFERED = ((4, 13), (12, 13), (2, 4), (1, 4))  # per year, how many of them
COUNTS = (1, 4, 8, 12)  # periods of one template
DAY = r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})"
BETWEEN = r"\s*(?:–|—|-|/|\bbis\b|\bto\b|\buntil\b)\s*"
TWO_DAYS = re.compile(rf"(?P<first>{DAY.replace('(', '(?:')}){BETWEEN}(?P<last>{DAY.replace('(', '(?:')})")
PARTS = (
    (4, r"q(?:uartal|uarter)?"),
    (2, r"(?:h|hj|halbjahr|half[- ]?year)"),
    (12, r"m(?:onat|onth)?"),
)


class PeriodRefused(ValueError):
    """What is written is no period figures can be about; the text is one sentence that says what to write."""


def words(period: Period) -> str:
    """How people call a period: 3. Quartal 2026, Mai 2026; else its two days."""
    slot = period.slot
    return (
        language.slot_name(slot)
        if slot
        else f"{language.day(period.begins_on)} – {language.day(period.ends_on)}"
    )


def safe_words(period: Period) -> str:
    """The same for a file, as read() understands it: a month by its days, for a spreadsheet makes a day of its name."""
    slot = period.slot
    if slot is not None and slot.n in {1, 2, 4}:
        return language.slot_name(slot)
    days = (period.begins_on, period.ends_on)
    return " – ".join(language.day(one) if language.german() else one.isoformat() for one in days)


def offered(today: date) -> list[tuple[str, list[Period]]]:
    """What one chooses from, in groups: quarters, months, half-years, years; the newest first."""
    titles = {4: _("Quarters"), 12: _("Months"), 2: _("Half-years"), 1: _("Years")}
    return [(titles[n], list(latest(today, n, count))) for n, count in OFFERED]


def counts() -> list[tuple[int, str]]:
    """How many periods one takes at once, in words."""
    more = [(one, _("this one and the %(n)s before it", n=one - 1)) for one in COUNTS[1:]]
    return [(1, _("only this one")), *more]


def counted(given: str) -> int:
    """How many periods are asked for; one, if that is no number a page offers."""
    return next((one for one in COUNTS if str(one) == given), 1)


def until(period: Period, count: int) -> list[Period]:
    """So many periods of one kind, the last of them given; a period between two days stands alone."""
    found = [period]
    while (slot := found[0].slot) and len(found) < count:
        eve = found[0].begins_on - timedelta(days=1)
        if not sensible(eve):
            break
        found.insert(0, Period.of_slot(slot_on(eve, slot.n)))
    return found


def file_words(period: Period) -> str:
    """How the name of a file says a period, so that files sort by it: 2026-Q3, 2026-07, 2026."""
    slot = period.slot
    match slot.n if slot else None:
        case 1:
            return f"{period.ends_on:%Y}"
        case 12:
            return f"{period.ends_on:%Y-%m}"
        case (2 | 4) as n if slot:
            return f"{slot.year}-{'Q' if n == 4 else 'H'}{slot.number}"
    return period.key


def checked(begins_on: date, ends_on: date) -> Period:
    """The period of two days. Raises PeriodRefused."""
    if not (sensible(begins_on) and sensible(ends_on)):
        raise PeriodRefused(_("This day is too far away."))
    if ends_on < begins_on:
        raise PeriodRefused(_("The period ends before it begins."))
    period = Period(ends_on, begins_on)
    if period.days > MOST_DAYS:
        raise PeriodRefused(_("A period is at most a year long."))
    return period


def read(text: str) -> Period:
    """The period that a file names, in German or English. Raises PeriodRefused."""
    given = " ".join(text.casefold().replace(",", " ").split())
    days = TWO_DAYS.fullmatch(given)
    try:
        if days:
            return checked(_day(days["first"]), _day(days["last"]))
        found = _slot(given)
    except PeriodRefused:
        raise
    except ValueError:
        found = None
    if found is None:
        raise PeriodRefused(
            _("This is not a period. Write it as 2026-Q3, as 2026, or as two days: 2026-07-01 – 2026-09-30.")
        )
    return checked(found.begins_on, found.ends_on)


def _day(text: str) -> date:
    if "." in text:
        day, month, year = text.split(".")
        return date(int(year), int(month), int(day))
    year, month, day = text.split("-")
    return date(int(year), int(month), int(day))


def _slot(given: str) -> Period | None:
    """A part of a year by its number or name; ValueError where there is no such part."""
    if year := re.fullmatch(r"(?:jahr |year )?(\d{4})", given):
        return numbered(int(year[1]), 1, 1)
    for n, name in PARTS:
        for pattern in (
            rf"(?P<y>\d{{4}})[ /-]*{name}[ .]*(?P<k>\d{{1,2}})",
            rf"{name}[ .]*(?P<k>\d{{1,2}})[ ./-]+(?P<y>\d{{4}})",
            rf"(?P<k>\d{{1,2}})\.? *{name}[ ./-]+(?P<y>\d{{4}})",
        ):
            if found := re.fullmatch(pattern, given):
                return numbered(int(found["y"]), n, int(found["k"]))
    if month := re.fullmatch(r"(\d{4})[-/](\d{1,2})", given):
        return numbered(int(month[1]), 12, int(month[2]))
    if month := re.fullmatch(r"(\d{1,2})[./](\d{4})", given):
        return numbered(int(month[2]), 12, int(month[1]))
    if named := re.fullmatch(r"([^\W\d]+)\.? (\d{4})", given):
        return numbered(int(named[2]), 12, _months().get(named[1], 0))
    return None


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for one in language.LANGUAGES:
        for width in ("wide", "abbreviated"):
            names = get_month_names(width, locale=one)
            found |= {name.casefold().rstrip("."): number for number, name in names.items()}
    return found
