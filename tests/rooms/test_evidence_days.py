"""The days one filters by: those too far away are named beside their field, on both pages."""

from typing import Any

import pytest
from flask import Flask

from tests import factories

FAR = ("0001-01-01", "1989-12-31", "2200-01-01", "9999-12-31")
SENTENCE = "Das Jahr muss zwischen 1990 und 2199 liegen."

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize("address", ["/journal?from={}", "/evidence?from={}", "/evidence?until={}"])
def test_a_day_too_far_away_is_named(app: Flask, sign_in: Any, address: str, day: str) -> None:
    factories.organisation()
    page = sign_in("auditor").get(address.format(day), expect=422)
    assert SENTENCE in " ".join(page.words("p", class_="fault"))


@pytest.mark.parametrize("day", ["1990-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_are_taken(app: Flask, sign_in: Any, day: str) -> None:
    factories.organisation()
    browser = sign_in("auditor")
    for address in ("/journal?from={}", "/evidence?from={}", "/evidence?until={}"):
        browser.get(address.format(day))
