"""What figures say: worked examples, and that nothing unknown ever becomes a number."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules import indicators
from tracker.rules.indicators import Cost, Hint, Measured, Variant

QUARTER = (date(2026, 7, 1), date(2026, 9, 30))


def measured(**values: Any) -> Measured:
    return Measured(*QUARTER, **values)


def test_engagement_by_reach_as_in_the_worked_example() -> None:
    """(15 likes + 3 shares + 24 clicks) of 1,500 reached are 2.8 percent."""
    of = measured(interactions=15 + 3 + 24, reach=1500, followers_end=10_000, impressions=3000)
    assert indicators.engagement(of, Variant.BY_REACH) == Decimal("2.8")
    assert indicators.engagement(of, Variant.BY_FOLLOWERS) == Decimal("0.42")
    assert indicators.engagement(of, Variant.BY_IMPRESSIONS) == Decimal("1.4")


def test_a_series_has_one_variant_even_where_another_would_be_known() -> None:
    by_followers = measured(interactions=10, followers_end=100)
    by_both = measured(interactions=10, followers_end=100, reach=50)
    assert indicators.variant_of([by_both, by_both]) is Variant.BY_REACH
    assert indicators.variant_of([by_both, by_followers]) is Variant.BY_FOLLOWERS
    assert indicators.variant_of([]) is Variant.BY_REACH


def test_costs_are_summed_as_far_as_they_are_known() -> None:
    of = measured(
        hours=Decimal(36),
        rate=Decimal("48.50"),
        ad_spend=Decimal(120),
        tools=Decimal(0),
        external=Decimal(30),
    )
    assert indicators.total_cost(of) == Cost(Decimal("1896.00"), True)
    assert indicators.total_cost(measured(hours=Decimal(36), ad_spend=Decimal(120))) == Cost(
        Decimal(120), False
    )
    assert indicators.total_cost(measured(hours=Decimal(36))) is None  # hours without a rate are no cost yet


def test_what_a_thing_cost() -> None:
    of = measured(
        ad_spend=Decimal(300), interactions=150, reach=20_000, enquiries=4, hours=Decimal(12), posts=8
    )
    assert indicators.cost_per_interaction(of) == 2
    assert indicators.cost_per_thousand(of) == 15
    assert indicators.cost_per_enquiry(of) == 75
    assert indicators.hours_per_post(of) == Decimal("1.5")
    assert indicators.interactions_per_post(of) == Decimal("18.75")


def test_growth_in_percent_and_in_people() -> None:
    of = measured(followers_start=2808, followers_end=2846)
    assert indicators.gained(of) == 38
    assert round(indicators.growth(of) or 0, 1) == Decimal("1.4")
    assert indicators.click_rate(measured(clicks=30, impressions=1200)) == Decimal("2.5")


RATIOS = (
    indicators.cost_per_interaction, indicators.cost_per_thousand, indicators.cost_per_enquiry,
    indicators.hours_per_post,
    indicators.interactions_per_post, indicators.click_rate, indicators.growth,
    *(lambda of, one=one: indicators.engagement(of, one) for one in Variant),
)  # fmt: skip
COUNTS = ("followers_start", "followers_end", "posts", "reach", "impressions", "views", "interactions", "clicks",
          "enquiries")  # fmt: skip
MONEY = ("hours", "rate", "ad_spend", "tools", "external")
some = st.fixed_dictionaries(
    {name: st.none() | st.integers(0, 10**18) for name in COUNTS}
    | {name: st.none() | st.decimals(0, 10**15, places=2) for name in MONEY}
)


@given(some)
def test_nothing_is_ever_an_error_and_no_denominator_is_zero(values: dict[str, Any]) -> None:
    of = measured(**values)
    for ratio in RATIOS:
        found = ratio(of)
        assert found is None or found.is_finite()
    indicators.hints(of, of, [of, of])


@pytest.mark.parametrize("ratio", RATIOS)
def test_zero_below_the_line_and_unknown_above_it_are_not_known(ratio: Any) -> None:
    assert ratio(measured()) is None
    zeros = dict.fromkeys(COUNTS, 0) | dict.fromkeys(MONEY, Decimal(1))
    assert ratio(measured(**zeros)) is None


def test_hints_warn_of_slips() -> None:
    assert indicators.hints(measured(hours=Decimal(600))) == (Hint.MANY_HOURS,)
    assert indicators.hints(measured(hours=Decimal(72))) == ()
    assert indicators.hints(measured(followers_start=1000, followers_end=400)) == (Hint.FOLLOWERS_HALVED,)
    before = Measured(date(2026, 4, 1), date(2026, 6, 30), followers_end=900)
    assert indicators.hints(measured(followers_end=400), before) == (Hint.FOLLOWERS_HALVED,)
    assert indicators.hints(measured(followers_end=450), before) == ()
    assert indicators.hints(measured(followers_start=1000), before) == (Hint.FOLLOWERS_JUMP,)
    assert indicators.hints(measured(interactions=500, reach=400)) == (Hint.MORE_INTERACTIONS_THAN_REACH,)
    assert indicators.hints(measured(reach=900, impressions=400)) == (Hint.REACH_ABOVE_IMPRESSIONS,)


def test_a_quarters_reach_that_is_the_sum_of_its_months_was_added_up() -> None:
    months = [
        Measured(date(2026, month, 1), date(2026, month, 30), reach=reach)
        for month, reach in ((7, 100), (8, 150), (9, 50))
    ]
    assert indicators.hints(measured(reach=300), within=months) == (Hint.REACH_SUMMED,)
    assert indicators.hints(measured(reach=240), within=months) == ()
