"""How figures are written and drawn: aligned numbers, charts that say their ends and where their axis begins."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask_babel import force_locale

from tests import factories
from tests.browsing import Browser
from tracker.figures import numbers
from tracker.figures.columns import Kind
from tracker.models import Channel
from tracker.trends import cents, percent

SignIn = Callable[..., Browser]
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def channel(clock_at: Callable[[str], None]) -> Channel:
    clock_at("2026-07-14")
    found = factories.channel(factories.unit("Bildungshaus"), "Mastodon", "Hauptkanal")
    factories.figures(found, "2026-4-1", followers_end=8068, reach=1000, interactions=240)
    factories.figures(
        found, "2026-4-2", followers_end=9469, reach=1000, interactions=50, hours="24.5", hours_estimated=True
    )
    return found


@pytest.mark.parametrize(("language", "said"), [("en", "24.0%"), ("de", "24,0\xa0%")])
def test_a_percentage_has_one_decimal_also_where_it_is_0(app: Flask, language: str, said: str) -> None:
    with force_locale(language):
        assert percent(24) == said


@pytest.mark.parametrize(("language", "said"), [("en", "1,232.30"), ("de", "1.232,30")])
def test_an_amount_has_two_decimals(app: Flask, language: str, said: str) -> None:
    with force_locale(language):
        assert cents(numbers.read("1232,3", Kind.EUROS)) == said


@pytest.mark.parametrize(("language", "said"), [("en", "1,000,000,000,000"), ("de", "1.000.000.000.000")])
def test_the_most_that_can_be_is_written_as_one_reads_it(app: Flask, language: str, said: str) -> None:
    with force_locale(language), pytest.raises(numbers.NumberRefused, match=re.escape(said)):
        numbers.read("9" * 14, Kind.COUNT)


def test_the_figures_of_a_channel_are_drawn_on_their_page(sign_in: SignIn, channel: Channel) -> None:
    page = sign_in("editor", language="en").get(f"/figures/channels/{channel.id}")
    assert page.words("h2", id="h-trends") == ["Over the quarters"]
    assert page.words("span", class_="ends")[0] == "Q1 2026 8,068 Q2 2026 9,469"


def test_a_line_that_does_not_begin_at_0_says_so_and_bars_do_not(sign_in: SignIn, channel: Channel) -> None:
    page = sign_in("editor", language="en").get(f"/channels/{channel.id}")
    assert "The axis does not begin at 0." in page.text
    assert (
        page.text.count("The axis does not begin at 0.") == 2
    )  # followers and engagement; nothing is known of the costs


def test_that_hours_are_an_estimate_does_not_stand_in_the_column_of_the_numbers(
    sign_in: SignIn, channel: Channel
) -> None:
    page = sign_in("editor", language="en").get(f"/figures/channels/{channel.id}")
    assert "24.50" in page.words("td", class_="num")
    assert "Staff hours estimated" in page.words("th", scope="row")


def test_numbers_of_the_table_behind_the_charts_are_aligned(sign_in: SignIn, channel: Channel) -> None:
    page = sign_in("editor", language="en").get(f"/channels/{channel.id}")
    (behind,) = page.all("details", class_="chart-table")
    assert {cell.get("class") for cell in behind.iter("td")} == {"num"}
    assert {head.get("class") for head in behind.iter("th") if head.get("scope") == "col"} == {None, "num"}


def test_the_channels_page_leads_to_its_figures_once(sign_in: SignIn, channel: Channel) -> None:
    page = sign_in("editor", language="en").get(f"/channels/{channel.id}")
    leads = [one.get("href") or "" for one in page.all("a")]
    assert leads.count(f"/figures/channels/{channel.id}") == 1
    assert leads.count(f"/figures/channels/{channel.id}/enter") == 1
