"""An installation that others could harm, or that could harm others, does not start."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.conftest import SETTINGS
from tracker import secret_files
from tracker.app import create_app
from tracker.settings import SettingRefused
from tracker.starting import reached_by_others, refuse_unsafe

HERE = Path(__file__).parents[2]
pytestmark = [pytest.mark.sqlite_only, pytest.mark.own_database]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_secret_that_others_can_read_or_write_is_named(app: Flask, mode: int) -> None:
    secret_files.make(Path(app.instance_path))
    refuse_unsafe(app)
    secret = Path(app.instance_path) / "secrets" / "SECRET_KEY"
    secret.chmod(mode)
    with pytest.raises(SettingRefused, match=f"chmod 600 {secret}"):
        refuse_unsafe(app)


@pytest.mark.parametrize(
    ("said", "host", "others"),
    [
        ({}, "", False),
        ({"BASE_URL": "http://localhost:5000", "HOST": "::1"}, "", False),
        ({"BASE_URL": "https://tracker.example.org"}, "", True),
        ({"HOST": "0.0.0.0"}, "", True),
        ({}, "192.0.2.7", True),
        ({"PROXIES": 1}, "", True),
    ],
)
def test_demo_people_are_for_this_machine_only(
    app: Flask, said: dict[str, Any], host: str, others: bool
) -> None:
    app.config.update({"BASE_URL": "http://127.0.0.1:5000", "HOST": "127.0.0.1", "PROXIES": 0, **said})
    assert reached_by_others(app, host) is others
    refuse_unsafe(app, host)
    factories.person("admin").is_demo = True
    factories.db.session.commit()
    if others:
        with pytest.raises(SettingRefused, match="people of the demo"):
            refuse_unsafe(app, host)
    else:
        refuse_unsafe(app, host)


@pytest.mark.slow
def test_a_wsgi_server_is_told_in_one_sentence_and_commands_go_on(tmp_path: Path) -> None:
    secret_files.make(tmp_path)
    (tmp_path / "secrets" / "SECRET_KEY").chmod(0o644)
    environment = {"TRACKER_INSTANCE": str(tmp_path), "PATH": "/usr/bin:/bin"}
    found = subprocess.run([sys.executable, "-c", "import wsgi"], cwd=HERE, env=environment, capture_output=True,
                           text=True, check=False)  # fmt: skip
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.count("\n") == 1
    assert "Others can read the secret" in found.stderr
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "init"]
    assert (
        subprocess.run(command, cwd=HERE, env=environment, capture_output=True, check=False).returncode == 0
    )


def test_behind_tls_cookies_are_for_tls_only(tmp_path: Path, database: str) -> None:
    made = create_app(
        {**SETTINGS, "DATABASE_URL": database, "BASE_URL": "https://tracker.example.org"}, tmp_path
    )
    assert made.config["SESSION_COOKIE_SECURE"]
    assert made.config["REMEMBER_COOKIE_SECURE"]
    let_go(made)


def test_behind_a_proxy_the_machine_that_asks_and_the_way_it_came_are_known(
    tmp_path: Path, database: str, clock_at: Callable[..., None]
) -> None:
    made = create_app({**SETTINGS, "DATABASE_URL": database, "PROXIES": 1}, tmp_path)
    seen: list[Any] = []

    @made.before_request
    def look() -> None:
        from flask import request  # noqa: PLC0415

        seen.append((request.remote_addr, request.scheme, request.host))

    forwarded = {"X-Forwarded-For": "198.51.100.1, 192.0.2.7", "X-Forwarded-Proto": "https",
                 "X-Forwarded-Host": "tracker.example.org"}  # fmt: skip
    made.test_client().get("/login", headers=forwarded)
    assert seen == [("192.0.2.7", "https", "tracker.example.org")]
    let_go(made)


def let_go(made: Flask) -> None:
    with made.app_context():
        factories.db.engine.dispose()
