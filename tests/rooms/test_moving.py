"""Moving a planned meeting: where it was planned at first stays on record, and those invited are told."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker.extensions import db
from tracker.models import Entry, Mail, Meeting, Words

SignIn = Callable[..., Browser]
SetClock = Callable[..., None]


@pytest.fixture(autouse=True)
def in_may(clock_at: SetClock) -> None:
    clock_at("2026-05-04")


def planned(on: date = date(2026, 5, 12), channels: Any = None, **more: Any) -> Meeting:
    return factories.planned_meeting(on, [factories.channel()] if channels is None else channels, **more)


def moved(browser: Browser, meeting: Meeting, expect: int = 200, **values: str) -> Any:
    """Open the page, fill in, send."""
    form = browser.get(f"/meetings/{meeting.id}/move").form("/move")
    page = browser.post(f"/meetings/{meeting.id}/move", form.filled(**values), expect=expect)
    db.session.expire_all()
    return page


def test_a_moved_meeting_keeps_the_day_it_was_planned_for_at_first(sign_in: SignIn) -> None:
    meeting, browser = planned(), sign_in()
    page = moved(browser, meeting, on="2026-05-19", starts_at="10:00", place="Video", reason="Urlaub")
    assert "Sitzung am 19.05.2026" in page.words("h1")[0]
    assert "Verschoben vom Dienstag, 12. Mai 2026" in page.text
    assert (meeting.planned_on, meeting.starts_at, meeting.place) == (date(2026, 5, 19), time(10), "Video")
    moved(browser, meeting, on="2026-05-26")
    assert (meeting.first_planned_on, meeting.sequence) == (date(2026, 5, 12), 2)
    assert "verschoben vom 12.05.2026" in browser.get("/meetings").text


def test_the_journal_says_from_where_to_where_and_why(sign_in: SignIn) -> None:
    meeting = planned()
    moved(sign_in(), meeting, on="2026-05-19", reason="Urlaub")
    entry = db.session.scalars(select(Entry)).one()
    assert '"from":"2026-05-12"' in entry.body
    assert '"on":"2026-05-19"' in entry.body
    said = dict(db.session.execute(select(Words.field, Words.text)).all())
    assert said["reason"] == "Urlaub"


def test_moved_back_it_is_no_longer_marked_but_calendars_hear_of_it(sign_in: SignIn) -> None:
    meeting, browser = planned(), sign_in()
    moved(browser, meeting, on="2026-05-19")
    page = moved(browser, meeting, on="2026-05-12")
    assert "Verschoben vom" not in page.text
    assert meeting.sequence == 2


def test_another_place_alone_is_no_move_of_the_day(sign_in: SignIn) -> None:
    meeting = planned()
    page = moved(sign_in(), meeting, place="Raum 7")
    assert (meeting.first_planned_on, meeting.sequence, meeting.place) == (None, 1, "Raum 7")
    assert "Verschoben vom" not in page.text


def test_the_same_form_sent_twice_moves_once(sign_in: SignIn) -> None:
    meeting, browser = planned(), sign_in()
    form = browser.get(f"/meetings/{meeting.id}/move").form("/move").filled(on="2026-05-19")
    browser.post(f"/meetings/{meeting.id}/move", form)
    assert "Es wurde nichts geändert" in browser.post(f"/meetings/{meeting.id}/move", form).text
    db.session.expire_all()
    assert meeting.sequence == 1
    assert len(db.session.scalars(select(Entry)).all()) == 1


def test_of_two_who_move_it_at_once_the_second_is_told_and_may_insist(sign_in: SignIn) -> None:
    meeting, first, second = planned(), sign_in(), sign_in("manager")
    form = second.get(f"/meetings/{meeting.id}/move").form("/move")
    moved(first, meeting, on="2026-05-19", starts_at="10:00")
    page = second.post(
        f"/meetings/{meeting.id}/move", form.filled(on="2026-05-20", reason="Feiertag"), expect=409
    )
    assert "inzwischen geändert" in page.text
    assert "Dienstag, 19. Mai 2026, 10:00 Uhr" in page.text
    again = page.form("/move")
    assert (again.values["on"], again.values["reason"]) == ("2026-05-20", "Feiertag")
    db.session.expire_all()
    assert meeting.planned_on == date(2026, 5, 19)
    second.post(f"/meetings/{meeting.id}/move", again.values)
    db.session.expire_all()
    assert meeting.planned_on == date(2026, 5, 20)


@pytest.mark.parametrize("day", ["2026-02-30", "", "0001-01-01", "9999-12-31", "morgen", "🙂"])
def test_a_day_that_cannot_be_is_refused_beside_its_field(sign_in: SignIn, day: str) -> None:
    meeting = planned()
    page = moved(sign_in(), meeting, expect=422, on=day, place="<b>Raum</b>\x00 🙂", reason="Grund")
    assert page.all("input", id="on")[0].get("aria-invalid") == "true"
    assert page.all("input", id="place")[0].get("value") == "<b>Raum</b> 🙂"
    assert page.words("textarea", id="reason") == ["Grund"]
    assert meeting.sequence == 0


@pytest.mark.parametrize("field", ["place", "reason", "starts_at", "seen"])
def test_far_too_much_is_refused(sign_in: SignIn, field: str) -> None:
    meeting = planned()
    expect = 409 if field == "seen" else 422
    moved(sign_in(), meeting, expect=expect, **{"on": "2026-05-19", field: "x" * 100_000})
    assert meeting.sequence == 0


def test_what_is_over_does_not_move(sign_in: SignIn) -> None:
    browser, one = sign_in(), factories.channel()
    closed = factories.closed_meeting(date(2026, 4, 14), [one])
    cancelled = planned(channels=[one])
    browser.post(f"/meetings/{cancelled.id}/cancel")
    for meeting, said in ((closed, "bereits abgeschlossen"), (cancelled, "wurde abgesagt")):
        assert said in browser.get(f"/meetings/{meeting.id}/move").text
        assert said in browser.post(f"/meetings/{meeting.id}/move", {"on": "2026-05-19"}).text
        db.session.expire_all()
        assert meeting.first_planned_on is None


def test_who_may_not_plan_for_every_channel_cannot_move_it(sign_in: SignIn) -> None:
    mine, other = factories.channel(), factories.channel()
    shared, foreign = planned(channels=[mine, other]), planned(channels=[other])
    browser = sign_in("editor", units=[mine.unit])
    assert "verschieben" not in browser.get(f"/meetings/{shared.id}").text
    browser.post(f"/meetings/{shared.id}/move", {"on": "2026-05-19"}, expect=403)
    browser.get(f"/meetings/{foreign.id}/move", expect=404)
    browser.get("/meetings/99999999999999999999/move", expect=404)
    sign_in("auditor").get(f"/meetings/{shared.id}/move", expect=403)


def test_an_expired_form_moves_nothing(app: Any, sign_in: SignIn) -> None:
    meeting, browser = planned(), sign_in()
    app.config["WTF_CSRF_ENABLED"] = True
    browser.post(f"/meetings/{meeting.id}/move", {"on": "2026-05-19", "csrf_token": "old"}, expect=400)
    db.session.expire_all()
    assert meeting.planned_on == date(2026, 5, 12)


def test_nobody_is_written_to_who_is_not_invited(
    sign_in: SignIn,
) -> None:
    factories.contact(name="Presse", email="presse@example.org")
    meeting = planned()
    moved(sign_in(), meeting, on="2026-05-19")
    assert db.session.scalars(select(Mail)).all() == []


def test_the_page_speaks_english_too(sign_in: SignIn) -> None:
    meeting, browser = planned(), sign_in(language="en")
    page = moved(browser, meeting, on="2026-05-19", starts_at="10:00")
    assert "Moved from Tuesday, 12 May 2026" in page.text
    browser.get("/meetings")
