"""New keys end nobody's work; forgetting the old ones ends what they signed, and nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_security import hash_password
from sqlalchemy import select

from tests import factories
from tests.conftest import SETTINGS
from tracker import secret_files
from tracker.app import create_app
from tracker.extensions import db, security
from tracker.models import Entry, User

pytestmark = [pytest.mark.sqlite_only, pytest.mark.own_database]
PASSWORD = "ein langes Passwort"


@pytest.fixture
def start(database: str, tmp_path: Path) -> Callable[[], Flask]:
    """Start the app as a server would, with the keys that the files hold now."""
    secret_files.make(tmp_path)
    settings = {name: value for name, value in SETTINGS.items() if name not in secret_files.NAMES}

    def started() -> Flask:
        return create_app({**settings, "DATABASE_URL": database}, tmp_path)

    return started


def run(app: Flask, words: str) -> Any:
    done = app.test_cli_runner().invoke(args=words.split())
    assert done.exit_code == 0, done.output
    return done.output


def test_sessions_and_second_factors_outlive_new_keys_and_what_is_forgotten_is_gone(
    start: Callable[[], Flask], tmp_path: Path
) -> None:
    app = start()
    with app.app_context():
        someone = factories.person("editor")
        someone.password = hash_password(PASSWORD)
        someone.tf_primary_method = "authenticator"
        someone.tf_totp_secret = security.totp_factory.generate_totp_secret()
        key = security.totp_factory.get_totp_b32_key(someone.tf_totp_secret)
        codes = security.mf_recovery_codes_util.create_recovery_codes(someone)
        db.session.commit()
        number, email = someone.id, someone.email
        client = app.test_client()
        with client.session_transaction() as session:
            session["mark"] = "of the old key"
        old = client.get_cookie("session")
        first = secret_files.read(tmp_path)
        assert "New keys are made" in run(app, "secrets rotate")

    app = start()
    with app.app_context():
        keys = secret_files.read(tmp_path)
        assert keys["SECURITY_PASSWORD_SALT"] == first["SECURITY_PASSWORD_SALT"]
        assert [one.count("\n") for one in keys.values()].count(1) == 3
        client = app.test_client()
        client.set_cookie("session", old.value)
        with client.session_transaction() as session:
            assert session["mark"] == "of the old key"
        answer = app.test_client().post("/login", data={"email": email, "password": PASSWORD})
        assert "/login/code" in answer.location, "the password holds, and the second factor is asked for"
        someone = db.session.get_one(User, number)
        assert security.totp_factory.get_totp_b32_key(someone.tf_totp_secret) == key
        assert "of 1 people" in run(app, "secrets forget")

    app = start()
    with app.app_context():
        left = secret_files.read(tmp_path)
        assert all("\n" not in one for one in left.values())
        assert all(keys[name].endswith(left[name]) for name in secret_files.NAMES)
        client = app.test_client()
        client.set_cookie("session", old.value)
        with client.session_transaction() as session:
            assert "mark" not in session
        someone = db.session.get_one(User, number)
        assert security.totp_factory.get_totp_b32_key(someone.tf_totp_secret) == key
        assert security.mf_recovery_codes_util.get_recovery_codes(someone) == codes
        run(app, "secrets rotate")
        assert secret_files.read(tmp_path)["SECOND_FACTOR_KEY"].split()[-1].startswith("3.")
        deeds = list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))
        assert deeds[-3:] == ["secrets.rotate", "secrets.forget", "secrets.rotate"]
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o600}
        db.engine.dispose()


def test_what_cannot_be_written_is_said_and_leaves_no_entry(
    start: Callable[[], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    app = start()
    with app.app_context():
        monkeypatch.setattr(secret_files, "add", full)
        done = app.test_cli_runner().invoke(args=["secrets", "rotate"])
        assert done.exit_code == 1
        assert "No space left on device. Nothing was changed." in done.output
        assert db.session.scalar(select(Entry.number)) is None
        db.engine.dispose()
