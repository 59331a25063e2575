"""What every answer carries, and what comes from outside and is not believed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browsing import Browser, Client
from tests.conftest import SETTINGS
from tracker.app import create_app
from tracker.extensions import db

pytestmark = pytest.mark.sqlite_only
ELSEWHERE = ["https://example.com/", "//example.com/", "/\\example.com", "https:example.com", "\thttps://example.com",
             "javascript:alert(1)", "http://localhost@example.com/", "/%09/example.com", "///example.com",
             "/\t/example.com", "/\n/example.com"]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "code"),
    [("/", 302), ("/login", 200), ("/nothing", 404), ("/static/tracker.css", 200), ("/healthz", 200)],
)
def test_every_answer_says_that_nothing_from_elsewhere_is_loaded_framed_or_guessed(
    app: Flask, address: str, code: int
) -> None:
    answer = app.test_client().get(address)
    assert answer.status_code in {code, 503}
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers


def test_over_tls_it_asks_for_tls_from_now_on(app: Flask) -> None:
    answer = app.test_client().get("/login", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000"


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_signing_in_or_switching_the_language(
    app: Flask, elsewhere: str
) -> None:
    someone = factories.person("editor")
    db.session.commit()
    data = {"email": someone.email, "password": "ein langes Passwort"}
    for answer in (
        app.test_client().post("/login", query_string={"next": elsewhere}, data=data),
        app.test_client().post("/login", data={**data, "next": elsewhere}),
        app.test_client().post("/language/en", data={"back": elsewhere}),
    ):
        assert answer.status_code in {200, 302}
        assert (
            answer.location is None
            or "example.com" not in answer.location
            or answer.location.startswith("/%")
        )
        assert not (answer.location or "").startswith(("//", "/\\", "http", "javascript"))


@pytest.fixture
def strict(database: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(
        {
            **SETTINGS,
            "DATABASE_URL": database,
            "TRUSTED_HOSTS": "tracker.example.org",
            "WTF_CSRF_ENABLED": True,
        },
        tmp_path,
    )
    made.test_client_class = Client
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.mark.own_database
def test_another_name_than_the_trusted_ones_is_not_answered(strict: Flask) -> None:
    assert strict.test_client().get("/login", base_url="https://tracker.example.org").status_code == 200
    for host in ("example.com", "tracker.example.org.example.com", "localhost"):
        answer = strict.test_client().get("/login", base_url=f"https://{host}")
        assert answer.status_code == 400
        assert host not in answer.text


@pytest.mark.own_database
def test_every_form_of_the_app_is_refused_without_its_token(strict: Flask, sign_in: Any) -> None:
    someone = factories.person("admin")
    db.session.commit()
    client = strict.test_client()
    with client.session_transaction(base_url="https://tracker.example.org") as session:
        session.update({"_user_id": someone.fs_uniquifier, "_fresh": True, "fs_cc": "set"})
    wrong = []
    for rule in strict.url_map.iter_rules():
        if "POST" not in (rule.methods or set()) or rule.endpoint.startswith("security.oauth"):
            continue
        values = {name: "csv" if name == "form" else "1" for name in rule.arguments}
        with strict.test_request_context(base_url="https://tracker.example.org"):
            address = strict.url_map.bind("tracker.example.org").build(rule.endpoint, values, method="POST")
        answer = client.post(address, base_url="https://tracker.example.org")
        if answer.status_code not in {400, 403, 404, 409}:
            wrong.append((address, answer.status_code))
    assert wrong == []


PACKED = {"Accept-Encoding": "gzip, deflate, br"}


def test_nothing_is_compressed_that_could_tell_a_secret(app: Flask, sign_in: Any) -> None:
    signed_in: Browser = sign_in("admin")
    for address in ("/account", "/account/tokens", "/account/second-factor", "/people", "/nowhere"):
        assert "Content-Encoding" not in signed_in.raw.get(address, headers=PACKED).headers, address
    guest = app.test_client()
    for address in ("/login", "/forgot-password", "/account/invitation/abc"):
        assert "Content-Encoding" not in guest.get(address, headers=PACKED).headers, address
    assert "Content-Encoding" not in signed_in.raw.post("/concept/load", headers=PACKED).headers


def test_a_page_for_reading_travels_small(app: Flask, sign_in: Any) -> None:
    signed_in: Browser = sign_in("editor")
    plain, packed = signed_in.raw.get("/channels"), signed_in.raw.get("/channels", headers=PACKED)
    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) < len(plain.data) / 2


def test_styles_and_scripts_travel_small_and_are_kept_for_a_year(app: Flask) -> None:
    for name in ("tracker.css", "vendor/bootstrap.css", "log.js", "icons.svg"):
        plain = app.test_client().get(f"/static/{name}", buffered=True)
        packed = app.test_client().get(
            f"/static/{name}", headers={"Accept-Encoding": "gzip, deflate, br"}, buffered=True
        )
        assert packed.headers["Content-Encoding"] == "br"
        assert len(packed.data) < len(plain.data) / 2
        assert "max-age=31536000" in packed.headers["Cache-Control"]
        assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("length", [201, 4_097, 100_000])
def test_a_password_longer_than_any_is_just_a_wrong_one(app: Flask, sign_in: Any, length: int) -> None:
    someone, huge = factories.person("editor"), "ä" * length
    db.session.commit()
    guest = app.test_client()
    assert guest.post("/login", data={"email": someone.email, "password": huge}).status_code == 200
    browser: Browser = sign_in("editor")
    assert browser.raw.post("/account/confirm", data={"password": huge}).status_code == 200
    typed = {"password": huge, "new_password": huge, "new_password_confirm": huge}
    assert browser.raw.post("/account/password", data=typed).status_code == 200
