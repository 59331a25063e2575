"""Before dangerous deeds one proves again who one is; an account that ends takes its sessions along for good."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker import clock, tokens
from tracker.extensions import db
from tracker.models import Access, User
from tracker.rules.accounts import Attempt

SignIn = Callable[..., Browser]
OLD, NEW = "ein langes Passwort", "Vier Kraniche malen leise"
ADA = {"full_name": "Ada Neu", "email": "ada.neu@example.org", "password": NEW, "role": "editor"}

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def later(app: Flask, sign_in: SignIn) -> Callable[[str], Browser]:
    """later("admin"): somebody who signed in an hour ago."""
    app.config["SECURITY_FRESHNESS"] = timedelta(minutes=10)

    def signed_in_an_hour_ago(role: str) -> Browser:
        browser = sign_in(role)
        with browser.raw.session_transaction() as session:
            session["fs_paa"] = clock.now().timestamp() - 3600
        return browser

    return signed_in_an_hour_ago


def there(email: str) -> bool:
    db.session.rollback()
    return db.session.scalar(select(User.id).where(User.email == email)) is not None


def signed_in(app: Flask, someone: Any) -> Browser:
    browser = Browser(app.test_client())
    browser.post("/login", {"email": someone.email, "password": OLD})
    return browser


def is_open(browser: Browser) -> bool:
    return browser.raw.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("role", "way"),
    [("admin", "/people/add"), ("admin", "/organisation/change"), ("admin", "/people/1/deactivate"),
     ("manager", "/concept/load"), ("manager", "/account/tokens")],
)  # fmt: skip
def test_the_page_of_a_dangerous_deed_asks_for_the_password_once_and_goes_on(
    later: Callable[[str], Browser], role: str, way: str
) -> None:
    factories.organisation()
    browser = later(role)
    asked = browser.get(way)
    assert "Bitte bestätigen Sie" in asked.text
    form = asked.form("/account/confirm")
    wrong = browser.post(form.action, {**form.values, "password": "falsch geraten"})
    assert "Bestätigen" in wrong.text
    assert db.session.scalars(select(Access.kind)).all() == [Attempt.SIGN_IN_REFUSED]
    answer = browser.send(form.action, {**form.values, "password": OLD})
    assert answer.location == way
    assert browser.raw.get(way).status_code == 200


def test_to_end_other_sessions_proves_nothing(later: Callable[[str], Browser]) -> None:
    browser = later("admin")
    browser.post("/account/sessions/end")
    assert "Bitte bestätigen Sie" in browser.get("/people/add").text


def test_what_was_typed_meanwhile_is_kept_and_sent_again(later: Callable[[str], Browser]) -> None:
    browser = later("admin")
    page = browser.post("/people/add", ADA, expect=401)
    assert "Bitte bestätigen Sie zuerst, dass Sie es sind." in page.text
    assert not there(ADA["email"])
    form = page.form("/people/add")
    assert form.values["full_name"] == "Ada Neu"
    assert "password" not in form.values
    browser.post("/account/confirm", {"password": OLD})
    browser.post(form.action, form.values)
    assert there(ADA["email"])


def test_everything_else_goes_on_without_a_question(later: Callable[[str], Browser]) -> None:
    for role, page in (("admin", "/people"), ("manager", "/concept"), ("editor", "/account")):
        assert later(role).raw.get(page).status_code == 200


def test_ones_own_new_password_ends_other_sessions_and_tokens_and_says_so(
    app: Flask, sign_in: SignIn
) -> None:
    here = sign_in("auditor")
    someone: Any = here.person
    elsewhere, today = signed_in(app, someone), clock.today("Europe/Berlin")
    tokens.make(someone, "Skript", today + timedelta(days=30), today)
    db.session.commit()
    typed = {
        "password": OLD,
        "new_password": "Passwort Passwort",
        "new_password_confirm": "Passwort Passwort",
    }
    assert "leicht zu erraten" in here.raw.post("/account/password", data=typed).text
    assert is_open(elsewhere)
    typed |= {"new_password": NEW, "new_password_confirm": NEW}
    assert "Ihre anderen Sitzungen sind beendet" in here.post("/account/password", typed).text
    assert (is_open(here), is_open(elsewhere)) == (True, False)
    db.session.expire_all()
    assert tokens.count(someone, today) == 0


def test_who_is_deactivated_is_out_at_once_and_old_sessions_do_not_come_back(
    app: Flask, sign_in: SignIn
) -> None:
    admin, someone = sign_in("admin"), factories.person("editor")
    open_still = signed_in(app, someone)
    assert is_open(open_still)
    admin.post(f"/people/{someone.id}/deactivate")
    assert not is_open(open_still)
    admin.post(f"/people/{someone.id}/activate")
    assert not is_open(open_still)
    assert is_open(signed_in(app, someone))
