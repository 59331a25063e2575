"""An app on a fresh database for every test: on SQLite, and, unless the test says otherwise, on PostgreSQL as well."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade

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
    "SECURITY_FRESHNESS": timedelta(days=36_500),  # nobody is asked again; tests of it set a time
    "WTF_CSRF_ENABLED": False,  # tests of forms with a token switch it on
    "BASE_URL": "http://tracker.example.org",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that has an app once on each database, unless it is marked `sqlite_only` or `postgresql_only`.

    A page's test on PostgreSQL counts as slow, so that it runs with `make test-all`; marked `both`, it always runs.
    """
    if "database" not in metafunc.fixturenames:
        return
    marked = metafunc.definition.get_closest_marker
    names = ["sqlite", "postgresql"]
    for only in names:
        if marked(f"{only}_only"):
            names = [only]
    later = metafunc.definition.path.parent.name == "rooms" and len(names) > 1 and not marked("both")
    marks = {"postgresql": [pytest.mark.slow] if later else []}
    found = [pytest.param(name, marks=marks.get(name, [])) for name in names]
    metafunc.parametrize("database", found, indirect=True)


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
def database(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a migrated database with nothing in it but the roles."""
    own = request.node.get_closest_marker("own_database")
    if request.param == "sqlite":
        folder = tmp_path if own else tmp_path_factory.getbasetemp()
        for left in folder.glob("tracker.sqlite-*"):
            left.unlink()
        shutil.copy(request.getfixturevalue("migrated"), folder / "tracker.sqlite")
        yield f"sqlite:///{folder / 'tracker.sqlite'}"
    else:
        running: PostgreSQL = request.getfixturevalue("server")
        with running.fresh("template_of_tests") if own else running.emptied("tests") as url:
            yield url


@pytest.fixture(scope="session")
def apps() -> dict[str, Flask]:
    """The apps made so far, by the address of their database: making one takes longer than most tests."""
    return {}


@pytest.fixture
def app(database: str, tmp_path: Path, apps: dict[str, Flask]) -> Iterator[Flask]:
    """The app on a fresh database, in a fresh folder, with a context pushed; changed settings go back."""
    if database not in apps:
        apps[database] = create_app({**SETTINGS, "DATABASE_URL": database}, tmp_path)
        apps[database].test_client_class = Client
    made = apps[database]
    made.instance_path = str(tmp_path)
    settings = dict(made.config)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
    made.config.clear()
    made.config.update(settings)


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
