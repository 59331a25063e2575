"""The page of one person: what an admin changes there, what is asked about, and what the journal keeps of it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker.extensions import db
from tracker.models import Contact, Entry, User, Words
from tracker.people.roles import roles_of
from tracker.rules.words import Role

SignIn = Callable[..., Browser]


@pytest.fixture
def ada(app: Flask) -> User:
    """An editor of all units, with the contact by which others name her."""
    someone = factories.person("editor", "Ada Beck")
    factories.contact(someone)
    return someone


def known(person: User) -> User:
    db.session.expire_all()
    return db.session.get_one(User, person.id)


def deeds() -> list[str]:
    return list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))


def said() -> dict[str, str]:
    db.session.expire_all()
    return {one.field: one.text for one in db.session.scalars(select(Words)) if one.field != "by"}


def changed(browser: Browser, person: User, expect: int = 200, **typed: str | list[str]) -> Page:
    url = f"/people/{person.id}/change"
    return browser.post(url, browser.get(url).form("/change").filled(**typed), expect)


def test_name_address_and_language_are_changed_once_and_the_journal_keeps_both(
    sign_in: SignIn, ada: User
) -> None:
    admin = sign_in("admin")
    form = admin.get(f"/people/{ada.id}/change").form("/change")
    typed = form.filled(full_name="Ada  Vogel", email="Ada.Vogel@Example.org", language="en")
    assert "Ada Vogel ist geändert." in admin.post(form.action, typed).text
    assert "Es ist schon so." in admin.post(form.action, typed).text
    assert (known(ada).full_name, ada.email, ada.language) == ("Ada Vogel", "Ada.Vogel@example.org", "en")
    assert db.session.scalars(select(Contact.name).where(Contact.user_id == ada.id)).one() == "Ada Vogel"
    assert deeds() == ["people.change"]
    assert said()["name.before"] == "Ada Beck"
    assert said()["name.after"] == "Ada Vogel"
    assert said()["email.after"] == "Ada.Vogel@example.org"
    assert db.session.scalars(select(Entry.by_id)).one() == admin.person.id  # type: ignore[union-attr]
    assert "Ada Vogel" in sign_in("auditor").get("/journal").text


def test_a_contact_whose_name_the_concept_gave_keeps_it(sign_in: SignIn) -> None:
    someone = factories.person("editor", "Ada Beck")
    named = factories.contact(someone, name="Pressestelle")
    changed(sign_in("admin"), someone, full_name="Ada Vogel")
    db.session.refresh(named)
    assert named.name == "Pressestelle"


def test_several_roles_each_for_its_units(sign_in: SignIn, ada: User) -> None:
    north, south = factories.unit("Nord"), factories.unit("Süd")
    page = changed(sign_in("admin"), ada, editor="some", editor_units=[str(north.id)], manager="some",
                   manager_units=[str(north.id), str(south.id)], auditor="all")  # fmt: skip
    assert "Redaktion (Nord)" in page.text
    assert roles_of(known(ada)) == {
        Role.EDITOR: (north,), Role.MANAGER: (north, south), Role.AUDITOR: (),
    }  # fmt: skip
    assert deeds() == ["roles.add", "roles.add", "roles.add"]
    changed(sign_in("admin"), ada, manager="no")
    assert Role.MANAGER not in roles_of(known(ada))
    assert deeds()[3:] == ["roles.remove"]
    assert {"Nord, Süd", "alle Einheiten", "–"} <= set(db.session.scalars(select(Words.text)))


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("typed", "marked"),
    [({"full_name": ""}, "full_name"), ({"full_name": "\x00 "}, "full_name"),
     ({"full_name": "x" * 100_000}, "full_name"), ({"email": "ada"}, "email"),
     ({"email": "TAKEN@example.org"}, "email"),
     ({"email": "a@b.de\nBcc: c@d.de"}, "email"), ({"email": "ada@example.org\x00"}, "email"),
     ({"language": "fr"}, "language")],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_the_field(
    sign_in: SignIn, ada: User, typed: dict[str, str], marked: str
) -> None:
    factories.person().email = "taken@example.org"
    page = changed(sign_in("admin"), ada, expect=422, **typed)
    controls = [one for tag in ("input", "select") for one in page.all(tag) if one.get("aria-invalid")]
    assert [one.get("id") for one in controls] == [marked]
    assert deeds() == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "typed",
    [{"manager": "some"}, {"manager": "some", "manager_units": "99"}, {"manager": "some", "manager_units": "x"},
     {"manager": "king"}, {"manager": ""}],
)  # fmt: skip
def test_a_role_for_no_unit_or_one_that_is_not_there_is_refused(
    sign_in: SignIn, ada: User, typed: dict[str, str]
) -> None:
    factories.unit()
    page = changed(sign_in("admin"), ada, expect=422, **typed)
    assert page.all("p", class_="fault")
    assert roles_of(known(ada)) == {Role.EDITOR: ()}


def test_of_two_admins_the_second_is_told_what_changed_and_sees_what_was_typed(
    sign_in: SignIn, ada: User
) -> None:
    factories.unit("Nord")
    first, second = sign_in("admin"), sign_in("admin")
    forms = [one.get(f"/people/{ada.id}/change").form("/change") for one in (first, second)]
    first.post(forms[0].action, forms[0].filled(full_name="Ada Vogel", manager="all"))
    page = second.post(forms[1].action, forms[1].filled(full_name="Ada Specht"), expect=409)
    assert page.words("del") == ["Ada Beck", "nein"]
    assert page.words("ins") == ["Ada Vogel", "alle Einheiten"]
    assert page.form("/change").values["full_name"] == "Ada Specht"
    assert known(ada).full_name == "Ada Vogel"
    second.post(forms[1].action, page.form("/change").filled(seen="nonsense"), expect=409)
    second.post(forms[1].action, page.form("/change").values)
    assert known(ada).full_name == "Ada Specht"


def test_giving_away_ones_own_administration_is_asked_about(sign_in: SignIn) -> None:
    factories.person("admin")
    browser = sign_in("admin")
    me = browser.person
    assert me is not None
    page = changed(browser, me, admin="no", editor="all")
    assert "Noch ist nichts gespeichert." in page.text
    assert (Role.ADMIN in roles_of(known(me)), deeds()) == (True, [])
    browser.post(f"/people/{me.id}/change", page.form("/change").values)
    assert roles_of(known(me)) == {Role.EDITOR: ()}
    browser.get(f"/people/{me.id}/change", expect=403)


@pytest.mark.parametrize("way", ["no", "some"])
def test_the_last_admin_of_all_units_is_neither_taken_away_nor_limited(sign_in: SignIn, way: str) -> None:
    unit = factories.unit()
    factories.person("admin", units=[unit])
    factories.person("admin", active=False)
    browser = sign_in("admin")
    assert browser.person is not None
    page = changed(browser, browser.person, 422, admin=way, admin_units=[str(unit.id)], confirmed="own-role")
    assert "Jemand muss" in page.text
    assert roles_of(known(browser.person))[Role.ADMIN] == ()
    assert deeds() == []


def test_a_new_first_password_ends_all_sessions_and_works_at_the_sign_in(
    app: Flask, sign_in: SignIn, ada: User
) -> None:
    theirs, admin = sign_in(ada), sign_in("admin")
    theirs.get("/account")
    url = f"/people/{ada.id}/password"
    admin.post(url, {"password": "kurz"}, expect=422)
    admin.post(url, {"password": "x" * 100_000}, expect=422)
    for words in ("ist überall abgemeldet", "Es ist schon so."):
        page = admin.post(url, {"password": "Grüße aus Göppingen"})
        assert words in page.text
    assert "Göppingen" not in page.html
    assert theirs.raw.get("/account").status_code == 302
    assert deeds() == ["people.change"]
    assert "Göppingen" not in " ".join(said().values())
    fresh = app.test_client()
    typed = {"email": ada.email, "password": "Grüße aus Göppingen"}
    assert fresh.post("/login", data=typed).status_code == 302


def test_ones_own_password_is_changed_where_the_old_one_is_asked(sign_in: SignIn) -> None:
    browser = sign_in("admin")
    assert browser.person is not None
    answer = browser.send(f"/people/{browser.person.id}/password", {"password": "ein ganz neues Passwort"})
    assert answer.location == "/account/password"
    assert deeds() == []


def test_deactivating_names_what_stays_open_and_happens_once(sign_in: SignIn, ada: User) -> None:
    contact = db.session.scalars(select(Contact)).one()
    channel = factories.channel(factories.unit("Nord"), "Mastodon", contact=contact)
    factories.action(channel, contact, date(2027, 1, 1), "Impressum ergänzen")
    admin = sign_in("admin")
    page = admin.get(f"/people/{ada.id}/deactivate")
    assert "Zuständig für 1 Kanal" in page.text
    assert "1 offene Maßnahme Impressum ergänzen" in page.text
    assert known(ada).active
    for _again in range(2):
        admin.post(f"/people/{ada.id}/deactivate")
    assert (known(ada).active, deeds()) == (False, ["people.deactivate"])


def test_a_manager_reads_and_changes_nothing(sign_in: SignIn, ada: User) -> None:
    browser = sign_in("manager")
    page = browser.get(f"/people/{ada.id}")
    assert "Redaktion (alle Einheiten)" in page.text
    assert f"/people/{ada.id}/" not in page.html
    for way in ("change", "password", "deactivate"):
        browser.get(f"/people/{ada.id}/{way}", expect=403)


def test_the_list_is_paged_searched_and_filtered(sign_in: SignIn) -> None:
    for k in range(51):
        factories.person("auditor", f"Prüfer {k:02}")
    factories.person("editor", "Änne Öhler", active=False)
    browser = sign_in("admin")

    def rows(page: Page) -> list[str]:
        return page.words("th", scope="row")

    page = browser.get("/people")
    assert len(rows(page)) == 50
    assert len(rows(browser.get(page.link("Weiter")))) == 3
    assert rows(browser.get("/people?text=öhler")) == ["Änne Öhler"]
    assert rows(browser.get("/people?role=editor&state=deactivated")) == ["Änne Öhler"]
    assert len(rows(browser.get("/people?role=auditor&page=2"))) == 1
    assert "passt niemand" in browser.get("/people?text=%00%25_zz").text
    browser.get("/people?role=king&state=x&page=99999999999999999999")


def test_nobody_is_a_page_that_is_not_there_and_a_form_without_a_token_changes_nothing(
    app: Flask, sign_in: SignIn, ada: User
) -> None:
    browser = sign_in("admin")
    for way in ("", "/change", "/password", "/deactivate"):
        browser.get(f"/people/99{way}", expect=404)
    app.config["WTF_CSRF_ENABLED"] = True
    for way in ("change", "password", "deactivate"):
        assert (
            browser.send(f"/people/{ada.id}/{way}", {"full_name": "x", "password": "x" * 12}).status_code
            == 400
        )
    assert deeds() == []
