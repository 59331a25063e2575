"""The organisation: what holds for all of it is changed knowingly, mailboxes are added and change their address."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker.extensions import db
from tracker.models import Contact, Entry, Organisation, Words

SignIn = Callable[..., Browser]
CHANGE, ADD = "/organisation/change", "/organisation/mailboxes/add"
pytestmark = pytest.mark.usefixtures("app")


def house() -> Organisation:
    db.session.expire_all()
    return db.session.get_one(Organisation, 1)


def deeds() -> list[str]:
    return list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))


def said() -> dict[str, str]:
    return {one.field: one.text for one in db.session.scalars(select(Words)) if one.field != "by"}


def changed(browser: Browser, expect: int = 200, **typed: str) -> Page:
    form = browser.get(CHANGE).form("change")
    return browser.post(CHANGE, form.filled(**typed), expect)


def test_before_a_concept_is_loaded_the_page_says_so(sign_in: SignIn) -> None:
    browser = sign_in("admin")
    assert "Noch ist kein Konzept geladen" in browser.get("/organisation").text
    browser.get(CHANGE, expect=404)
    browser.post(CHANGE, {"name": "x"}, expect=404)


def test_name_website_language_and_fallback_are_changed_and_the_journal_keeps_both(sign_in: SignIn) -> None:
    factories.organisation()
    box = factories.contact(name="Presse", email="presse@example.org")
    page = changed(sign_in("admin"), name="IHK  Neu", website="https://ihk.example.org", fallback=str(box.id))
    assert "Die Organisation ist geändert." in page.text
    assert (house().name, house().website, house().fallback_contact_id) == (
        "IHK Neu",
        "https://ihk.example.org",
        box.id,
    )
    assert deeds() == ["organisation.change"]
    assert said() == {
        "name.before": "IHK Beispiel", "name.after": "IHK Neu", "website.before": "–",
        "website.after": "https://ihk.example.org", "fallback.before": "–", "fallback.after": "Presse",
    }  # fmt: skip
    journal = sign_in("auditor").get("/journal")
    assert "Organisation geändert" in journal.text


def test_another_time_zone_is_asked_about_before_it_is_saved(
    sign_in: SignIn, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(datetime.fromisoformat("2026-04-01T05:00:00+00:00"))
    factories.organisation()
    browser = sign_in("admin")
    page = changed(browser, timezone="America/New_York", name="IHK Neu")
    assert "Noch ist nichts gespeichert." in page.text
    assert "In America/New York ist jetzt der 01.04.2026" in page.text
    assert (house().timezone, deeds()) == ("Europe/Berlin", [])
    browser.post(CHANGE, page.form("change").filled(timezone="Pacific/Honolulu"))
    assert house().timezone == "Europe/Berlin", "what was confirmed was another zone"
    page = browser.post(CHANGE, page.form("change").filled(timezone="Pacific/Honolulu"))
    assert "In Pacific/Honolulu ist jetzt der 31.03.2026; bisher gilt der 01.04.2026 als heute." in page.text
    browser.post(CHANGE, page.form("change").values)
    assert (house().timezone, house().name) == ("Pacific/Honolulu", "IHK Neu")


def test_another_region_is_asked_about_too(sign_in: SignIn) -> None:
    factories.organisation()
    browser = sign_in("admin")
    first = browser.get(CHANGE).words("option")
    assert first[first.index("Deutschland") + 1] == "Baden-Württemberg"
    page = changed(browser, holiday_region="DE-BY")
    assert "mit anderen Feiertagen" in page.text
    assert "als heute" not in page.text
    browser.post(CHANGE, page.form("change").values)
    assert house().holiday_region == "DE-BY"


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("name", "value"),
    [("name", ""), ("name", " \x00 "), ("name", "x" * 100_000), ("website", "javascript:alert(1)"),
     ("website", "https://[x"), ("website", "https://" + "x" * 600), ("timezone", "Europe/Nowhere"),
     ("timezone", "../../etc/passwd"), ("language", "fr"), ("holiday_region", "DE-XX"), ("holiday_region", ""),
     ("fallback", "99"), ("fallback", "99999999999999999999")],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_the_field(sign_in: SignIn, name: str, value: str) -> None:
    factories.organisation()
    page = changed(sign_in("admin"), expect=422, **{name: value})
    marked = [
        one.get("id") for tag in ("input", "select") for one in page.all(tag) if one.get("aria-invalid")
    ]
    assert marked == [name]
    assert deeds() == []


def test_sent_twice_it_is_changed_once_and_who_comes_second_is_told(sign_in: SignIn) -> None:
    factories.organisation()
    first, second = sign_in("admin"), sign_in("admin")
    forms = [one.get(CHANGE).form("change") for one in (first, second)]
    first.post(CHANGE, forms[0].filled(name="Eins"))
    assert "Es ist schon so." in first.post(CHANGE, forms[0].filled(name="Eins")).text
    page = second.post(CHANGE, forms[1].filled(name="Zwei"), expect=409)
    assert page.form("change").values["name"] == "Zwei"
    assert (house().name, deeds()) == ("Eins", ["organisation.change"])
    second.post(CHANGE, page.form("change").values)
    assert house().name == "Zwei"


def test_a_mailbox_is_added_once_and_listed_with_what_it_is_there_for(sign_in: SignIn) -> None:
    factories.organisation()
    browser = sign_in("admin")
    for _again in range(2):
        page = browser.post(ADD, {"name": "Presse <b>", "email": "presse@example.org"})
    assert "Presse <b> steht schon in der Liste." in page.text
    box = db.session.scalars(select(Contact)).one()
    factories.channel(contact=box)
    assert "presse@example.org 1 Kanal" in browser.get("/organisation").text
    assert deeds() == ["mailboxes.add"]


def test_a_name_of_the_concept_gets_its_address(sign_in: SignIn) -> None:
    factories.organisation()
    named = factories.contact(name="Presse")
    browser = sign_in("admin")
    browser.post(ADD, {"name": "presse", "email": "presse@example.org"})
    db.session.refresh(named)
    assert named.email == "presse@example.org"
    assert said() == {"name": "Presse", "address.before": "–", "address.after": "presse@example.org"}


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("name", "email", "marked"),
    [("", "a@example.org", "name"), ("x" * 201, "a@example.org", "name"), ("Person", "a@example.org", "name"),
     ("Presse", "andere@example.org", "name"), ("Neu", "", "email"), ("Neu", "a@", "email"),
     ("Neu", "a@b@example.org", "email"), ("Neu", "x" * 100_000, "email"), ("Neu", "ä@example.org", "email"),
     ("Neu", "a@example.org\nBcc: b@example.org", "email")],
)  # fmt: skip
def test_a_mailbox_that_cannot_be_is_refused(sign_in: SignIn, name: str, email: str, marked: str) -> None:
    factories.organisation()
    factories.contact(factories.person(name="Person"))
    factories.contact(name="Presse", email="presse@example.org")
    page = sign_in("admin").post(ADD, {"name": name, "email": email}, expect=422)
    assert [one.get("id") for one in page.all("input") if one.get("aria-invalid")] == [marked]
    assert deeds() == []


def test_an_address_is_changed_and_taken_away_and_two_are_told_apart(sign_in: SignIn) -> None:
    factories.organisation()
    box = factories.contact(name="Presse", email="alt@example.org")
    browser = sign_in("admin")
    url = browser.get("/organisation").link("Adresse ändern")
    stale = browser.get(url).form("mailboxes")
    browser.post(url, stale.filled(email="neu@example.org"))
    page = browser.post(url, stale.filled(email="dritte@example.org"), expect=409)
    assert "Sie lautet jetzt neu@example.org" in page.text
    assert page.form("mailboxes").values["email"] == "dritte@example.org"
    browser.post(url, page.form("mailboxes").filled(email="kaputt"), expect=422)
    browser.post(url, page.form("mailboxes").filled(email=""))
    db.session.refresh(box)
    assert box.email is None
    assert "niemand erreichbar" in browser.get("/organisation").text
    assert deeds() == ["mailboxes.change", "mailboxes.change"]


def test_a_persons_address_is_no_mailbox(sign_in: SignIn) -> None:
    factories.organisation()
    someone = factories.contact(factories.person())
    for number in (someone.id, 999, 99999999999999999999):
        sign_in("admin").post(f"/organisation/mailboxes/{number}", {"email": "a@example.org"}, expect=404)


def test_management_reads_and_a_limited_administration_changes_nothing(sign_in: SignIn) -> None:
    unit = factories.unit()
    assert "Organisation ändern" not in sign_in("manager").get("/organisation").text
    limited = sign_in("admin", units=[unit])
    assert "Organisation ändern" not in limited.get("/organisation").text
    for url in (CHANGE, ADD, "/organisation/mailboxes/1"):
        limited.get(url, expect=403)


def test_a_form_without_a_token_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    factories.organisation()
    app.config["WTF_CSRF_ENABLED"] = True
    for url in (CHANGE, ADD):
        assert sign_in("admin").send(url, {"name": "x"}).status_code == 400
    assert house().name == "IHK Beispiel"


def test_english_works_too(sign_in: SignIn) -> None:
    factories.organisation()
    box = factories.contact(name="Presse", email="presse@example.org")
    browser = sign_in("admin", language="en")
    for url in ("/organisation", CHANGE, ADD, f"/organisation/mailboxes/{box.id}"):
        browser.get(url)
    assert "Nothing is saved yet." in changed(browser, timezone="Asia/Tokyo", holiday_region="DE").text
