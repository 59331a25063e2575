"""Whoever tries again and again: sign-ins and private tokens are limited, and the attempts are noted."""

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import factories
from tests.browsing import Client
from tests.conftest import SETTINGS
from tracker import attempts, clock, tokens
from tracker.app import create_app
from tracker.extensions import db, limiter
from tracker.models import Access, Tried, User

pytestmark = [pytest.mark.sqlite_only, pytest.mark.own_database]


@pytest.fixture
def limited(database: str, tmp_path: Path) -> Iterator[Flask]:
    """An app that limits: three sign-ins a minute, three pulls an hour."""
    limits = {"RATELIMIT_ENABLED": True, "RATELIMIT_SIGN_IN": "3 per minute; 7 per hour",
              "RATELIMIT_TOKEN": "3 per hour", "RATELIMIT_ACCOUNT": "4 per 10 minutes"}  # fmt: skip
    create_app(
        {**SETTINGS, "DATABASE_URL": database, **limits}, tmp_path
    )  # a second app does not count twice
    made = create_app({**SETTINGS, "DATABASE_URL": database, **limits}, tmp_path)
    made.test_client_class = Client
    with made.app_context():
        limiter.reset()
        yield made
        db.session.remove()
        db.engine.dispose()
    limiter.enabled = False  # there is one for all apps of the process


def noted() -> list[tuple[str, int | None, str, int]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Access.kind, Access.user_id, Access.about, Access.count).order_by(Access.id)
    )
    return [(kind.value, user_id, about, count) for kind, user_id, about, count in rows]


DAY = "2026-10-13"
WRONG = "ein falsches Passwort"
RIGHT = "ein langes Passwort"


def sign_in(client: Any, someone: User, password: str, machine: str = "192.0.2.7") -> TestResponse:
    data = {"email": someone.email, "password": password}
    headers, where = {"Accept-Language": "de"}, {"REMOTE_ADDR": machine}
    found: TestResponse = client.post("/login", data=data, headers=headers, environ_overrides=where)
    return found


def test_passwords_are_not_guessed_without_end(limited: Flask, clock_at: Any) -> None:
    clock_at(DAY, time(9))
    someone, other = factories.person("editor"), factories.person("editor")
    answers = [sign_in(limited.test_client(), someone, WRONG) for _k in range(5)]

    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert "Das war zu oft in kurzer Zeit." in answers[-1].text
    assert "Warten Sie eine Minute" in answers[-1].text
    assert noted() == [
        ("sign_in_refused", someone.id, "wrong_password", 3), ("too_often", None, "security.login", 2),
    ]  # fmt: skip
    assert limited.test_client().get("/login").status_code == 200
    assert sign_in(limited.test_client(), other, RIGHT).status_code == 429, "from the same machine"
    assert sign_in(limited.test_client(), other, RIGHT, "192.0.2.8").status_code == 302, "from another one"


def test_neither_spellings_of_an_address_nor_a_network_of_ones_own_give_more_attempts(
    limited: Flask, clock_at: Any
) -> None:
    clock_at(DAY, time(9))
    someone, client = factories.person("editor"), limited.test_client()
    name, _at, domain = someone.email.partition("@")
    for k in range(4):
        spelt = User(email=f"{name}@{chr(0xFF45)}{domain[1:].swapcase()[:k]}{domain[1 + k :]}")
        assert sign_in(client, spelt, WRONG, f"192.0.2.{k}").status_code == 200
    assert sign_in(client, someone, WRONG, "192.0.2.9").status_code == 429
    for k in range(3):
        sign_in(client, User(email=f"anders{k}@example.org"), WRONG, f"2001:db8::{k}:1")
    other = User(email="wieder.anders@example.org")
    assert sign_in(client, other, WRONG, "2001:db8::9:9").status_code == 429
    assert sign_in(client, other, WRONG, "2001:db8:0:1::1").status_code == 200


def test_to_end_other_sessions_gives_no_more_attempts(limited: Flask, clock_at: Any) -> None:
    clock_at(DAY, time(9))
    client = limited.test_client()
    sign_in(client, factories.person("editor"), RIGHT)
    answers = []
    for _k in range(5):
        answers.append(client.post("/account/confirm", data={"password": WRONG}).status_code)
        assert client.post("/account/sessions/end").status_code == 303
    assert answers == [200, 200, 200, 200, 429]


def test_who_goes_on_waits_longer_and_never_for_good(limited: Flask, clock_at: Any) -> None:
    client, people = limited.test_client(), [factories.person("editor") for _k in range(3)]
    for minute in (0, 2, 4):
        clock_at(DAY, time(9, minute))
        for someone in people:
            sign_in(client, someone, WRONG)
    said = sign_in(client, people[0], RIGHT)
    assert (said.status_code, "Warten Sie 56 Minuten" in said.text) == (429, True)
    clock_at(DAY, time(10, 1))
    assert sign_in(client, people[0], RIGHT).status_code == 302


def test_who_signs_in_is_not_counted(limited: Flask, clock_at: Any) -> None:
    clock_at(DAY, time(9))
    someone = factories.person("editor")
    assert {sign_in(limited.test_client(), someone, RIGHT).status_code for _k in range(6)} == {302}


def test_guessing_one_account_from_everywhere_is_slowed_but_not_for_the_browser_it_knows(
    limited: Flask, clock_at: Any
) -> None:
    clock_at(DAY, time(9))
    someone, known = factories.person("editor"), limited.test_client()
    sign_in(known, someone, RIGHT)
    known.post("/logout")
    strangers = [sign_in(limited.test_client(), someone, WRONG, f"192.0.2.{k}") for k in range(10, 16)]

    assert [one.status_code for one in strangers] == [200, 200, 200, 200, 429, 429]
    assert sign_in(limited.test_client(), someone, RIGHT, "192.0.2.99").status_code == 429
    assert sign_in(known, someone, RIGHT, "192.0.2.99").status_code == 302
    clock_at(DAY, time(9, 11))
    assert sign_in(limited.test_client(), someone, RIGHT, "192.0.2.99").status_code == 302


def test_an_address_that_no_account_has_is_slowed_alike(limited: Flask, clock_at: Any) -> None:
    clock_at(DAY, time(9))
    nobody = User(email="niemand@example.org")
    answers = [sign_in(limited.test_client(), nobody, WRONG, f"192.0.2.{k}") for k in range(6)]
    assert [one.status_code for one in answers] == [200, 200, 200, 200, 429, 429]


def test_all_processes_count_together_and_nothing_kept_tells_who_tried(
    limited: Flask, clock_at: Any, database: str, tmp_path: Path
) -> None:
    clock_at(DAY, time(9))
    someone = factories.person("editor")
    for _k in range(3):
        sign_in(limited.test_client(), someone, WRONG)
    db.session.rollback()
    kept = db.session.scalars(select(Tried)).all()

    assert {(len(one.key), one.count) for one in kept} == {(64, 3)}
    assert someone.email not in str([one.key for one in kept])
    assert attempts.clear(clock.now()) == 0
    clock_at(DAY, time(10))
    assert attempts.clear(clock.now()) == 3
    db.session.rollback()


def test_a_script_that_guesses_or_pulls_too_often_is_told_in_json(limited: Flask) -> None:
    headers = {"Authorization": "Bearer geraten", "Accept-Language": "de"}
    answers = [limited.test_client().get("/evidence/pull.json", headers=headers) for _k in range(5)]

    assert [one.status_code for one in answers] == [401, 401, 401, 429, 429]
    assert answers[-1].json is not None
    assert answers[-1].json["error"].startswith("Das war zu oft in kurzer Zeit.")
    assert noted() == [("token_refused", None, "unknown", 3), ("too_often", None, "evidence.pull", 2)]


def test_guessing_the_address_of_a_calendar_is_slowed_and_reading_one_is_not(limited: Flask) -> None:
    _token, text = tokens.make_address(factories.person("editor"), "Kalender", date(2026, 10, 13))
    db.session.commit()

    def statuses(address: str) -> list[int]:
        return [limited.test_client().get(f"/calendar/{address}.ics").status_code for _k in range(5)]

    assert statuses(text) == [200] * 5
    assert statuses("smr_geraten") == [404, 404, 404, 429, 429]
