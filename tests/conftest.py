"""An app on a fresh database for every test: on SQLite, and, unless the test says otherwise, on PostgreSQL as well."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache

from tests import factories
from tests.browsing import Browser, Client
from tests.postgres import PostgreSQL, running_server
from tracker import clock
from tracker.app import create_app
from tracker.extensions import db
from tracker.models import Role, User
from tracker.rules import words

ZONE = "Europe/Berlin"
SETTINGS = {
    "TESTING": True,
    "SECRET_KEY": "of the tests",
    "SECURITY_PASSWORD_SALT": "of the tests",
    "SECURITY_PASSWORD_HASH": "plaintext",
    "SECURITY_PASSWORD_SCHEMES": ["plaintext"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "RATELIMIT_ENABLED": False,
    "WTF_CSRF_ENABLED": False,  # tests of forms with a token switch it on
    "BASE_URL": "http://tracker.example.org",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that has an app once on each database, unless it is marked `sqlite_only` or `postgresql_only`."""
    if "database" not in metafunc.fixturenames:
        return
    names = ["sqlite", "postgresql"]
    for only in names:
        if metafunc.definition.get_closest_marker(f"{only}_only"):
            names = [only]
    metafunc.parametrize("database", names, indirect=True)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all migrations run and the roles in it, to be copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    path = folder / "tracker.sqlite"
    _fill(create_app({**SETTINGS, "DATABASE_URL": f"sqlite:///{path}"}, folder))
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of our own, with a migrated template database."""
    with running_server() as running:
        url = running.create("template_of_tests")
        _fill(create_app({**SETTINGS, "DATABASE_URL": url}, Path(running.folder)))
        yield running


def _fill(app: Flask) -> None:
    with app.app_context():
        upgrade()
        db.session.add_all(Role(name=role.value) for role in words.Role)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), tmp_path / "tracker.sqlite")
        yield f"sqlite:///{tmp_path / 'tracker.sqlite'}"
    else:
        running: PostgreSQL = request.getfixturevalue("server")
        own = request.node.get_closest_marker("own_database")
        with running.fresh("template_of_tests") if own else running.emptied("tests") as url:
            yield url


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates, compiled once for all tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(database: str, tmp_path: Path, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The app on a fresh database, with a context pushed."""
    made = create_app({**SETTINGS, "DATABASE_URL": database}, tmp_path)
    made.test_client_class = Client
    made.jinja_env.bytecode_cache = compiled
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def clock_at() -> Iterator[Callable[[str | date], None]]:
    """clock_at("2026-04-10"): noon of that day in Berlin, until the test ends or it is set again."""
    with ExitStack() as stack:

        def stand(day: str | date, at: time = time(12)) -> None:
            moment = day if isinstance(day, datetime) else clock.moment_on(_day(day), ZONE, at)
            stack.enter_context(clock.set_to(moment))

        yield stand


def _day(day: str | date) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., Browser]:
    """sign_in("editor", units=[unit]): a browser in which a person with that role is signed in."""

    def signed(role: str | User = "editor", units: Any = (), language: str = "de") -> Browser:
        someone = role if isinstance(role, User) else factories.person(role, units=units, language=language)
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = someone.fs_uniquifier
            session["_fresh"] = True
            session["fs_cc"] = "set"
            session["fs_paa"] = clock.now().timestamp()
            session["identity"] = someone.fs_uniquifier
        return Browser(client, language=someone.language or language, person=someone)

    return signed


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """run("standings", "--json"): a flask command and what came of it."""

    def command(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=list(arguments))

    return command


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("TRACKER_"):
            monkeypatch.delenv(name)
