"""A number as people write it: German and English read back the same, what could be both is asked about."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.figures import numbers
from tracker.figures.columns import Kind
from tracker.figures.numbers import NumberRefused

COUNT, HOURS, EUROS = Kind.COUNT, Kind.HOURS, Kind.EUROS
pytestmark = pytest.mark.sqlite_only
examples = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@pytest.fixture(autouse=True)
def _in_english(app: Flask) -> Iterator[None]:
    with force_locale("en"):
        yield


def refused(text: str, kind: Kind) -> str:
    with pytest.raises(NumberRefused) as caught:
        numbers.read(text, kind)
    return str(caught.value)


@pytest.mark.parametrize("text", ["", "   ", "\u00a0", "–", "-", "?", "k. A.", "unbekannt", "n/a"])
@pytest.mark.parametrize("kind", Kind)
def test_what_is_not_known_is_none_and_never_0(text: str, kind: Kind) -> None:
    assert numbers.read(text, kind) is None


def test_0_is_a_number() -> None:
    assert numbers.read("0", COUNT) == 0
    assert numbers.read("0,00", EUROS) == 0


@pytest.mark.parametrize(
    "text",
    [
        "12345",
        "12.345",
        "12,345",
        "12 345",
        "12'345",
        "12’345",
        "12\u202f345",
        "12\u00a0345",
        " 12345 ",
        "+12345",
    ],
)
def test_a_count_may_be_grouped_in_any_way(text: str) -> None:
    assert numbers.read(text, COUNT) == 12345


@pytest.mark.parametrize(
    "text", ["12.345,67", "12,345.67", "12 345,67", "12'345.67", "12345,67", "12345.67", "12.345,67 €", "€ 12,345.67",
             "12345,67 EUR"],
)  # fmt: skip
def test_an_amount_may_be_written_in_german_and_english(text: str) -> None:
    assert numbers.read(text, EUROS) == Decimal("12345.67")


@pytest.mark.parametrize("text", ["12,5", "12.5", "12,5 h", "12.50h", "12,5 Std.", "12,5 Stunden"])
def test_hours_may_name_their_unit(text: str) -> None:
    assert numbers.read(text, HOURS) == Decimal("12.5")


@pytest.mark.parametrize("text", ["1.234", "1,234"])
def test_three_digits_after_a_lone_separator_group_a_count_but_are_asked_about_in_an_amount(
    text: str,
) -> None:
    assert numbers.read(text, COUNT) == 1234
    words = refused(text, EUROS)
    assert "1234" in words
    assert "1,23" in words
    assert refused(text, HOURS) == words


@pytest.mark.parametrize("text", ["1.234.567", "1,234,567"])
def test_a_separator_that_stands_twice_groups(text: str) -> None:
    assert numbers.read(text, EUROS) == 1234567


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("-5", "negative"),
        ("−5", "negative"),
        ("1e308", "not a number"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("viele", "not a number"),
        ("12 Stück", "not a number"),
        ("😀", "not a number"),
        ("=1+1", "not a number"),
        ("٣٤٥", "not a number"),
        ("9" * 100_000, "not a number"),
        ("9" * 14, "at most"),
        ("1.23.4", "groups of three"),
        ("1,2345,678", "groups of three"),
        ("12 34", "groups of three"),
        ("1.234,567.8", "groups of three"),
    ],
)
def test_what_is_no_figure_is_refused_in_one_sentence(text: str, because: str, kind: Kind) -> None:
    words = refused(text, kind)
    assert because in words
    assert len(words) < 120


def test_a_count_has_no_decimals_and_an_amount_at_most_two() -> None:
    assert "whole number" in refused("12,5", COUNT)
    assert "two decimals" in refused("12,3456", EUROS)
    assert "two decimals" in refused("0,125", HOURS)
    assert numbers.read("12,00", COUNT) == 12


@pytest.mark.parametrize("language", ["de", "en", "de_CH", "fr"])
@examples
@given(number=st.integers(0, 10**12))
def test_every_count_reads_back_as_it_was_formatted(language: str, number: int) -> None:
    assert numbers.read(format_decimal(number, locale=language), COUNT) == number


@pytest.mark.parametrize("language", ["de", "en", "de_CH", "fr"])
@pytest.mark.parametrize(("kind", "most"), [(HOURS, 10**5), (EUROS, 10**9)])
@examples
@given(data=st.data())
def test_every_amount_reads_back_as_it_was_formatted(
    language: str, kind: Kind, most: int, data: st.DataObject
) -> None:
    cents = data.draw(st.integers(0, most * 100))
    number = Decimal(cents) / 100
    assert numbers.read(format_decimal(number, "#,##0.00", locale=language), kind) == number
    assert numbers.read(format_decimal(number, "0.##", locale=language), kind) == number


@examples
@given(text=st.text(max_size=80), kind=st.sampled_from(list(Kind)))
def test_any_text_is_a_figure_within_bounds_or_unknown_or_refused(text: str, kind: Kind) -> None:
    try:
        number = numbers.read(text, kind)
    except NumberRefused:
        return
    assert number is None or 0 <= number <= numbers.MOST[kind]
