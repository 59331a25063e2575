"""The indicators as a page shows them: each with its name, how it is reckoned, and its value in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.rules import indicators
from tracker.rules.indicators import Measured, Variant
from tracker.trends import VARIANTS, cents, cost_of, euros, percent, whole

Number = Decimal | int | None


@dataclass(frozen=True)
class Indicator:
    """One of them; `formula` says how it is reckoned."""

    key: str
    title: Any
    formula: Any
    value: Callable[[Measured], Number]
    words: Callable[[Number], str]


BY_VARIANT = {
    Variant.BY_REACH: _l("interactions ÷ reach × 100"),
    Variant.BY_FOLLOWERS: _l("interactions ÷ followers at the end × 100"),
    Variant.BY_IMPRESSIONS: _l("interactions ÷ impressions × 100"),
}
PLAIN = (
    Indicator("cost", _l("Total cost"), _l("hours × hourly rate + ads + tools + external"), cost_of, euros),
    Indicator("growth", _l("Growth of followers"), _l("(end − start) ÷ start × 100"), indicators.growth, percent),
    Indicator("cost_per_interaction", _l("Cost per interaction"), _l("total cost ÷ interactions"),
              indicators.cost_per_interaction, euros),
    Indicator("cost_per_thousand", _l("Cost per 1,000 reached"), _l("total cost ÷ reach × 1,000"),
              indicators.cost_per_thousand, euros),
    Indicator("cost_per_enquiry", _l("Cost per enquiry"), _l("total cost ÷ enquiries"),
              indicators.cost_per_enquiry, euros),
    Indicator("hours_per_post", _l("Hours per post"), _l("hours ÷ posts"), indicators.hours_per_post, cents),
    Indicator("interactions_per_post", _l("Interactions per post"), _l("interactions ÷ posts"),
              indicators.interactions_per_post, cents),
    Indicator("click_rate", _l("Click rate"), _l("link clicks ÷ impressions × 100"), indicators.click_rate, percent),
)  # fmt: skip
COUNTED = (
    Indicator("followers", _l("Followers"), _l("at the end of the period"), lambda one: one.followers_end, whole),
    Indicator("reach", _l("Reach"), _l("as the platform says it"), lambda one: one.reach, whole),
    Indicator("interactions", _l("Interactions"), _l("as entered"), lambda one: one.interactions, whole),
    Indicator("hours", _l("Staff hours"), _l("as entered"), lambda one: one.hours, cents),
)  # fmt: skip
ENGAGEMENT = "engagement"


def _by(variant: Variant, key: str) -> Indicator:
    return Indicator(
        key,
        VARIANTS[variant],
        BY_VARIANT[variant],
        lambda one: indicators.engagement(one, variant),
        percent,
    )


def engagement(of: Sequence[Measured]) -> Indicator:
    """The engagement rate in the one variant that all of these are shown by."""
    return _by(indicators.variant_of(of), ENGAGEMENT)


def all_of(of: Sequence[Measured]) -> tuple[Indicator, ...]:
    """The indicators that are reckoned, engagement in one variant for all of these."""
    return (PLAIN[0], engagement(of), *PLAIN[1:])


def comparable(of: Sequence[Measured]) -> dict[str, Indicator]:
    """By key what channels can be compared by; first the engagement rate in the variant that most of them know."""
    others = (_by(one, one.value) for one in Variant if one is not indicators.variant_of(of))
    return {one.key: one for one in (engagement(of), *others, *PLAIN, *COUNTED)}
