"""My calendar address: shown once, revocable, and a file that calendars understand, of what its person may see."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker import clock, tokens
from tracker.calendar_file import PUBLISH, calendar, day_event
from tracker.extensions import db
from tracker.models import Channel, Entry, Token, User
from tracker.rules.words import Role

SignIn = Callable[..., Browser]
ON = date(2026, 10, 13)
NOON = clock.moment_on(ON, "Europe/Berlin")


@pytest.fixture
def channels(app: Flask, clock_at: Callable[[Any], None]) -> list[Channel]:
    """One channel of the house, one of a branch; the third quarter of both is overdue."""
    clock_at(ON)
    made = [
        factories.channel(factories.unit(name), name=f"Kanal {name}", since=date(2026, 7, 1))
        for name in ("Haus", "Zweig")
    ]
    factories.planned_meeting(date(2026, 10, 20), made[:1], starts_at=time(14), place="Raum 4, links; Ecke")
    factories.planned_meeting(date(2026, 10, 27), made[1:])
    return made


def address_of(browser: Browser) -> str:
    """The path of the address that is made."""
    (field,) = browser.post("/account/calendar").all("input", id="address")
    return "/calendar/" + (field.get("value") or "").rpartition("/calendar/")[2]


def read(app: Flask, address: str, **headers: str) -> Any:
    return app.test_client().get(address, headers=headers)


def events(app: Flask, address: str) -> dict[str, Event]:
    """The entries by their UIDs, each of which stands there once."""
    answer = read(app, address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar"), answer.data
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    by_uid = {str(one["uid"]): one for one in found}
    assert len(by_uid) == len(found)
    return by_uid


def words(found: dict[str, Event]) -> list[str]:
    return [str(one["summary"]) for one in found.values()]


@pytest.mark.both
def test_a_calendar_finds_meetings_due_dates_and_ones_own_actions(
    app: Flask, channels: list[Channel], sign_in: SignIn
) -> None:
    editor = sign_in()
    factories.action(
        channels[0], factories.contact(editor.person), date(2026, 11, 3), "Impressum, ergänzen; ändern"
    )
    factories.action(channels[0], factories.contact(), date(2026, 11, 4), "Was andere tun")
    found = events(app, address_of(editor))
    assert words(found) == [
        "Redaktionssitzung",
        "Redaktionssitzung",
        "Letzter Tag: 2 Evaluierungen fällig: 3. Quartal 2026",
        "2 Evaluierungen fällig: 4. Quartal 2026",
        "2 Evaluierungen fällig: 1. Quartal 2027",
        "2 Evaluierungen fällig: 2. Quartal 2027",
        "2 Evaluierungen fällig: 3. Quartal 2027",
        "Maßnahme: Impressum, ergänzen; ändern",
    ]
    meeting, whole_day, overdue = list(found.values())[:3]
    assert str(meeting["location"]) == "Raum 4, links; Ecke"
    assert meeting["dtstart"].dt.isoformat() == "2026-10-20T14:00:00+02:00"
    assert (whole_day["dtstart"].dt, whole_day["dtend"].dt) == (date(2026, 10, 27), date(2026, 10, 28))
    assert (overdue["dtstart"].dt, overdue["dtend"].dt) == (date(2026, 10, 30), date(2026, 10, 31))
    assert str(overdue["transp"]) == "TRANSPARENT"
    assert "Kanal Haus" in str(overdue["description"])


def test_nothing_of_another_unit_stands_in_it_not_even_a_number(
    app: Flask, channels: list[Channel], sign_in: SignIn
) -> None:
    address = address_of(sign_in(units=[channels[0].unit]))
    assert "Zweig" not in read(app, address).get_data(as_text=True)
    assert "Letzter Tag: 1 Evaluierung fällig: 3. Quartal 2026" in words(events(app, address))
    assert words(events(app, address)).count("Redaktionssitzung") == 1


def test_a_meeting_called_off_is_taken_out_of_the_calendar_and_a_moved_one_keeps_its_uid(
    app: Flask, channels: list[Channel], sign_in: SignIn
) -> None:
    address, manager = address_of(sign_in()), sign_in("manager")
    before = events(app, address)
    first, second = list(before)[:2]
    manager.post("/meetings/1/cancel", {"reason": "Alle krank"})
    manager.post("/meetings/2/move", {"on": "2026-10-29", "seen": "0"})
    after = events(app, address)
    assert set(before) == set(after)
    assert str(after[first]["status"]) == "CANCELLED"
    assert after[second]["dtstart"].dt == date(2026, 10, 29)
    assert int(after[second]["sequence"]) > int(before[second]["sequence"])


@pytest.mark.both
def test_the_address_is_shown_once_and_only_its_fingerprint_is_kept(
    channels: list[Channel], sign_in: SignIn
) -> None:
    editor = sign_in()
    text = address_of(editor).removeprefix("/calendar/").removesuffix(".ics")
    assert text not in editor.get("/account/calendar").html
    row = db.session.scalars(select(Token)).one()
    assert (row.purpose, row.hash == text) == (tokens.CALENDAR, False)
    assert text not in " ".join(entry.body for entry in db.session.scalars(select(Entry)))


def test_a_new_address_ends_the_one_before_and_revoking_ends_it_at_once(
    app: Flask, channels: list[Channel], sign_in: SignIn
) -> None:
    editor = sign_in()
    first, second = address_of(editor), address_of(editor)
    assert [read(app, one).status_code for one in (first, second)] == [404, 200]
    editor.post("/account/calendar/revoke")
    assert read(app, second).status_code == 404


def test_it_is_not_found_for_who_has_left(app: Flask, channels: list[Channel], sign_in: SignIn) -> None:
    editor = sign_in()
    address = address_of(editor)
    person: User = db.session.merge(editor.person)
    person.active = False
    db.session.commit()
    assert read(app, address).status_code == 404


def test_one_kind_of_token_does_not_open_the_other(
    app: Flask, channels: list[Channel], sign_in: SignIn
) -> None:
    auditor = sign_in("auditor")
    _token, text = tokens.make(db.session.merge(auditor.person), "Skript", ON, ON)
    db.session.commit()
    assert read(app, f"/calendar/{text}.ics").status_code == 404
    calendars = address_of(auditor).removeprefix("/calendar/").removesuffix(".ics")
    assert read(app, "/evidence/pull.json", Authorization=f"Bearer {calendars}").status_code == 401


def test_a_calendar_that_has_it_already_is_told_so(
    app: Flask, channels: list[Channel], sign_in: SignIn
) -> None:
    address = address_of(sign_in())
    answer = read(app, address)
    again = read(app, address, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    factories.planned_meeting(date(2026, 11, 3), channels)
    db.session.commit()
    assert read(app, address, **{"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_lines_are_folded_and_end_as_the_standard_says(
    app: Flask, channels: list[Channel], sign_in: SignIn
) -> None:
    text = read(app, address_of(sign_in())).data
    lines = text.split(b"\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in lines
    assert b"BEGIN:VTIMEZONE" in lines


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200))
def test_any_words_come_back_whole(said: str) -> None:
    made = calendar(PUBLISH)
    made.add_component(day_event("a@example.org", ON, said, "https://example.org/", NOON, more=said))
    (event,) = Calendar.from_ical(made.to_ical()).walk("VEVENT")
    assert [str(event.get(name, "")) for name in ("summary", "description")] == [said, said]
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)


def test_every_role_may_have_one(channels: list[Channel], sign_in: SignIn) -> None:
    for role in Role:
        assert address_of(sign_in(role.value)).endswith(".ics")
