"""People and one's own account: adding, deactivating, and what everybody sees of themselves."""

from collections.abc import Callable

from sqlalchemy import func, select

from tests import factories
from tests.browsing import Browser
from tracker.extensions import db
from tracker.models import Contact, Entry, User

SignIn = Callable[..., Browser]
ADA = {
    "full_name": "Ada Beck", "email": "ada@example.org", "password": "ein langes Passwort", "role": "editor",
}  # fmt: skip


def known(email: str) -> User | None:
    db.session.expire_all()
    return db.session.scalars(select(User).where(User.email == email)).first()


def test_an_admin_adds_a_person_for_one_unit(sign_in: SignIn) -> None:
    unit = factories.unit("Bezirk Nord")
    page = sign_in("admin").post("/people/add", {**ADA, "units": [str(unit.id)]})
    ada = known("ada@example.org")
    assert ada is not None
    assert [role.name for role in ada.roles] == ["editor"]
    assert "Redaktion (Bezirk Nord)" in page.text
    assert db.session.scalars(select(Contact).where(Contact.user_id == ada.id)).one().name == "Ada Beck"
    assert list(db.session.scalars(select(Entry.deed).order_by(Entry.number))) == [
        "users.create",
        "roles.add",
    ]


def test_a_name_of_the_concept_becomes_the_person_of_that_name(sign_in: SignIn) -> None:
    named = factories.contact(name="Ada Beck")
    sign_in("admin").post("/people/add", ADA)
    ada = known("ada@example.org")
    assert ada is not None
    db.session.refresh(named)
    assert named.user_id == ada.id


def test_what_is_not_right_is_said_beside_the_field(sign_in: SignIn) -> None:
    someone = factories.person("editor")
    browser = sign_in("admin")
    before = db.session.scalar(select(func.count(User.id)))
    for name, value in (
        ("email", "ada"), ("email", someone.email.upper()), ("email", "ada@example.org\x00"), ("full_name", " "),
        ("full_name", "x" * 100_000), ("password", "kurz"), ("role", "king"),
    ):  # fmt: skip
        page = browser.post("/people/add", {**ADA, name: value}, expect=422)
        marked = [
            one.get("id") for tag in ("input", "select") for one in page.all(tag) if one.get("aria-invalid")
        ]
        assert marked == [name]
    assert db.session.scalar(select(func.count(User.id))) == before


def test_the_password_is_not_repeated_on_the_page(sign_in: SignIn) -> None:
    page = sign_in("admin").post("/people/add", {**ADA, "email": "ada"}, expect=422)
    assert ADA["password"] not in page.html


def test_somebody_deactivated_is_out_at_once_and_can_come_back(sign_in: SignIn) -> None:
    editor = factories.person("editor", "Ada Beck")
    theirs, admins = sign_in(editor), sign_in("admin")
    theirs.get("/account")
    page = admins.post(f"/people/{editor.id}/deactivate")
    assert "deaktiviert" in page.text
    assert theirs.raw.get("/account").status_code == 302
    admins.post(page.form("activate").action)
    theirs.get("/account")


def test_the_last_admin_stays(sign_in: SignIn) -> None:
    browser = sign_in("admin")
    assert browser.person is not None
    factories.person("admin", units=[factories.unit()])
    assert "Jemand muss" in browser.post(f"/people/{browser.person.id}/deactivate").text
    browser.get("/people")
    browser.post("/people/99999999999999999999/deactivate", expect=404)


def test_managers_see_people_and_change_nothing_and_editors_see_none(sign_in: SignIn) -> None:
    factories.person(name="Ada Beck")
    page = sign_in("manager").get("/people")
    assert "Ada Beck" in sign_in("manager").get(page.link("Ada Beck")).text
    assert "Deaktivieren" not in page.text
    sign_in("manager").get("/people/add", expect=403)
    sign_in("editor").get("/people", expect=403)


def test_my_account_shows_me_and_switches_the_language(sign_in: SignIn) -> None:
    unit = factories.unit("Bezirk Nord")
    browser = sign_in("editor", units=[unit])
    page = browser.get("/account")
    assert browser.person is not None
    assert browser.person.email in page.text
    assert "Redaktion (Bezirk Nord)" in page.text
    form = page.form("/language/en")
    browser.language = "en"
    assert "My account" in browser.post(form.action, form.values).text
    browser.get("/account")


def test_english_works_too(sign_in: SignIn) -> None:
    browser = sign_in("admin", language="en")
    factories.unit()
    assert browser.person is not None
    for page in ("", "/add", *(f"/{browser.person.id}{one}" for one in ("", "/change", "/deactivate"))):
        browser.get(f"/people{page}")
    browser.get(f"/people/{factories.person().id}/password")
