"""Invited, forgotten, changed: how somebody comes to a password of their own, and what it ends."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_security import views
from sqlalchemy import select, update

from tests import factories
from tests.browsing import Browser
from tracker import outbox, passwords, tokens
from tracker.extensions import db
from tracker.models import Entry, Mail, User

SignIn = Callable[..., Browser]
NEW = "Vier Kraniche malen leise"
NOON = datetime(2026, 4, 10, 10, 0, tzinfo=UTC)


@pytest.fixture
def time() -> Any:
    with time_machine.travel(NOON, tick=False) as stands:
        yield stands


def link(app: Flask) -> str:
    """The way that stands in the last mail."""
    db.session.rollback()
    text = db.session.scalars(
        select(Mail.text).where(Mail.kind == "account").order_by(Mail.id.desc())
    ).first()
    found = re.search(r"https?://[^/\s]+(/\S+)", text or "")
    assert found
    return found[1]


def added(admin: Browser, **more: str) -> User:
    typed = {"full_name": "Ada Neu", "email": "ada.neu@example.org", "password": "", "role": "editor", **more}
    admin.post("/people/add", typed)
    return db.session.scalars(select(User).where(User.email == "ada.neu@example.org")).one()


def signs_in(app: Flask, email: str, password: str) -> bool:
    answer = app.test_client().post("/login", data={"email": email, "password": password})
    return answer.status_code == 302


def test_who_is_invited_sets_a_password_with_the_link_of_the_mail_once(
    app: Flask, time: Any, sign_in: SignIn
) -> None:
    app.config["MAIL_HOST"] = "mail.example.org"
    admin = sign_in("admin")
    someone = added(admin)
    assert "ist per Mail eingeladen" not in admin.get("/people").text, "said once, on the page of the person"
    assert "Eingeladen; der Link gilt bis 17.04.2026, 12:00." in admin.get(f"/people/{someone.id}").text
    assert "(noch kein Passwort)" in admin.get("/people").text
    assert not signs_in(app, someone.email, "")
    way, guest = link(app), Browser(app.test_client())
    page = guest.get(way)
    assert page.words("h1") == ["Passwort festlegen"]
    form = page.form("/reset/")
    said = guest.post(form.action, {**form.values, "password": "kurz", "password_confirm": "kurz"})
    assert "mindestens 12 Zeichen" in said.text
    done = guest.post(form.action, {**form.values, "password": NEW, "password_confirm": NEW})
    assert "Das Passwort ist festgelegt." in done.text
    assert "(noch kein Passwort)" not in admin.get("/people").text
    assert signs_in(app, someone.email, NEW)
    assert "Dieser Link gilt nicht mehr." in guest.get(way, expect=410).text
    assert "Dieser Link gilt nicht mehr." in guest.get(form.action).text
    db.session.expire_all()
    deeds = db.session.scalars(select(Entry.deed).order_by(Entry.number.desc()).limit(2)).all()
    assert deeds == ["people.change", "people.invite"]


def test_an_invitation_ends_after_seven_days_or_with_the_next_one(
    app: Flask, time: Any, sign_in: SignIn
) -> None:
    app.config["MAIL_HOST"] = "mail.example.org"
    admin, guest = sign_in("admin"), Browser(app.test_client())
    someone = added(admin)
    first = link(app)
    admin.post(f"/people/{someone.id}/invite")
    second = link(app)
    assert second != first
    guest.get(first, expect=410)
    time.move_to(NOON + timedelta(days=7, seconds=-1))
    guest.get(second)
    time.move_to(NOON + timedelta(days=7, seconds=2))
    guest.get(second, expect=410)
    guest.get("/account/invitation/geraten", expect=410)


def test_an_invitation_to_a_wrong_address_ends_when_the_address_is_put_right(
    app: Flask, time: Any, sign_in: SignIn
) -> None:
    admin, guest = sign_in("admin"), Browser(app.test_client())
    someone = added(admin)
    wrong = link(app)
    page = admin.get(f"/people/{someone.id}/change")
    admin.post(f"/people/{someone.id}/change", page.form("/change").filled(email="richtig@example.org"))
    assert "Dieser Link gilt nicht mehr." in guest.get(wrong, expect=410).text
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert (mail.to_address, wrong in mail.text) == ("richtig@example.org", False)  # type: ignore[union-attr]
    assert "Passwort festlegen" in guest.get(link(app)).text


def test_of_two_who_send_the_form_of_a_link_at_once_one_sets_the_password(
    app: Flask, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone, guest = factories.person("editor"), Browser(app.test_client())
    guest.post("/reset", {"email": someone.email})
    form, really = guest.get(link(app)).form("/reset/"), views.reset_password_token_status

    def and_then_another_was_faster(token: str) -> Any:
        found = really(token)
        faster = update(User).values(fs_uniquifier="another", password="another")
        db.session.execute(faster, execution_options={"synchronize_session": False})
        return found

    monkeypatch.setattr(views, "reset_password_token_status", and_then_another_was_faster)
    said = guest.post(form.action, {**form.values, "password": NEW, "password_confirm": NEW})
    assert "Dieser Link gilt nicht mehr." in said.text


def test_without_a_mail_server_the_link_is_shown_once(app: Flask, time: Any, sign_in: SignIn) -> None:
    app.config["MAIL_HOST"] = ""
    admin = sign_in("admin")
    typed = {"full_name": "Ada Neu", "email": "ada.neu@example.org", "password": "", "role": "editor"}
    page = admin.post("/people/add", typed)
    assert "Geben Sie diesen Link deshalb selbst weiter" in page.text
    assert link(app) in page.text
    someone = db.session.scalars(select(User).where(User.email == "ada.neu@example.org")).one()
    assert link(app) not in admin.get(f"/people/{someone.id}").text
    mail = db.session.scalars(select(Mail).where(Mail.kind == "account")).one()
    assert link(app) not in admin.get(f"/outbox/{mail.id}").text


def test_a_forgotten_password_is_set_anew_and_ends_sessions_and_tokens(
    app: Flask, time: Any, sign_in: SignIn
) -> None:
    browser = sign_in("auditor")
    someone: User = browser.person  # type: ignore[assignment]
    tokens.make(someone, "Skript", NOON.date() + timedelta(days=30), NOON.date())
    db.session.commit()
    guest = Browser(app.test_client())
    answers = [
        guest.post("/reset", {"email": one}).text.replace(one, "")
        for one in (someone.email, "nie@example.org")
    ]
    assert answers[0] == answers[1]
    assert db.session.scalars(select(Mail.kind)).all() == ["account"]
    form = guest.get(link(app)).form("/reset/")
    guest.post(form.action, {**form.values, "password": NEW, "password_confirm": NEW})
    assert signs_in(app, someone.email, NEW)
    assert browser.raw.get("/account").status_code == 302
    db.session.expire_all()
    assert tokens.count(someone, NOON.date()) == 0


def test_another_password_tells_beside_its_field_what_is_wrong(app: Flask, sign_in: SignIn) -> None:
    browser, way = sign_in("editor"), "/account/password"
    old = "ein langes Passwort"
    for typed, field, said in (
        (("falsch", NEW, NEW), "password", "Dieses Passwort stimmt nicht."),
        (("falsch", "falsch", "falsch"), "password", "Dieses Passwort stimmt nicht."),
        ((old, NEW, "anders"), "new_password_confirm", "Die beiden Passwörter stimmen nicht überein."),
        ((old, old, old), "new_password", "Das ist Ihr bisheriges Passwort. Wählen Sie ein anderes."),
    ):
        given = dict(zip(("password", "new_password", "new_password_confirm"), typed, strict=True))
        page = browser.post(way, given)
        assert page.words("p", id=f"{field}-error") == [said]
        assert len(page.all("p", class_="fault")) == 1


def test_a_link_for_a_new_password_ends_after_two_hours(app: Flask, time: Any, sign_in: SignIn) -> None:
    someone, guest = factories.person("editor"), Browser(app.test_client())
    guest.post("/reset", {"email": someone.email})
    time.move_to(NOON + timedelta(hours=2, seconds=2))
    assert "Dieser Link ist zu alt." in guest.get(link(app)).text


def test_who_is_deactivated_gets_no_link(app: Flask, time: Any) -> None:
    someone = factories.person("editor")
    someone.active = False
    Browser(app.test_client()).post("/reset", {"email": someone.email})
    assert db.session.scalar(select(Mail.id)) is None


def test_the_link_is_erased_once_the_mail_has_left(app: Flask, time: Any) -> None:
    someone = factories.person("editor")
    Browser(app.test_client()).post("/reset", {"email": someone.email})
    outbox.deliver()
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.state, mail.text, mail.html) == ("sent", None, None)


def test_all_other_sessions_end_and_this_one_stays(app: Flask, sign_in: SignIn) -> None:
    here = sign_in("editor")
    there = Browser(app.test_client())
    there.post("/login", {"email": here.person.email, "password": "ein langes Passwort"})  # type: ignore[union-attr]
    assert there.raw.get("/account").status_code == 200
    assert "Alle Ihre anderen Sitzungen sind beendet." in here.post("/account/sessions/end").text
    assert (there.raw.get("/account").status_code, here.raw.get("/account").status_code) == (302, 200)


@pytest.mark.parametrize(
    "password",
    ["passwort12345", "aaaaaaaaaaaa", "qwertzuiop12", "123456789012", "KatrinSeidel1", "katrin.seidel@",
     "SeidelSeidel1", "letmein12345", "IHK Beispiel 1", "PasswortPasswort", "Geheim geheim geheim"],
)  # fmt: skip
def test_what_is_easy_to_guess_is_refused(app: Flask, password: str) -> None:
    factories.organisation(name="IHK Beispiel")
    someone = User(full_name="Katrin Seidel", email="katrin.seidel@example.org")
    with app.test_request_context():
        assert "leicht zu erraten" in passwords.refusal(password, someone)


@pytest.mark.parametrize("password", ["ein langes Passwort", NEW, "Grüße aus Göppingen", "x7#Kq!vP2m&Zt"])
def test_what_is_not_is_taken(app: Flask, password: str) -> None:
    factories.organisation()
    someone = User(full_name="Katrin Seidel", email="katrin.seidel@example.org")
    with app.test_request_context():
        assert passwords.refusal(password, someone) == ""
