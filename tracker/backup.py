"""A copy of a running installation, and an installation made from one.

A backup is a ZIP with the database as its own tools copy it, and about.json. Secrets and config.py lie in a second ZIP:
whoever keeps the first alone can neither sign in with it nor read anybody's second factor.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import text

from tracker import clock, database_copy, journal
from tracker.database_copy import BackupRefused
from tracker.extensions import db
from tracker.settings import PROJECT
from tracker.steps import Step, unwatched

ABOUT, CONFIG, SECRETS = "about.json", "config.py", "secrets"
PARTS = {"sqlite": "tracker.sqlite", "postgresql": "tracker.dump"}  # what the database is called within
PIECE = 1 << 20  # bytes
ONE_A_DAY = timedelta(hours=20)  # sooner after the last one none is made, as after a restart


@dataclass(frozen=True)
class About:
    """What a backup says of itself. `head` is that of the journal, as entry `entries`: it is in there, if not newer."""

    made_at: str  # ISO 8601, UTC
    version: str
    revision: str  # of the tables
    database: str  # sqlite or postgresql
    entries: int
    head: str


def write(path: Path, step: Step = unwatched) -> About:
    """Copy the database to a file that is there whole or not at all. The installation goes on; raises BackupRefused."""
    kind = database_copy.kind()
    number, head = journal.head(db.session)
    revision = str(db.session.scalar(text("SELECT version_num FROM alembic_version")))
    db.session.rollback()
    made_by = version("social-media-review-tracker")
    about = About(clock.now().isoformat(), made_by, revision, kind, number, head)
    with _whole(path) as beside, tempfile.TemporaryDirectory(dir=path.parent) as folder:
        copied = Path(folder) / PARTS[kind]
        database_copy.copy(copied, step)
        with ZipFile(beside, "w", ZIP_DEFLATED) as archive:
            archive.writestr(ABOUT, json.dumps(asdict(about), indent=2))
            archive.write(copied, copied.name)
    return about


def write_secrets(path: Path) -> None:
    """The secrets and config.py of this installation, in a file that only its owner can read."""
    instance = Path(current_app.instance_path)
    with _whole(path) as beside, ZipFile(beside, "w", ZIP_DEFLATED) as archive:
        for one in sorted((instance / SECRETS).glob("*")):
            archive.write(one, f"{SECRETS}/{one.name}")
        if (instance / CONFIG).is_file():
            archive.write(instance / CONFIG, CONFIG)


def read(path: Path) -> About:
    """What a backup says of itself; BackupRefused where the file is none."""
    try:
        with ZipFile(path) as archive:
            about = About(**json.loads(archive.read(ABOUT)))
            archive.getinfo(PARTS[about.database])
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {error.strerror or error}.") from None
    except (BadZipFile, KeyError, TypeError, ValueError):
        raise BackupRefused(f"{path} is no backup of this app.") from None
    return about


def restore(path: Path, about: About) -> None:
    """Make the database from a backup, where there is none yet, with up-to-date tables. Raises BackupRefused."""
    kind = database_copy.kind()
    if kind != about.database:
        raise BackupRefused(f"The backup is of {about.database}, and this installation is set to {kind}.")
    known = {one.name.partition("_")[0] for one in (PROJECT / "migrations/versions").glob("*.py")}
    if about.revision not in known:
        raise BackupRefused(f"The backup was made by a newer version ({about.version}). Install that first.")
    database_copy.refuse_what_is_there()
    with tempfile.TemporaryDirectory(dir=current_app.instance_path) as folder:
        copied = Path(folder) / PARTS[kind]
        try:
            with ZipFile(path) as archive, archive.open(PARTS[kind]) as packed, copied.open("wb") as file:
                shutil.copyfileobj(packed, file, PIECE)
        except BadZipFile:
            raise BackupRefused(f"{path} is damaged.") from None
        database_copy.put_back(copied)
    db.engine.dispose()
    upgrade()


def restore_secrets(path: Path) -> list[Path]:
    """Put secrets and config.py back, where there are none; which files were written. Raises BackupRefused."""
    instance = Path(current_app.instance_path)
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
            if not names or any(name != CONFIG and Path(name).parent != Path(SECRETS) for name in names):
                raise BackupRefused(f"{path} holds no secrets of this app.")
            if there := [name for name in names if (instance / name).exists()]:
                raise BackupRefused(
                    f"There is {instance / there[0]} already. Secrets are restored where there are none."
                )
            (instance / SECRETS).mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in names:
                with os.fdopen(
                    os.open(instance / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
                ) as file:
                    file.write(archive.read(name))
            return [instance / name for name in names]
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {error.strerror or error}.") from None
    except BadZipFile:
        raise BackupRefused(f"{path} holds no secrets of this app.") from None


def folder() -> Path:
    """Where the daily backups are."""
    return Path(current_app.config["BACKUP_FOLDER"] or Path(current_app.instance_path) / "backups")


def daily(keep: int) -> Path | None:
    """The backup of today, unless there is one, or none is to be kept; older ones than `keep` go. Raises BackupRefused.

    Of the secrets there is one copy, in a folder of its own, which is written anew each time.
    """
    now = clock.now()
    made = sorted(folder().glob("tracker-????????T??????Z.zip"))
    if not keep or (made and made[-1].name >= named(now - ONE_A_DAY)):
        return None
    path = folder() / named(now)
    write(path)
    write_secrets(folder() / SECRETS / "secrets.zip")
    for old in made[: len(made) + 1 - keep]:
        old.unlink(missing_ok=True)
    return path


def named(moment: datetime) -> str:
    """tracker-20261123T060000Z.zip: in the order of time when sorted by name."""
    return f"tracker-{moment:%Y%m%dT%H%M%SZ}.zip"


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file beside, readable by its owner only, that takes the place of `path` once it is written."""
    beside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield beside
        beside.replace(path)
    except OSError as error:
        raise BackupRefused(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        for left in path.parent.glob(f"{beside.name}*"):
            left.unlink(missing_ok=True)
