"""The database copied by its own tools while it is used, and made from such a copy where there is none yet."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import inspect

from tracker.extensions import db
from tracker.steps import Step

PAGES = 4096  # of the database copied in one go


class BackupRefused(Exception):
    """Why no backup was made, or nothing was restored: one sentence for the person at the terminal."""


def kind() -> str:
    """sqlite or postgresql."""
    return db.engine.url.get_backend_name()


def copy(target: Path, step: Step) -> None:
    """Everything as it is at one moment, into a file. Raises BackupRefused."""
    if kind() == "sqlite":
        _copy_sqlite(Path(str(db.engine.url.database)), target, step)
    else:
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-acl",
            f"--file={target}",
            f"--dbname={_address()}",
        )


def refuse_what_is_there() -> None:
    """Raises BackupRefused where there is a database, or something in it, already."""
    if kind() == "sqlite":
        target = Path(str(db.engine.url.database))
        if target.exists():
            raise BackupRefused(
                f"There is a database already: {target}. A backup is restored where there is none."
            )
    elif inspect(db.engine).get_table_names():
        raise BackupRefused(
            "There are tables in the database already. A backup is restored where there are none."
        )


def put_back(copied: Path) -> None:
    """The database made from a copy, where refuse_what_is_there() found nothing. Raises BackupRefused."""
    if kind() == "sqlite":
        _sound(copied)
        copied.replace(Path(str(db.engine.url.database)))
    else:
        _run("pg_restore", "--exit-on-error", "--no-owner", "--no-acl", f"--dbname={_address()}", str(copied))


def _copy_sqlite(source: Path, target: Path, step: Step) -> None:
    """From one snapshot, while others write: a transaction that is open keeps what it began with."""
    with (
        closing(sqlite3.connect(source, isolation_level=None)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM alembic_version").fetchone()
        here.backup(
            there, pages=PAGES, progress=lambda _state, left, total: step(total - left, total, "pages")
        )


def _sound(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as database:
            said = database.execute("PRAGMA integrity_check").fetchone()[0]
            database.execute("PRAGMA journal_mode = DELETE")  # one file, that can be renamed
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"The database in the backup is damaged: {error}.") from None
    if said != "ok":
        raise BackupRefused(f"The database in the backup is damaged: {said.splitlines()[0]}.")


def _address() -> str:
    """The database's, without its password: that goes through the environment, where nobody else can read it."""
    url = db.engine.url.set(drivername="postgresql", password=None)
    return url.render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    """A program of PostgreSQL's. Raises BackupRefused with its own words."""
    found = shutil.which(program)
    if found is None:
        raise BackupRefused(
            f"There is no {program} here. On Debian and Ubuntu: apt-get install postgresql-client"
        )
    environment: dict[str, Any] = {**os.environ}
    if db.engine.url.password:
        environment["PGPASSWORD"] = str(db.engine.url.password)
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        raise BackupRefused(f"{program} failed: {said}")
