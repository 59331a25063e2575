"""Signing in with the account of the house, against a provider of its own on loopback."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Client
from tests.conftest import SETTINGS
from tests.page import Page, check_house_rules
from tests.provider import provider
from tests.rooms.test_second_factor import passkey
from tracker import clock
from tracker.app import create_app
from tracker.extensions import db
from tracker.models import Access
from tracker.rules.accounts import Attempt
from tracker.settings import SettingRefused, read_settings

pytestmark = [pytest.mark.sqlite_only, pytest.mark.own_database]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider() as address:
        yield address


def made(database: str, folder: Path, issuer: str, **more: Any) -> Flask:
    sso = {"SSO_ISSUER": issuer, "SSO_CLIENT_ID": "tracker", "SSO_CLIENT_SECRET": "geheim"}
    app = create_app({**SETTINGS, "DATABASE_URL": database, **sso, **more}, folder)
    app.test_client_class = Client
    return app


@pytest.fixture
def house(database: str, tmp_path: Path, issuer: str) -> Iterator[Flask]:
    app = made(database, tmp_path, issuer)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def set_out(client: Any) -> str:
    """Press the button; where the browser is sent."""
    answer = client.post("/login/oauthstart/house", headers={"Accept-Language": "de"})
    assert answer.status_code == 302
    return str(answer.location)


def vouched(there: str, issuer: str, email: str, verified: object = True, **more: Any) -> str:
    """Sign in at the provider; the address it sends back to."""
    claims = {"email": email, "email_verified": verified, **more}
    requests.put(f"{issuer}/users/{email}", json=claims, timeout=10)
    answer = requests.post(there, data={"sub": email}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def come_back(client: Any, back: str) -> Any:
    return client.get(back, headers={"Accept-Language": "de"}, follow_redirects=True)


def refused() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.execute(select(Access.kind, Access.about).order_by(Access.id))
    return [(kind.value, about) for kind, about in rows if kind is not Attempt.SIGNED_OUT]


def test_who_has_an_account_comes_in_and_where_they_wanted_to(house: Flask, issuer: str) -> None:
    someone, client = factories.person("editor"), house.test_client()
    page = client.get("/login?next=/meetings", headers={"Accept-Language": "de"}).text
    check_house_rules(Page(page), "de")
    assert "Mit dem Konto Ihres Hauses anmelden" in page
    assert "next=/meetings" in page
    there = client.post("/login/oauthstart/house?next=/meetings").location
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid email"]
    answer = come_back(client, vouched(there, issuer, someone.email.upper()))
    assert (answer.status_code, answer.request.path) == (200, "/meetings")
    assert refused() == [("signed_in", "")]


def test_who_has_none_is_told_so_and_gets_none(house: Flask, issuer: str) -> None:
    client = house.test_client()
    answer = come_back(client, vouched(set_out(client), issuer, "fremd@example.org"))
    assert answer.request.path == "/login"
    assert "fremd@example.org hat hier kein Konto." in answer.text
    assert refused() == [("sign_in_refused", "unknown")]
    assert client.get("/meetings").status_code == 302


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_the_house_has_not_verified_is_not_believed(
    house: Flask, issuer: str, verified: object
) -> None:
    someone, client = factories.person("admin"), house.test_client()
    answer = come_back(client, vouched(set_out(client), issuer, someone.email, verified))
    assert "Ihr Haus hat Ihre E-Mail-Adresse nicht bestätigt" in answer.text
    assert client.get("/meetings").status_code == 302


def test_who_is_deactivated_stays_out(house: Flask, issuer: str) -> None:
    someone, client = factories.person("editor"), house.test_client()
    someone.active = False
    answer = come_back(client, vouched(set_out(client), issuer, someone.email))
    assert answer.request.path == "/login"
    assert client.get("/meetings").status_code == 302


def test_an_answer_that_was_not_asked_for_lets_nobody_in(house: Flask, issuer: str) -> None:
    someone, client, other = factories.person("admin"), house.test_client(), house.test_client()
    back = vouched(set_out(client), issuer, someone.email)
    for query in (back, "/login/oauthresponse/house", "/login/oauthresponse/house?code=x&state=y",
                  "/login/oauthresponse/house?error=access_denied&error_description=%3Cb%3Enein"):  # fmt: skip
        answer = come_back(other, query)
        assert "hat nicht geklappt" in answer.text, query
        assert "<b>nein" not in answer.text
    assert come_back(client, back).request.path == "/"
    again = come_back(house.test_client(), back)
    assert again.request.path == "/login", "a code is good for one browser and one time"
    assert other.get("/login/oauthresponse/anders").status_code == 404


def test_who_has_to_confirm_is_asked_anew_by_the_house_too(house: Flask, issuer: str, clock_at: Any) -> None:
    house.config["SECURITY_FRESHNESS"] = timedelta(minutes=10)
    someone, client = factories.person("admin"), house.test_client()
    come_back(client, vouched(set_out(client), issuer, someone.email))
    now = int(clock.now().timestamp())
    for asked_at, path in ((now - 3600, "/"), (now - 60, "/people/add"), (None, "/people/add")):
        with client.session_transaction() as session:
            session["fs_paa"] = 0
        assert client.get("/people/add").location == "/account/confirm?next=/people/add"
        way = client.post("/login/oauth-verify-start/house?next=/people/add").location
        asked = parse_qs(urlsplit(way).query)
        assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
        said = {"auth_time": asked_at} if asked_at else {}
        answer = come_back(client, vouched(way, issuer, someone.email, **said))
        assert (answer.request.path, "bestätigt also nichts" in answer.text) == (path, path == "/")


def test_another_house_is_not_reached(database: str, tmp_path: Path) -> None:
    app = made(database, tmp_path, "http://localhost:9")
    with app.app_context():
        client = app.test_client()
        answer = client.post(
            "/login/oauthstart/house", headers={"Accept-Language": "de"}, follow_redirects=True
        )
        assert (answer.status_code, answer.request.path) == (200, "/login")
        assert "hat nicht geklappt" in answer.text
        db.session.remove()
        db.engine.dispose()


def test_passwords_can_be_switched_off_but_for_one_admin(database: str, tmp_path: Path, issuer: str) -> None:
    app = made(database, tmp_path, issuer, LOCAL_SIGN_IN=False, LOCAL_SIGN_IN_OF="notfall@example.org")
    with app.app_context():
        someone, admin = factories.person("editor"), factories.person("admin")
        admin.email = "notfall@example.org"
        client = app.test_client()
        page = client.get("/login", headers={"Accept-Language": "de"}).text
        check_house_rules(Page(page), "de")
        assert "Notfallzugang der Administration" in page
        assert "forgot" not in page
        answer = client.post("/login", data={"email": someone.email, "password": "ein langes Passwort"},
                             headers={"Accept-Language": "de"})  # fmt: skip
        assert "Hier meldet man sich mit dem Konto des Hauses an." in answer.text
        assert client.get("/meetings").status_code == 302
        assert client.get("/reset").status_code == client.get("/login/passkey").status_code == 404
        answer = client.post(
            "/login", data={"email": "Notfall@example.org", "password": "ein langes Passwort"}
        )
        assert (answer.status_code, answer.location) == (302, "/")
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("app_too", [False, True])
def test_where_passwords_are_off_a_passkey_is_still_a_second_factor(
    database: str, tmp_path: Path, issuer: str, app_too: bool
) -> None:
    app = made(database, tmp_path, issuer, LOCAL_SIGN_IN=False, LOCAL_SIGN_IN_OF="notfall@example.org")
    with app.app_context():
        someone, client = factories.person("editor"), app.test_client()
        if app_too:
            someone.tf_primary_method, someone.tf_totp_secret = "authenticator", "as it is kept"
        passkey(someone, "Stick")
        answer = come_back(client, vouched(set_out(client), issuer, someone.email))
        assert (answer.status_code, answer.request.path) == (
            200,
            "/login/choose" if app_too else "/login/passkey",
        )
        assert client.get("/meetings").status_code == 302
        assert refused() == []
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"SSO_ISSUER": "login.example.org"}, "SSO_ISSUER"),
        ({"SSO_ISSUER": "https://login.example.org"}, "SSO_CLIENT_ID"),
        ({"LOCAL_SIGN_IN": "no"}, "SSO_ISSUER and LOCAL_SIGN_IN_OF"),
        (
            {"LOCAL_SIGN_IN": "no", "SSO_ISSUER": "https://login.example.org", "SSO_CLIENT_ID": "x"},
            "LOCAL_SIGN_IN_OF",
        ),
    ],
)
def test_settings_that_would_let_nobody_in_are_refused(
    said: dict[str, str], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in said.items():
        monkeypatch.setenv(f"TRACKER_{key}", value)
    with pytest.raises(SettingRefused, match=name):
        read_settings(tmp_path)
