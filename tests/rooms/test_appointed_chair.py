"""Whoever was appointed to chair a meeting sees and answers for all of it, whatever units they are limited to."""

from collections.abc import Callable
from datetime import date

import pytest

from tests import factories
from tests.browsing import Browser
from tests.rooms.form import LogForm
from tracker.extensions import db
from tracker.meetings.minutes_mail import recipients
from tracker.models import Meeting, User

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def chair(clock_at: Callable[[str], None]) -> User:
    clock_at("2026-10-20")
    return factories.person("editor", name="Martin Kolb", units=[factories.unit("Böblingen")])


@pytest.fixture
def meeting(chair: User) -> Meeting:
    """About two channels of a unit that is not the chair's."""
    unit = factories.unit("Stuttgart")
    channels = [factories.channel(unit, "Facebook", "Haupt"), factories.channel(unit, "XING", "Seite")]
    return factories.planned_meeting(date(2026, 10, 20), channels, chair_id=chair.id)


def test_the_log_names_the_appointed_chair(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    assert LogForm(sign_in(), meeting)["chair"] == "Martin Kolb"


def test_the_chair_reads_in_the_minutes_what_was_logged(
    sign_in: Callable[..., Browser], meeting: Meeting, chair: User
) -> None:
    browser = sign_in(chair)
    assert "Facebook" in browser.get(f"/meetings/{meeting.id}").text
    form = LogForm(browser, meeting).head()
    for line in meeting.agenda:
        form.rate(line.channel)
    assert form.confirm().status_code == 303
    said = browser.get(f"/meetings/{meeting.id}").text
    assert "Facebook" in said
    assert "Es wurde kein Kanal evaluiert." not in said
    assert "Die Sitzung hat auch andere behandelt." not in said
    db.session.expire_all()
    mine = next(one for one in recipients(meeting) if one.name == "Martin Kolb")
    assert (mine.units, mine.channels) == (None, 2)


def test_who_is_to_do_something_gets_the_minutes_too(
    sign_in: Callable[..., Browser], meeting: Meeting, chair: User
) -> None:
    box = factories.contact(name="Rechtsabteilung", email="recht@example.org")
    form = LogForm(sign_in(chair), meeting).head()
    for line in meeting.agenda:
        form.rate(line.channel)
    first = meeting.agenda[0].channel
    form.fill(
        first, action_1__what="Impressum ergänzen", action_1__owner=box.id, action_1__due_on="2026-11-20"
    )
    assert form.confirm().status_code == 303
    db.session.expire_all()
    assert "recht@example.org" in {one.address for one in recipients(meeting)}


def test_the_chair_corrects_the_head_and_others_who_are_limited_to_units_do_not(
    sign_in: Callable[..., Browser], meeting: Meeting, chair: User
) -> None:
    form = LogForm(sign_in(chair), meeting).head()
    for line in meeting.agenda:
        form.rate(line.channel)
    assert form.confirm().status_code == 303
    other = sign_in(factories.person("editor", units=[factories.unit("Calw")]))
    assert other.raw.get(f"/meetings/{meeting.id}/head").status_code in {403, 404}
    browser = sign_in(chair)
    assert browser.get(f"/meetings/{meeting.id}").link("Diese Angaben berichtigen …").endswith("/head")
    found = browser.get(f"/meetings/{meeting.id}/head").form("/head")
    asked = browser.post(found.action, found.filled(place="Raum 2", reason="Falscher Raum")).form("/head")
    browser.post(asked.action, asked.values)
    db.session.expire_all()
    assert [one.place for one in db.session.get_one(Meeting, meeting.id).heads][-1] == "Raum 2"
