"""What no form and no address may be upset by: no such day or time, none of the list, numbers that name nothing."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browsing import Browser
from tracker.models import Channel

SignIn = Callable[..., Browser]
HUGE = ("1000000000", "2147483648", "99999999999999999999", "9" * 5_000)
LISTS = ("/actions?page={}", "/meetings?page={}", "/evidence?page={}", "/outbox?page={}", "/journal?before={}",
         "/journal?before=-{}", "/channels?unit={}", "/?year={}")  # fmt: skip


@pytest.fixture
def channel(app: Flask, clock_at: Any) -> Channel:
    clock_at("2026-10-13")
    return factories.channel()


@pytest.mark.parametrize("number", HUGE)
def test_a_number_too_large_for_any_column_names_nothing(
    app: Flask, channel: Channel, sign_in: SignIn, number: str
) -> None:
    browsers = [sign_in("admin"), sign_in("manager")]
    numbered = [rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]
    assert len(numbered) > 20
    for rule in numbered:
        url = re.sub(r"<int:\w+>", number, rule.rule).replace("<key>", "2026-4-1")
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        for browser in browsers:
            assert browser.raw.open(url, method=method).status_code == 404, url


@pytest.mark.parametrize("number", HUGE)
def test_a_list_asked_for_an_impossible_page_shows_a_page(
    channel: Channel, sign_in: SignIn, number: str
) -> None:
    browser = sign_in("manager")
    for address in LISTS:
        url = address.format(number)
        assert browser.raw.get(url).status_code in {200, 422, 404}, url


def test_digits_of_other_scripts_are_no_address(channel: Channel, sign_in: SignIn) -> None:
    sign_in("manager").get("/channels/١", expect=404)


NO_DAY, NO_TIME = (
    "Diesen Tag gibt es im Kalender nicht",
    "Das ist keine Uhrzeit. Schreiben Sie sie als 14:30.",
)
NOT_LISTED = "Bitte wählen Sie aus der Liste."
ENGLISH = ("Not a valid", "not a valid", "Invalid", "could not be coerced")


@pytest.mark.parametrize("day", ["2026-02-30", "13.10.2026", "0000-01-01", "🙂", "x" * 5_000])
def test_a_day_that_does_not_exist_is_said_in_words(channel: Channel, sign_in: SignIn, day: str) -> None:
    browser = sign_in("manager")
    meeting = factories.planned_meeting(date(2026, 10, 20), [channel])
    for url, name in (
        ("/actions/add", "due_on"),
        ("/meetings/plan", "on"),
        (f"/meetings/{meeting.id}/move", "on"),
    ):
        page = browser.post(url, {name: day}, expect=422)
        assert NO_DAY in page.text, url
        assert not any(said in page.text for said in ENGLISH), url


@pytest.mark.parametrize("time", ["25:00", "12:60", "noon", "-1:00", "🙂"])
def test_a_time_that_does_not_exist_is_said_in_words(channel: Channel, sign_in: SignIn, time: str) -> None:
    browser = sign_in("manager")
    meeting = factories.closed_meeting(date(2026, 10, 12), [channel])
    plan = browser.post("/meetings/plan", {"on": "2026-10-20", "starts_at": time}, expect=422)
    head = browser.post(
        f"/meetings/{meeting.id}/head", {"seen": "1", "begins_at": time, "ends_at": time}, expect=422
    )
    rhythm = browser.get(f"/meetings/series?every=quarter&since=2026-10-20&at={time}", expect=422)

    for page in (plan, head, rhythm):
        assert NO_TIME in page.text
        assert not any(said in page.text for said in ENGLISH)


def test_what_is_not_in_a_list_is_said_in_words(channel: Channel, sign_in: SignIn) -> None:
    added = sign_in("admin").post("/people/add", {"role": "king", "units": ["99", "88"]}, expect=422)
    strange = sign_in("admin").post("/people/add", {"role": "editor", "units": "x"}, expect=422)
    rhythm = sign_in("manager").get(
        "/meetings/series?every=week&month=13&nth=9&weekday=8&since=2026-10-20", expect=422
    )

    for page in (added, strange, rhythm):
        assert not any(said in page.text for said in ENGLISH)
        assert "keine gültige" not in page.text
    assert NOT_LISTED in rhythm.text


def test_it_is_said_in_english_too(channel: Channel, sign_in: SignIn) -> None:
    page = sign_in("manager", language="en").post(
        "/meetings/plan", {"on": "2026-02-30", "starts_at": "25:00"}, expect=422
    )

    assert "This is not a day of the calendar." in page.text
    assert "This is not a time of day." in page.text
