"""A chart draws what is known and leaves a gap where nothing is."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tracker.chart import Chart, Point

values = st.lists(st.none() | st.decimals(0, 10**12, places=2), max_size=12)


def chart(*given_values: Decimal | int | None) -> Chart:
    return Chart("Follower", [Point(f"Q{k}", value, str(value)) for k, value in enumerate(given_values)])


def test_a_line_stops_before_an_unknown_value_and_starts_after_it() -> None:
    drawn = chart(1, 2, None, 3, 4)
    assert [(one.x1, one.x2) for one in drawn.segments(72)] == [("2.0%", "26.0%"), ("74.0%", "98.0%")]
    assert [gap.point.label for gap in drawn.gaps()] == ["Q2"]


def test_unknown_at_the_ends_is_no_gap_in_the_line() -> None:
    assert chart(None, 1, 2, None).gaps() == []


def test_higher_values_lie_higher_and_bars_begin_at_zero() -> None:
    drawn = chart(10, 20)
    low, high = drawn.dots(72)
    assert low.y > high.y
    small, big = drawn.bars(72)
    assert big.height == 2 * small.height
    assert small.y + small.height == big.y + big.height == 71


def test_zero_is_drawn_and_unknown_is_not() -> None:
    assert [dot.point.value for dot in chart(0, None, 0).dots(72)] == [0, 0]


def test_where_the_axis_of_a_line_begins_is_known_unless_that_is_zero_or_all_is_alike() -> None:
    assert chart(20, None, 10, 30).cut_off
    assert not any(chart(*some).cut_off for some in ((0, 10), (5, 5), (7,), (None,), ()))


def test_what_hardly_changes_draws_no_collapse() -> None:
    first, last = chart(61, 60).dots(100)
    assert abs(first.y - last.y) < 10
    steep, flat = chart(50, 100).dots(100)
    assert abs(steep.y - flat.y) > 90


@given(values)
def test_everything_lies_within_the_drawing(some: list[Decimal | None]) -> None:
    drawn = chart(*some)
    for dot in drawn.dots(72):
        assert 0 <= float(dot.x[:-1]) <= 100
        assert 0 <= dot.y <= 72
    for bar in drawn.bars(72):
        assert 0 <= bar.y <= 72
        assert bar.height >= 0
        assert float(bar.x[:-1]) + float(bar.width[:-1]) <= 100.1
