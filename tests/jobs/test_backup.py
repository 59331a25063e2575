"""Backups: made while the app runs, taken back into an empty place, where everything is as it was."""

import json
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, text

from tests import factories as make
from tests.conftest import SETTINGS
from tests.postgres import PostgreSQL
from tracker import backup, clock, database_copy, engine, scheduler, secret_files
from tracker.app import create_app
from tracker.commands import backup as commands
from tracker.demo import seeding
from tracker.extensions import db
from tracker.models import Entry, Organisation, Review

Run = Callable[..., Result]
EXPORTS = ("csv", "json", "xlsx", "pdf")


@pytest.fixture
def empty(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Another installation, in which there is nothing yet."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if database.startswith("sqlite"):
        yield create_app({**SETTINGS, "DATABASE_URL": f"sqlite:///{folder / 'tracker.sqlite'}"}, folder)
    else:
        server: PostgreSQL = request.getfixturevalue("server")
        with server.fresh("template0") as url:
            yield create_app({**SETTINGS, "DATABASE_URL": url}, folder)


@pytest.fixture
def installation(app: Flask, clock_at: Any) -> None:
    """Two channels, of which one was reviewed; secrets, and a file of settings."""
    clock_at("2026-05-04")
    one, _two = make.channel(make.unit("Kammer"), since=date(2026, 1, 1)), make.channel()
    make.closed_meeting(date(2026, 3, 17), [one])
    secret_files.make(Path(app.instance_path))
    (Path(app.instance_path) / "config.py").write_text('MAIL_SENDER = "evaluierung@example.org"\n')


@pytest.fixture
def story(app: Flask, clock_at: Any) -> None:
    """A year of the demo, with its journal; reminders were never released, so that restoring holds nothing back."""
    clock_at("2025-02-03")
    secret_files.make(Path(app.instance_path))
    seeding.seed(date(2025, 1, 31))
    db.session.get_one(Organisation, 1).reminders_confirmed_at = None
    db.session.commit()


def elsewhere(app: Flask, *arguments: str) -> Result:
    """A command in the other installation."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=list(arguments))
        db.session.remove()
    return result


def exports(app: Flask, folder: Path) -> dict[str, bytes]:
    """Every kind of export, as the command writes it."""
    found = {}
    for form in EXPORTS:
        path = folder / f"evidence.{form}"
        result = elsewhere(app, "export", "--format", form, "--output", str(path))
        assert result.exit_code == 0, result.stderr
        found[form] = path.read_bytes()
    return found


def test_after_destroying_everything_all_exports_are_as_they_were_byte_by_byte(
    story: None, app: Flask, run: Run, empty: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tracker.journal.secrets.token_hex", lambda n: "0" * 2 * n
    )  # no chance in the journal
    result = run("backup", str(tmp_path / "b.zip"))
    assert result.exit_code == 0, result.stderr
    assert "up to journal entry" in result.output
    db.session.remove()  # SQLite has one writer
    for folder in ("before", "after"):
        (tmp_path / folder).mkdir()
    before = exports(app, tmp_path / "before")

    result = elsewhere(
        empty, "restore", str(tmp_path / "b.zip"), "--secrets", str(tmp_path / "b.secrets.zip")
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Everything in it agrees with its journal." in result.output
    with empty.app_context():
        assert db.session.scalar(select(func.count(Review.id)))
        db.session.remove()
        after = exports(empty, tmp_path / "after")
        db.session.remove()
        db.engine.dispose()
    assert {form for form in EXPORTS if before[form] != after[form]} == set()
    for name in ("SECRET_KEY", "SECURITY_PASSWORD_SALT"):
        mine, theirs = (Path(one.instance_path) / "secrets" / name for one in (app, empty))
        assert mine.read_bytes() == theirs.read_bytes()
        assert stat.S_IMODE(theirs.stat().st_mode) == 0o600


def test_reminders_are_held_after_a_restore(
    installation: None, run: Run, empty: Flask, tmp_path: Path
) -> None:
    db.session.get_one(Organisation, 1).reminders_confirmed_at = clock.now()
    db.session.commit()
    run("backup", str(tmp_path / "b.zip"))
    result = elsewhere(
        empty, "restore", str(tmp_path / "b.zip"), "--secrets", str(tmp_path / "b.secrets.zip")
    )
    assert "Reminders are held" in result.output
    with empty.app_context():
        assert db.session.get_one(Organisation, 1).reminders_confirmed_at is None
        assert (
            db.session.scalars(select(Entry.deed).order_by(Entry.number.desc())).first() == "reminders.hold"
        )
        db.session.remove()
        db.engine.dispose()


def test_the_first_file_holds_no_secret_and_both_are_closed_to_others(
    installation: None, run: Run, app: Flask, tmp_path: Path
) -> None:
    run("backup", str(tmp_path / "b.zip"))
    with ZipFile(tmp_path / "b.zip") as archive:
        assert len(archive.namelist()) == 2
        assert json.loads(archive.read("about.json"))["entries"] >= 0
    with ZipFile(tmp_path / "b.secrets.zip") as archive:
        assert {"config.py", "secrets/SECRET_KEY"} <= set(archive.namelist())
    assert {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.glob("b.*")} == {0o600}
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.sqlite_only
def test_a_copy_made_while_others_write_is_one_moment(
    installation: None, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_copy, "PAGES", 1)
    steps = []

    def write_meanwhile(count: int, total: int, _what: str) -> None:
        steps.append((count, total))
        with closing(sqlite3.connect(db.engine.url.database or "", isolation_level=None)) as other:
            other.execute("UPDATE organisation SET website = ?", (f"https://example.org/{count}",))

    backup.write(tmp_path / "b.zip", write_meanwhile)
    assert len(steps) > 10
    with ZipFile(tmp_path / "b.zip") as archive:
        archive.extract("tracker.sqlite", tmp_path)
    with closing(sqlite3.connect(tmp_path / "tracker.sqlite")) as copied:
        assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copied.execute("SELECT website FROM organisation").fetchone() == (None,)


def test_nothing_is_restored_over_something(installation: None, run: Run, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "b.zip"))
    result = run("restore", str(tmp_path / "b.zip"))
    assert result.exit_code == 1
    assert "already" in result.stderr
    assert "Traceback" not in result.output
    again = run("backup", str(tmp_path / "b.zip"))
    assert "give another name" in again.stderr


def test_what_is_no_backup_is_refused_and_leaves_nothing(
    installation: None, run: Run, empty: Flask, tmp_path: Path
) -> None:
    run("backup", str(tmp_path / "b.zip"))
    (tmp_path / "text.zip").write_text("kein Backup")
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    secrets = ["--secrets", str(tmp_path / "b.secrets.zip")]
    for given, said in (
        (["text.zip", *secrets], "is no backup"),
        (["cut.zip", *secrets], "is no backup"),
        (["gone.zip", *secrets], "cannot be read"),
        (["b.zip"], "Give them with --secrets"),
        (["b.zip", "--secrets", str(tmp_path / "b.zip")], "holds no secrets"),
    ):
        result = elsewhere(empty, "restore", str(tmp_path / given[0]), *given[1:])
        assert (result.exit_code, said in result.stderr) == (1, True), (given, result.stderr)
        assert sorted(one.name for one in Path(empty.instance_path).rglob("*") if one.is_file()) == []


def test_a_backup_of_a_newer_version_is_refused(
    installation: None, run: Run, empty: Flask, tmp_path: Path
) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.session.commit()
    run("backup", str(tmp_path / "b.zip"))
    db.session.execute(text("UPDATE alembic_version SET version_num = '0015'"))
    db.session.commit()
    result = elsewhere(
        empty, "restore", str(tmp_path / "b.zip"), "--secrets", str(tmp_path / "b.secrets.zip")
    )
    assert "newer version" in result.stderr


def test_one_backup_a_day_is_made_and_the_oldest_go(installation: None, app: Flask, clock_at: Any) -> None:
    app.config["BACKUPS_KEPT"] = 2
    for day in ("2026-05-04", "2026-05-04", "2026-05-05", "2026-05-06"):
        clock_at(day)
        scheduler.back_up()
    made = sorted(one.name for one in backup.folder().glob("*.zip"))
    assert made == ["tracker-20260505T100000Z.zip", "tracker-20260506T100000Z.zip"]
    assert (backup.folder() / "secrets" / "secrets.zip").exists()
    run = engine.last_run("backup")
    assert run is not None
    assert (run.count, run.words) == (1, "")

    app.config["BACKUPS_KEPT"] = 0
    clock_at("2026-05-07")
    scheduler.back_up()
    assert sorted(one.name for one in backup.folder().glob("*.zip")) == made


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_why_there_is_none_is_noted(installation: None, app: Flask, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    app.config["BACKUP_FOLDER"] = str(tmp_path / "closed" / "backups")
    scheduler.back_up()
    run = engine.last_run("backup")
    assert run is not None
    assert "cannot be written" in run.words


def test_an_upgrade_backs_up_brings_up_to_date_and_checks(
    story: None, app: Flask, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("upgrade")
    assert result.exit_code == 0, result.output
    assert "The database is up to date, and everything agrees with its journal." in result.output
    (made,) = backup.folder().glob("tracker-*Z.zip")
    assert backup.read(made).database == db.engine.url.get_backend_name()


def test_where_an_upgrade_fails_it_says_how_to_go_back(
    story: None, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("no such column")

    monkeypatch.setattr(commands, "bring_up_to_date", broken)
    result = run("upgrade")
    assert result.exit_code == 1
    assert "no such column To go back: the old version, an empty place, `flask restore" in result.stderr
    assert "Traceback" not in result.output
