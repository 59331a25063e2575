"""The first account of a fresh installation: whoever reads what the server prints makes it, once."""

from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client as WerkzeugClient

from tests import factories
from tests.browsing import Browser
from tests.conftest import SETTINGS
from tracker import first_person
from tracker.app import create_app
from tracker.extensions import db, limiter
from tracker.models import Entry, User

PASSWORD = "Vier Kraniche malen leise"
TYPED = {"full_name": "Ada Erste", "email": "ada@example.org", "password": PASSWORD, "again": PASSWORD}

pytestmark = pytest.mark.sqlite_only


def address(app: Flask) -> str:
    """What the server prints, without the name of the host."""
    db.session.commit()
    return first_person.sentence(app).rpartition("example.org")[2]


def test_the_printed_address_makes_one_administrator_and_is_gone(app: Flask) -> None:
    guest, way = Browser(app.test_client()), address(app)
    assert "Hier hat noch niemand ein Konto." in guest.get("/login").text
    assert way.startswith("/setup/")
    assert "Das erste Konto anlegen" in guest.get(way).text
    assert "Ihr Konto ist angelegt." in guest.post(way, TYPED).text
    first = db.session.scalars(select(User)).one()
    assert [role.name for role in first.roles] == ["admin"]
    assert db.session.scalars(select(Entry.deed).order_by(Entry.number)).all() == [
        "users.create",
        "roles.add",
    ]
    guest.get(way, expect=404)
    guest.post(way, {**TYPED, "email": "eva@example.org"}, expect=404)
    assert address(app) == ""
    assert "Hier hat noch niemand ein Konto." not in guest.get("/login").text
    answer = app.test_client().post("/login", data={"email": first.email, "password": PASSWORD})
    assert answer.status_code == 302


@pytest.mark.postgresql_only  # SQLite begins no second transaction that writes
def test_of_two_who_send_it_at_the_same_time_one_is_the_first(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    way, both, answers, really = address(app), Barrier(2), [], first_person.nobody_yet

    def seen_by_both() -> bool:
        found = really()
        with suppress(BrokenBarrierError):
            both.wait(timeout=0.5)
        return found

    def send(email: str) -> None:
        answers.append(WerkzeugClient(app).post(way, data={**TYPED, "email": email}).status_code)

    monkeypatch.setattr(first_person, "nobody_yet", seen_by_both)
    threads = [Thread(target=send, args=(email,)) for email in ("ada@example.org", "eva@example.org")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (sorted(answers), len(db.session.scalars(select(User)).all())) == ([303, 404], 1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"password": "kurz", "again": "kurz"}, "mindestens 12 Zeichen"), ({"again": "anders"}, "stimmen nicht überein"),
     ({"password": "ada@example.org", "again": "ada@example.org"}, "leicht zu erraten"),
     ({"email": "keine"}, "keine E-Mail-Adresse"), ({"full_name": "\0"}, "Namen"), ({"full_name": "x" * 100_000}, "")],
)  # fmt: skip
def test_what_cannot_be_taken_comes_back_with_the_reason(
    app: Flask, wrong: dict[str, str], said: str
) -> None:
    page = Browser(app.test_client()).post(address(app), {**TYPED, **wrong}, expect=422)
    assert said in page.text
    assert db.session.scalar(select(User.id)) is None


def test_a_guessed_token_opens_nothing_nor_does_any_where_somebody_is(app: Flask) -> None:
    guest, way = Browser(app.test_client()), address(app)
    for guessed in ("x", way.removeprefix("/setup/")[:-1], "ä" * 32):
        guest.get(f"/setup/{guessed}", expect=404)
    factories.person("editor").active = False
    db.session.commit()
    guest.get(way, expect=404)


@pytest.mark.own_database
def test_guessing_is_limited(database: str, tmp_path: Path) -> None:
    limits = {"RATELIMIT_ENABLED": True, "RATELIMIT_SIGN_IN": "3 per minute"}
    made = create_app({**SETTINGS, "DATABASE_URL": database, **limits}, tmp_path)
    try:
        answers = [made.test_client().get("/setup/x").status_code for _k in range(4)]
    finally:
        limiter.enabled = False  # there is one for all apps of the process
        with made.app_context():
            db.engine.dispose()
    assert answers == [404, 404, 404, 429]


def test_what_was_printed_does_not_come_back_with_an_emptied_database(app: Flask, run: Any) -> None:
    guest, way = Browser(app.test_client()), address(app)
    assert address(app) == way, "every process prints the same"
    run("users", "create", "eva@example.org", "--name", "Eva Erste", "--password", PASSWORD)
    for said in ("ALTER TABLE user RENAME TO gone", "CREATE TABLE user AS SELECT * FROM gone WHERE false"):
        db.session.execute(db.text(said))
    db.session.commit()
    guest.get(way, expect=404)
    assert address(app) not in {"", way}


def test_where_no_file_can_be_made_the_command_is_printed(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("no folder")
    assert "flask users create" in first_person.sentence(app)
    Browser(app.test_client()).get("/setup/x", expect=404)


def test_without_a_database_nothing_is_printed(app: Flask) -> None:
    db.session.execute(db.text("ALTER TABLE user RENAME TO gone"))
    db.session.commit()
    assert first_person.sentence(app) == ""
