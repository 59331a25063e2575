"""What figures say of a channel in a period: costs, engagement, growth, and what each thing cost. Pure arithmetic.

Every indicator is None ("not known") where a number it needs is unknown or its denominator is zero: never 0, never an
error. No indicator decides a level; docs/looking.md names the formulas and where they come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, auto

HUNDRED, THOUSAND = Decimal(100), Decimal(1000)
HOURS_A_MONTH_MAX = 160  # a whole post on one channel; more is rather a slip of the pen
DAYS_A_MONTH = Decimal("30.4")


@dataclass(frozen=True)
class Measured:
    """The figures of one period, both days included; None is unknown. Money in euros, `rate` in euros an hour."""

    begins_on: date
    ends_on: date
    hours: Decimal | None = None
    hours_estimated: bool = False
    rate: Decimal | None = None
    ad_spend: Decimal | None = None
    tools: Decimal | None = None
    external: Decimal | None = None
    followers_start: int | None = None
    followers_end: int | None = None
    posts: int | None = None
    reach: int | None = None
    impressions: int | None = None
    views: int | None = None
    interactions: int | None = None
    video_views: int | None = None
    clicks: int | None = None
    enquiries: int | None = None


class Variant(StrEnum):
    """By what interactions are divided. Two variants are two indicators: they are never mixed in one series."""

    BY_REACH = auto()
    BY_FOLLOWERS = auto()
    BY_IMPRESSIONS = auto()


@dataclass(frozen=True)
class Cost:
    """Euros, and whether every part of it is known."""

    euros: Decimal
    complete: bool


def total_cost(of: Measured) -> Cost | None:
    """hours × rate + ad spend + tools + external. Parts that are known are added; None where none is."""
    staff = of.hours * of.rate if of.hours is not None and of.rate is not None else None
    parts = (staff, of.ad_spend, of.tools, of.external)
    known = [part for part in parts if part is not None]
    return Cost(sum(known, Decimal(0)), len(known) == len(parts)) if known else None


def engagement(of: Measured, variant: Variant) -> Decimal | None:
    """interactions ÷ reach (or followers at the end, or impressions) × 100, in percent."""
    below = {
        Variant.BY_REACH: of.reach,
        Variant.BY_FOLLOWERS: of.followers_end,
        Variant.BY_IMPRESSIONS: of.impressions,
    }
    return _percent(of.interactions, below[variant])


def variant_of(series: Sequence[Measured]) -> Variant:
    """The one variant of a whole series: by reach if it is known for as many periods as by followers, else by these."""
    known = {one: sum(engagement(of, one) is not None for of in series) for one in Variant}
    return (
        Variant.BY_REACH if known[Variant.BY_REACH] >= known[Variant.BY_FOLLOWERS] else Variant.BY_FOLLOWERS
    )


def growth(of: Measured) -> Decimal | None:
    """(followers at the end − at the start) ÷ at the start × 100, in percent."""
    return _percent(gained(of), of.followers_start)


def gained(of: Measured) -> int | None:
    """Followers at the end − at the start; negative where some left."""
    if of.followers_start is None or of.followers_end is None:
        return None
    return of.followers_end - of.followers_start


def cost_per_interaction(of: Measured) -> Decimal | None:
    """total cost ÷ interactions, in euros."""
    return _cost_per(of, of.interactions)


def cost_per_thousand(of: Measured) -> Decimal | None:
    """total cost ÷ reach × 1,000, in euros for a thousand people reached."""
    found = _cost_per(of, of.reach)
    return None if found is None else found * THOUSAND


def cost_per_enquiry(of: Measured) -> Decimal | None:
    """total cost ÷ enquiries, in euros."""
    return _cost_per(of, of.enquiries)


def hours_per_post(of: Measured) -> Decimal | None:
    """hours ÷ posts."""
    return _ratio(of.hours, of.posts)


def interactions_per_post(of: Measured) -> Decimal | None:
    """interactions ÷ posts."""
    return _ratio(of.interactions, of.posts)


def click_rate(of: Measured) -> Decimal | None:
    """clicks ÷ impressions × 100, in percent."""
    return _percent(of.clicks, of.impressions)


class Hint(StrEnum):
    """What looks like a slip; it warns and blocks nothing."""

    MANY_HOURS = auto()
    FOLLOWERS_HALVED = auto()
    FOLLOWERS_JUMP = auto()
    MORE_INTERACTIONS_THAN_REACH = auto()
    REACH_ABOVE_IMPRESSIONS = auto()
    REACH_SUMMED = auto()
    ZERO_MAY_BE_UNKNOWN = auto()


SELDOM_ZERO = ("hours", "followers_end", "reach", "impressions", "views")


def doubtful_zeros(of: Measured) -> tuple[str, ...]:
    """Fields that say 0 although something was posted or people reacted: rather unknown than nothing."""
    busy = bool(of.posts or of.interactions)
    return tuple(name for name in SELDOM_ZERO if busy and getattr(of, name) == 0)


def followers_before(of: Measured, before: Measured | None) -> int | None:
    """How many there were at the start; where that is unknown, at the end of the period that ended the day before."""
    if of.followers_start is not None or before is None:
        return of.followers_start
    return before.followers_end


def hints(of: Measured, before: Measured | None = None, within: Sequence[Measured] = ()) -> tuple[Hint, ...]:
    """What looks wrong. `before` is the period that ended the day before; `within` are shorter ones inside this one.

    Reach counts people once, so that a quarter's reach is not the sum of its months; exactly that sum was added up.
    """
    months = Decimal((of.ends_on - of.begins_on).days + 1) / DAYS_A_MONTH
    begun_with = followers_before(of, before)
    lost = begun_with is not None and of.followers_end is not None and of.followers_end * 2 < begun_with
    reaches = [one.reach for one in within]
    true = {
        Hint.MANY_HOURS: of.hours is not None and of.hours > HOURS_A_MONTH_MAX * months,
        Hint.FOLLOWERS_HALVED: lost,
        Hint.FOLLOWERS_JUMP: (
            before is not None
            and before.followers_end is not None
            and of.followers_start is not None
            and before.followers_end != of.followers_start
        ),
        Hint.MORE_INTERACTIONS_THAN_REACH: _above(of.interactions, of.reach),
        Hint.REACH_ABOVE_IMPRESSIONS: _above(of.reach, of.impressions),
        Hint.REACH_SUMMED: (
            len(reaches) > 1
            and None not in reaches
            and of.reach is not None
            and of.reach > 0
            and of.reach == sum(one or 0 for one in reaches)
        ),
        Hint.ZERO_MAY_BE_UNKNOWN: bool(doubtful_zeros(of)),
    }
    return tuple(hint for hint in Hint if true[hint])


def _above(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one > other


def _cost_per(of: Measured, n: int | None) -> Decimal | None:
    cost = total_cost(of)
    return _ratio(cost.euros if cost else None, n)


def _percent(part: int | Decimal | None, whole: int | Decimal | None) -> Decimal | None:
    found = _ratio(part, whole)
    return None if found is None else found * HUNDRED


def _ratio(part: int | Decimal | None, whole: int | Decimal | None) -> Decimal | None:
    if part is None or not whole:
        return None
    return Decimal(part) / Decimal(whole)
