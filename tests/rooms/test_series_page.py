"""A series of meetings: four are proposed by the calendar, and each that is planned is a plain meeting."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.browsing import Browser
from tracker.extensions import db
from tracker.models import AgendaLine, Entry, Mail, Meeting

SignIn = Callable[..., Browser]
SetClock = Callable[..., None]
SECOND_TUESDAY = "/meetings/series?every=quarter&month=1&nth=2&weekday=1&at=10:00&since=2026-05-04"


@pytest.fixture(autouse=True)
def in_may(clock_at: SetClock) -> None:
    clock_at("2026-05-04")


def days(page: Any) -> list[str]:
    return [page.all("input", id=f"on_{k}")[0].get("value") for k in range(1, 5)]


def taken(page: Any) -> list[bool]:
    return ["checked" in page.all("input", id=f"take_{k}")[0].attrib for k in range(1, 5)]


def meetings() -> list[Meeting]:
    db.session.expire_all()
    return list(db.session.scalars(select(Meeting).order_by(Meeting.planned_on)))


def test_it_first_asks_how_the_meetings_recur(sign_in: SignIn) -> None:
    factories.channel()
    browser = sign_in()
    page = browser.get(browser.get("/meetings").link("Terminreihe"))
    assert page.all("input", id="since")[0].get("value") == "2026-05-04"
    assert page.all("input", id="on_1") == []


def test_the_second_tuesday_of_every_quarter_is_proposed_four_times(sign_in: SignIn) -> None:
    factories.channel()
    page = sign_in().get(SECOND_TUESDAY)
    assert days(page) == ["2026-07-14", "2026-10-13", "2027-01-12", "2027-04-13"]
    assert taken(page) == [True] * 4
    assert page.all("input", id="at_3")[0].get("value") == "10:00"


def test_the_ticked_ones_are_planned_with_what_is_due_by_then(sign_in: SignIn) -> None:
    one, ends = factories.channel(), factories.channel(until=date(2026, 9, 30))
    box = factories.contact(name="Presse", email="presse@example.org")
    browser = sign_in()
    form = (
        browser.get(SECOND_TUESDAY)
        .form("/series?")
        .filled(place="Raum 4", invited=str(box.id), on_2="2026-10-20")
    )
    del form["take_4"]
    page = browser.post(SECOND_TUESDAY, form)
    assert "3 Sitzungen sind geplant" in page.text
    made = meetings()
    assert [(m.planned_on, m.starts_at, m.place) for m in made] == [
        (day, time(10), "Raum 4") for day in (date(2026, 7, 14), date(2026, 10, 20), date(2027, 1, 12))
    ]
    agendas = [set(db.session.scalars(select(AgendaLine.channel_id).where(AgendaLine.meeting_id == m.id))) for m in made]  # fmt: skip # noqa: E501
    assert agendas == [{one.id, ends.id}, {one.id, ends.id}, {one.id}]
    assert db.session.scalars(select(Entry.deed)).all() == ["meetings.plan"] * 3
    assert db.session.scalar(select(func.count(Mail.id))) == 3


def test_sent_twice_it_plans_nothing_twice(sign_in: SignIn, clock_at: SetClock) -> None:
    factories.channel()
    browser = sign_in()
    form = browser.get(SECOND_TUESDAY).form("/series?").values
    browser.post(SECOND_TUESDAY, form)
    clock_at("2026-05-05")
    assert "sind bereits geplant" in browser.post(SECOND_TUESDAY, form).text
    assert "sind bereits geplant" in browser.post(SECOND_TUESDAY, {**form, "form_id": "other"}).text
    assert len(meetings()) == 4


def test_what_was_planned_of_it_before_is_left_and_the_rest_is_planned(sign_in: SignIn) -> None:
    factories.channel()
    browser = sign_in()
    form = browser.get(SECOND_TUESDAY).form("/series?").values
    browser.post(SECOND_TUESDAY, {key: value for key, value in form.items() if key != "take_1"})
    page = browser.post(SECOND_TUESDAY, {**form, "form_id": "other"})
    assert "1 Sitzung ist geplant" in page.text
    assert "3 waren bereits geplant" in page.text
    assert len(meetings()) == 4


def test_a_holiday_and_a_day_with_a_meeting_are_marked_and_not_ticked(sign_in: SignIn) -> None:
    one, browser = factories.channel(), sign_in()
    there = factories.planned_meeting(date(2026, 7, 6), [one])
    page = browser.get("/meetings/series?every=half_year&month=1&nth=1&weekday=2&since=2026-12-01")
    assert (days(page)[0], taken(page)[0]) == ("2027-01-06", False)
    assert page.text.count("Feiertag in der Region DE-BW") == 1
    page = browser.get("/meetings/series?every=quarter&month=1&nth=1&weekday=0&since=2026-05-04")
    assert (days(page)[0], taken(page)[0]) == ("2026-07-06", False)
    assert "schon eine Sitzung geplant" in page.text
    assert page.link("6. Juli 2026") == f"/meetings/{there.id}"


def test_a_meeting_of_other_units_is_not_told_of(sign_in: SignIn) -> None:
    mine, other = factories.channel(), factories.channel()
    factories.planned_meeting(date(2026, 7, 14), [other])
    page = sign_in("editor", units=[mine.unit]).get(SECOND_TUESDAY)
    assert taken(page) == [True] * 4
    assert "schon eine Sitzung" not in page.text


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("since=2026-02-30", "since"),
        ("since=", "since"),
        ("since=0001-01-01", "since"),
        ("since=9999-12-31", "since"),
        ("month=4", "month"),
        ("every=week", "every"),
        ("nth=5", "nth"),
        ("weekday=6", "weekday"),
        ("at=25:00", "at"),
        ("month=" + "9" * 5000, "month"),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused_beside_its_field(sign_in: SignIn, asked: str, field: str) -> None:
    factories.organisation()
    name, _, value = asked.partition("=")
    given = {"every": "quarter", "month": "1", "nth": "2", "weekday": "1", "since": "2026-05-04", name: value}
    page = sign_in().get("/meetings/series?" + "&".join(f"{k}={v}" for k, v in given.items()), expect=422)
    assert page.words("p", id=f"{field}-error") != []
    assert page.all("input", id="on_1") == []


@pytest.mark.parametrize("day", ["2026-02-30", "", "0001-01-01", "9999-12-31", "x" * 100_000])
def test_a_day_that_cannot_be_is_refused_and_the_rest_of_what_was_typed_stays(
    sign_in: SignIn, day: str
) -> None:
    factories.channel()
    browser = sign_in()
    form = browser.get(SECOND_TUESDAY).form("/series?").filled(on_2=day, place="<b>Raum</b>\x00 🙂")
    page = browser.post(SECOND_TUESDAY, form, expect=422)
    assert page.all("input", id="on_2")[0].get("aria-invalid") == "true"
    assert page.all("input", id="place")[0].get("value") == "<b>Raum</b> 🙂"
    assert days(page)[2] == "2027-01-12"
    assert meetings() == []


def test_nothing_ticked_plans_nothing_and_says_so(sign_in: SignIn) -> None:
    factories.channel()
    page = sign_in().post(SECOND_TUESDAY, {"on_1": "2026-07-14"}, expect=422)
    assert "mindestens eine Sitzung" in page.text
    assert meetings() == []


def test_the_same_day_typed_twice_is_planned_once(sign_in: SignIn) -> None:
    factories.channel()
    browser = sign_in()
    twice = {"take_1": "y", "on_1": "2026-07-14", "take_2": "y", "on_2": "2026-07-14"}
    browser.post("/meetings/series", twice)
    assert len(meetings()) == 1


def test_an_editor_of_one_unit_plans_its_channels_only_and_an_auditor_nothing(sign_in: SignIn) -> None:
    mine, other = factories.channel(), factories.channel()
    browser = sign_in("editor", units=[mine.unit])
    browser.post(SECOND_TUESDAY, browser.get(SECOND_TUESDAY).form("/series?").values)
    assert set(db.session.scalars(select(AgendaLine.channel_id))) == {mine.id} != {other.id}
    sign_in("auditor").get(SECOND_TUESDAY, expect=403)


def test_before_a_concept_is_loaded_nothing_breaks(sign_in: SignIn) -> None:
    browser = sign_in()
    browser.post(SECOND_TUESDAY, browser.get(SECOND_TUESDAY).form("/series?").values)
    assert len(meetings()) == 4


def test_the_page_speaks_english_too(sign_in: SignIn) -> None:
    factories.channel()
    browser = sign_in(language="en")
    browser.get("/meetings/series")
    browser.get("/meetings/series?every=half_year&month=1&nth=1&weekday=2&since=2026-12-01")
    page = browser.post(SECOND_TUESDAY, browser.get(SECOND_TUESDAY).form("/series?").values)
    assert "4 meetings are planned" in page.text
