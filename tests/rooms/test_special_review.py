"""A special review: planned for chosen channels outside the routine, with its cause."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from tests import factories
from tests.browsing import Browser
from tracker.extensions import db
from tracker.models import AgendaLine, Entry, Mail, Meeting, Words

SignIn = Callable[..., Browser]
SetClock = Callable[..., None]
URL = "/meetings/plan?special=1"
RULING = "Urteil des EuGH zu Fanseiten"


@pytest.fixture(autouse=True)
def in_may(clock_at: SetClock) -> None:
    clock_at("2026-05-04")


def filled(browser: Browser, **values: Any) -> Any:
    return browser.get(URL).form("/meetings/plan").filled(**{"on": "2026-05-12", "cause": RULING, **values})


def count() -> int:
    return db.session.scalar(select(func.count(Meeting.id))) or 0


def test_the_list_leads_there_and_nothing_is_ticked_by_itself(sign_in: SignIn) -> None:
    factories.channel()
    browser = sign_in()
    page = browser.get(browser.get("/meetings").link("Sonderprüfung"))
    assert page.words("h1") == ["Sonderprüfung planen"]
    assert [one for one in page.all("input", name="channels") if "checked" in one.attrib] == []


def test_it_is_planned_for_the_chosen_channels_with_its_cause(sign_in: SignIn) -> None:
    one, due = factories.channel(), factories.channel()
    browser = sign_in()
    page = browser.post(URL, filled(browser, channels=[str(one.id)]))
    meeting = db.session.scalars(select(Meeting)).one()
    assert meeting.cause == RULING
    assert db.session.scalars(select(AgendaLine.channel_id)).all() == [one.id] != [due.id]
    assert f"Sonderprüfung: {RULING}" in page.text
    assert f"Sonderprüfung: {RULING}" in browser.get("/meetings").text
    assert db.session.scalars(select(Entry.deed)).all() == ["meetings.plan"]
    said = dict(db.session.execute(select(Words.field, Words.text)).all())
    assert said["cause"] == RULING


def test_without_cause_or_channel_it_is_refused_and_what_was_typed_stays(sign_in: SignIn) -> None:
    one, browser = factories.channel(), sign_in()
    for cause in ("", "   ", "\x00", "x" * 100_000):
        page = browser.post(
            URL, filled(browser, cause=cause, place="Raum 4", channels=[str(one.id)]), expect=422
        )
        assert page.words("p", id="cause-error") != []
        assert page.form("/meetings/plan").values["place"] == "Raum 4"
        assert page.form("/meetings/plan").values["channels"] == str(one.id)
    page = browser.post(URL, filled(browser), expect=422)
    assert page.words("p", id="channels-error") == ["Bitte wählen Sie mindestens einen Kanal."]
    assert page.form("/meetings/plan").values["cause"] == RULING
    assert count() == 0


def test_html_in_a_cause_stays_text(sign_in: SignIn) -> None:
    one, browser = factories.channel(), sign_in()
    browser.post(URL, filled(browser, channels=str(one.id), cause="<b>Urteil</b>\r\nvom 4. Mai 🙂"))
    assert "Sonderprüfung: <b>Urteil</b> vom 4. Mai 🙂" in browser.get("/meetings").text


def test_sent_twice_it_is_planned_once_but_another_cause_is_another_review(sign_in: SignIn) -> None:
    one, browser = factories.channel(), sign_in()
    form = filled(browser, channels=str(one.id))
    browser.post(URL, form)
    assert "bereits geplant" in browser.post(URL, form).text
    assert count() == 1
    browser.post(URL, filled(browser, channels=str(one.id), cause="Schreiben der Aufsicht"))
    assert count() == 2


def test_those_invited_read_the_cause_and_so_does_their_calendar(sign_in: SignIn) -> None:
    one, browser = factories.channel(), sign_in()
    box = factories.contact(name="Presse", email="presse@example.org")
    browser.post(URL, filled(browser, channels=str(one.id), invited=str(box.id)))
    mail = db.session.scalars(select(Mail)).one()
    assert mail.subject == "Einladung: Sonderprüfung am 12.05.2026"
    assert RULING in (mail.text or "")
    [found] = Calendar.from_ical(mail.calendar or "").walk("VEVENT")
    assert found["SUMMARY"] == f"Sonderprüfung: {RULING}"


def test_a_cancelled_one_is_planned_again_as_what_it_was(sign_in: SignIn) -> None:
    one, browser = factories.channel(), sign_in()
    browser.post(URL, filled(browser, channels=str(one.id)))
    meeting = db.session.scalars(select(Meeting)).one()
    page = browser.post(f"/meetings/{meeting.id}/cancel")
    again = browser.get(page.link("Erneut planen")).form("/meetings/plan")
    assert (again.values["cause"], again.values["channels"]) == (RULING, str(one.id))


def test_an_editor_of_one_unit_reviews_only_its_channels(sign_in: SignIn) -> None:
    mine, other = factories.channel(), factories.channel()
    browser = sign_in("editor", units=[mine.unit])
    browser.post(URL, filled(browser, channels=str(other.id)), expect=422)
    sign_in("auditor").get(URL, expect=403)
    assert count() == 0


def test_those_invited_to_a_special_review_are_not_the_usual_round(sign_in: SignIn) -> None:
    box, meeting = factories.contact(email="a@example.org"), factories.planned_meeting(date(2026, 5, 6))
    meeting.cause = RULING
    browser = sign_in()
    browser.post(f"/meetings/{meeting.id}/invited", {"invited": str(box.id)})
    boxes = browser.get("/meetings/plan").all("input", name="invited")
    assert [one for one in boxes if "checked" in one.attrib] == []


def test_the_page_speaks_english_too(sign_in: SignIn) -> None:
    factories.channel()
    browser = sign_in(language="en")
    assert browser.get(URL).words("h1") == ["Plan a special review"]
    browser.post(URL, filled(browser, cause=""), expect=422)
