"""The year page: the matrix and the three readings of the promise, for whoever may see them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browsing import Browser
from tracker.evidence import year_views
from tracker.models import Channel

SignIn = Callable[..., Browser]


@pytest.fixture
def channels(app: Flask, clock_at: Callable[[Any], None]) -> list[Channel]:
    """One kept once, then late, then overdue; another of another unit with two reviews a year, kept once."""
    clock_at("2026-10-13")
    first = factories.channel(factories.unit("Kammer"), name="Eins", since=date(2026, 1, 1))
    second = factories.channel(factories.unit("Süd"), name="Zwei", since=date(2026, 1, 1), n=2)
    factories.closed_meeting(date(2026, 3, 17), [first, second])
    factories.closed_meeting(date(2026, 7, 14), [first])
    return [first, second]


def test_each_channel_has_three_readings_beside_its_slots(channels: list[Channel], sign_in: SignIn) -> None:
    text = sign_in("auditor").get("/evidence/year").text.replace(" ,", ",").replace(" ;", ";")

    assert "2 von 4 erfüllt, davon 1 verspätet" in text
    assert "119 Tage" in text, "between 17 March and 14 July"
    assert "1 von 2 erfüllt" in text
    assert "3 von 6 erfüllt, davon 1 verspätet; 1 überfällig; 2 noch offen oder zu erwarten" in text


def test_a_cell_leads_to_its_evidence(channels: list[Channel], sign_in: SignIn) -> None:
    browser = sign_in("auditor")
    assert (
        f"/evidence?channel={channels[0].id}&amp;from=2026-04-01&amp;until=2026-06-30"
        in browser.get("/evidence/year").html
    )


def test_a_unit_narrows_it_and_others_are_not_seen(channels: list[Channel], sign_in: SignIn) -> None:
    everything, limited = sign_in("auditor"), sign_in("editor", units=[channels[1].unit])
    narrowed = everything.get(f"/evidence/year?unit={channels[1].unit_id}").html
    assert "Eins" not in narrowed
    assert "Zwei" in narrowed
    seen = limited.get(f"/evidence/year?unit={channels[0].unit_id}").html
    assert "Eins" not in seen
    assert "Kammer" not in seen


def test_many_channels_come_in_pages(
    channels: list[Channel], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(year_views, "CHANNELS_A_PAGE", 1)
    browser = sign_in("auditor")
    first, second = browser.get("/evidence/year").html, browser.get("/evidence/year?page=2").html
    assert ("Eins" in first, "Zwei" in first) == (True, False)
    assert ("Eins" in second, "Zwei" in second) == (False, True)
    assert "Seite 2 von 2" in browser.get("/evidence/year?page=99").text


@pytest.mark.parametrize(
    "asked", ["year=0", "year=99999999999", "year=x", "unit=-1", "page=0", "unit=999&page=%00"]
)
def test_what_is_no_choice_shows_this_year(channels: list[Channel], sign_in: SignIn, asked: str) -> None:
    assert "Nachweis des Jahres 2026" in sign_in("auditor").get(f"/evidence/year?{asked}").text


def test_without_channels_the_page_says_so(
    app: Flask, clock_at: Callable[[Any], None], sign_in: SignIn
) -> None:
    clock_at("2026-10-13")
    assert "Kein Kanal gefunden" in sign_in("auditor").get("/evidence/year").text


def test_a_platform_narrows_it_beside_the_unit(channels: list[Channel], sign_in: SignIn) -> None:
    third = factories.channel(channels[0].unit, "Sonstwo", name="Drei", since=date(2026, 1, 1))
    browser = sign_in("auditor")
    narrowed = browser.get("/evidence/year?platform=Sonstwo").html
    assert ("Eins" in narrowed, "Drei" in narrowed) == (False, True)
    assert f"unit={third.unit_id}" in narrowed
    assert "Eins" in browser.get("/evidence/year?platform=%00").html


def test_each_unit_has_its_sums(channels: list[Channel], sign_in: SignIn) -> None:
    factories.channel(channels[0].unit, name="Drei", since=date(2026, 1, 1))
    text = sign_in("auditor").get("/evidence/year").text.replace(" ,", ",").replace(" ;", ";")
    assert (
        "2 von 8 erfüllt, davon 1 verspätet; 2 versäumt; 2 überfällig; 2 noch offen oder zu erwarten" in text
    )
