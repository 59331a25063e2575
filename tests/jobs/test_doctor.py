"""flask doctor: of a healthy installation it says so; of an ill one what is ill and what to do."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from tests import factories as make
from tests.smtp import mail_server
from tracker import clock, engine, health, outbox, secret_files
from tracker.extensions import db
from tracker.reminders.changes import remind
from tracker.scheduler import back_up

Run = Callable[..., Result]


@pytest.fixture
def healthy(app: Flask, clock_at: Any) -> None:
    """An organisation, an engine that has run, a backup of today, secrets that nobody else reads."""
    clock_at("2026-04-01")
    app.config |= {"BACKUPS_KEPT": 7, "BASE_URL": "https://tracker.example.org"}
    make.organisation()
    secret_files.make(Path(app.instance_path))
    remind(date(2026, 4, 1))
    db.session.commit()
    back_up()
    db.session.remove()


def test_of_a_healthy_installation_everything_is_well(healthy: None, app: Flask, run: Run) -> None:
    with mail_server() as server:
        app.config |= {"MAIL_HOST": "127.0.0.1", "MAIL_PORT": server.port}
        result = run("doctor")
    assert result.exit_code == 0, result.output
    assert result.output.endswith("All is well.\n")
    assert len([line for line in result.output.splitlines() if line.startswith("ok ")]) == len(health.ALL)


def no_engine(app: Flask) -> None:
    db.session.execute(text("DELETE FROM run WHERE job = 'remind'"))
    db.session.commit()


def a_mail_that_waits(app: Flask) -> None:
    mail = outbox.put(
        kind="test", to_name="Jo", to_address="jo@example.org", language="de", subject="x", text="x"
    )
    mail.written_at = clock.now() - timedelta(days=2)
    db.session.commit()


def older_tables(app: Flask) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '0014'"))
    db.session.commit()


def open_secrets(app: Flask) -> None:
    (Path(app.instance_path) / "secrets" / "SECRET_KEY").chmod(0o644)


def no_backup(app: Flask) -> None:
    db.session.execute(text("DELETE FROM run WHERE job = 'backup'"))
    db.session.commit()


def no_mail_server(app: Flask) -> None:
    app.config |= {"MAIL_HOST": "127.0.0.1", "MAIL_PORT": 1}


def a_full_disk(app: Flask) -> None:
    health.LEAST_FREE = 10**18


def a_lock_too_few(app: Flask) -> None:
    table = " ON rating" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(text(f"DROP TRIGGER lock_rating_update{table}"))
    db.session.commit()


@pytest.mark.parametrize(
    ("spoil", "part", "what_to_do"),
    [
        (no_engine, "reminders", "Start `flask scheduler`"),
        (a_mail_that_waits, "outbox", "See what the mail server says"),
        pytest.param(older_tables, "migrations", "Run `flask init`.", marks=pytest.mark.own_database),
        (open_secrets, "secrets", "chmod 600"),
        (no_backup, "backups", "run `flask backup FILE`"),
        (no_mail_server, "mail server", "Check MAIL_HOST"),
        (a_full_disk, "disk", "Make room"),
        pytest.param(a_lock_too_few, "locks", "restore a backup", marks=pytest.mark.own_database),
    ],
)
def test_of_an_ill_one_it_says_what_to_do(
    healthy: None,
    app: Flask,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Any,
    part: str,
    what_to_do: str,
) -> None:
    monkeypatch.setattr(health, "LEAST_FREE", 1)
    spoil(app)
    result = run("doctor")
    assert result.exit_code == 1
    assert f"ILL  {part}: " in result.output
    assert what_to_do in result.output
    assert "Traceback" not in result.output


def test_a_clock_that_went_back_is_noticed(healthy: None, run: Run, clock_at: Any) -> None:
    outbox.put(kind="test", to_name="Jo", to_address="jo@example.org", language="de", subject="x", text="x")
    db.session.commit()
    outbox.deliver()  # leaves an entry in the journal
    clock_at("2026-03-01")
    assert "ILL  clock: the journal was written to on 2026-04-01" in run("doctor").output
    assert engine.last_run() is None
