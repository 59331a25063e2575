"""Whoever tries again and again: sign-ins and private tokens are limited, and the attempts are noted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Client
from tests.conftest import SETTINGS
from tracker.app import create_app
from tracker.extensions import db, limiter
from tracker.models import Access

pytestmark = [pytest.mark.sqlite_only, pytest.mark.own_database]


@pytest.fixture
def limited(database: str, tmp_path: Path) -> Iterator[Flask]:
    """An app that limits: three sign-ins a minute, three pulls an hour."""
    limits = {"RATELIMIT_ENABLED": True, "RATELIMIT_SIGN_IN": "3 per minute", "RATELIMIT_TOKEN": "3 per hour"}
    create_app(
        {**SETTINGS, "DATABASE_URL": database, **limits}, tmp_path
    )  # a second app does not count twice
    made = create_app({**SETTINGS, "DATABASE_URL": database, **limits}, tmp_path)
    made.test_client_class = Client
    limiter.reset()
    with made.app_context():
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


def test_passwords_are_not_guessed_without_end(limited: Flask) -> None:
    someone = factories.person("editor")
    data = {"email": someone.email, "password": "ein falsches Passwort"}
    answers = [
        limited.test_client().post("/login", data=data, headers={"Accept-Language": "de"}) for _k in range(5)
    ]

    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert "Das war zu oft in kurzer Zeit." in answers[-1].text
    assert noted() == [
        ("sign_in_refused", someone.id, "wrong_password", 3), ("too_often", None, "security.login", 2),
    ]  # fmt: skip
    assert limited.test_client().get("/login").status_code == 200


def test_a_script_that_guesses_or_pulls_too_often_is_told_in_json(limited: Flask) -> None:
    headers = {"Authorization": "Bearer geraten", "Accept-Language": "de"}
    answers = [limited.test_client().get("/evidence/pull.json", headers=headers) for _k in range(5)]

    assert [one.status_code for one in answers] == [401, 401, 401, 429, 429]
    assert answers[-1].json is not None
    assert answers[-1].json["error"].startswith("Das war zu oft in kurzer Zeit.")
    assert noted() == [("token_refused", None, "unknown", 3), ("too_often", None, "evidence.pull", 2)]
