"""A private PostgreSQL server for the tests: in a temporary folder, on a free port of loopback, gone afterwards."""

import contextlib
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")

# Whoever still holds a connection is thrown out; no trigger and no foreign key is asked; the roles stay.
EMPTY = """
DO $$
DECLARE name text;
BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'role')
  LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
  UPDATE role SET asks_second_factor = false;
  PERFORM setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE schemaname = 'public' AND sequencename <> 'role_id_seq';
END $$
"""


@dataclass
class PostgreSQL:
    """A running server; databases are made from a template in a fraction of a second."""

    folder: str
    port: int
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    made: dict[str, str] = field(default_factory=dict)

    def create(self, name: str, template: str = "template1") -> str:
        """Make a database and give its address."""
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"postgresql+psycopg://tests@127.0.0.1:{self.port}/{name}"

    @contextlib.contextmanager
    def emptied(self, name: str) -> Iterator[str]:
        """One database for test after test: its rows go, its tables stay. Ten times faster than one of its own."""
        if name not in self.made:
            self.made[name] = self.create(name, "template_of_tests")
        yield self.made[name]
        self._say(EMPTY, name)

    @contextlib.contextmanager
    def fresh(self, template: str) -> Iterator[str]:
        """A database of its own for one test."""
        name = f"test_{next(self.numbers)}"
        yield self.create(name, template)
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    @contextlib.contextmanager
    def away(self, address: str) -> Iterator[None]:
        """One database takes no connections, and those there were are cut, until the block ends."""
        name = address.rpartition("/")[2]
        self._say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        self._say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        try:
            yield
        finally:
            self._say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    def _say(self, sql: str, database: str = "postgres") -> None:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="tests", dbname=database, autocommit=True
        ) as connection:
            connection.execute(sql)


@contextlib.contextmanager
def running_server() -> Iterator[PostgreSQL]:
    """Start a server and stop it; without its programs skip on a laptop, fail under CI."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL's server is not installed; .ci/run installs it.")
        pytest.skip("PostgreSQL's server is not installed.")
    owner = _owner()
    folder = tempfile.mkdtemp(prefix="tracker-pg-")
    if owner:
        shutil.chown(folder, owner["user"], owner["group"])
    try:
        with _started(programs, folder, owner) as port:
            yield PostgreSQL(folder, port)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _started(programs: Path, folder: str, owner: dict[str, Any]) -> Iterator[int]:
    """The port of a server whose data lie in `folder`. It sorts by code point, whatever language the machine speaks."""
    data = f"{folder}/data"
    make: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "tests",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
        "--no-sync",
    ]
    _run(make, folder, owner)
    port = _free_port()
    options = " ".join(f"-c {setting}" for setting in SETTINGS)
    options += f" -p {port} -k {folder} -c listen_addresses=127.0.0.1"
    control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log"]
    _run([*control, "-o", options, "start"], folder, owner)
    try:
        yield port
    finally:
        _run([*control, "-m", "immediate", "stop"], folder, owner)


def _run(command: list[str | Path], folder: str, owner: dict[str, Any]) -> None:
    """Run one of the server's programs; when it fails, the test says why."""
    said = Path(folder, "said")
    with said.open("w") as file:
        done = subprocess.run(command, check=False, stdout=file, stderr=file, cwd=folder, **owner)
    if done.returncode:
        log = Path(folder, "log")
        pytest.fail(said.read_text() + (log.read_text() if log.exists() else ""))


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return places[-1].parent if places else None


def _owner() -> dict[str, Any]:
    """As root the server refuses to start: it runs as an account without rights."""
    if os.geteuid() != 0:
        return {}
    account = next((pwd.getpwnam(name) for name in ("postgres", "nobody") if _has(name)), None)
    assert account is not None
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _has(name: str) -> bool:
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam(name))
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
