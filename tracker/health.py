"""How well an installation is: /healthz is told the names of what is ill, `flask doctor` what was found and what to do.

In English, as all that speaks to whoever runs the app.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tracker import clock, engine, language, starting
from tracker.extensions import db
from tracker.letter import sender
from tracker.models import Entry, Mail
from tracker.models.locks import faulty_locks
from tracker.settings import PROJECT, SettingRefused
from tracker.transport import Server, Unreachable

LEAST_FREE = 1_000_000_000  # bytes on the disk of the instance folder
WAITING_TOO_LONG = timedelta(days=1)  # for a mail: what a mail server is usually back after
BACKUP_TOO_OLD = timedelta(days=2)
AHEAD = timedelta(minutes=5)  # by which the clocks of several machines may differ


@dataclass(frozen=True)
class Finding:
    """What was found of one part; where it is ill, what to do about it."""

    part: str
    said: str
    to_do: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing is to be done."""
        return not self.to_do


def database() -> Finding:
    """Whether it answers."""
    db.session.execute(text("SELECT 1"))
    return Finding("database", f"{db.engine.url.get_backend_name()} answers")


def migrations() -> Finding:
    """Whether the tables are those of this version."""
    newest = max(one.name.partition("_")[0] for one in (PROJECT / "migrations/versions").glob("*.py"))
    found = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    if found == newest:
        return Finding("migrations", f"the tables are those of this version ({newest})")
    return Finding(
        "migrations", f"the tables are at {found}, this version needs {newest}", "run `flask init`"
    )


def locks() -> Finding:
    """Whether the database still refuses what must not be changed."""
    faulty = faulty_locks(db.session.connection())
    if not faulty:
        return Finding("locks", "what is closed is locked by the database")
    said = f"missing or changed: {', '.join(faulty)}"
    return Finding(
        "locks", said, "somebody changed the database by hand: run `flask verify`, or restore a backup"
    )


def reminders() -> Finding:
    """Whether the engine lives: more than a day and an hour without a run is too long."""
    if not engine.engine_is_late(clock.now()):
        run = engine.last_run()
        return Finding(
            "reminders",
            f"last looked at on {run.began_at:%Y-%m-%d %H:%M} UTC" if run else "none are owed yet",
        )
    return Finding(
        "reminders", "nobody looked at them for more than a day", "start `flask scheduler` (or `flask serve`)"
    )


def mails() -> Finding:
    """Whether mails leave the outbox."""
    late = clock.now() - WAITING_TOO_LONG
    waiting = db.session.scalar(select(func.count()).where(Mail.state == "waiting", Mail.written_at < late))
    given_up = db.session.scalar(select(func.count()).where(Mail.state == "given_up"))
    if waiting:
        return Finding(
            "outbox",
            f"{waiting} mails wait for more than a day",
            "see what the mail server says, on the page Outbox",
        )
    return Finding("outbox", f"nothing waits too long; {given_up} given up")


def mail_server() -> Finding:
    """Whether a mail server is set, and takes us."""
    host = current_app.config["MAIL_HOST"]
    if not host:
        return Finding(
            "mail server", "none: mails are written as files", "set MAIL_HOST, or read the files in outbox/"
        )
    try:
        Server(current_app.config, sender().addr_spec).reach()
    except Unreachable as error:
        return Finding(
            "mail server",
            f"{host}: {error}",
            "check MAIL_HOST, MAIL_PORT, MAIL_STARTTLS, MAIL_TLS, MAIL_USER",
        )
    return Finding("mail server", f"{host} takes us")


def served() -> Finding:
    """Secrets that others can read, made-up people where others come."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        starting.refuse_unsafe(app)
    except SettingRefused as refused:
        return Finding("secrets", str(refused), "do that, then start again")
    if starting.reached_by_others(app) and not app.config["BASE_URL"].startswith("https://"):
        return Finding(
            "secrets",
            f"others come to {app.config['BASE_URL']}, without TLS",
            "put a proxy with TLS in front",
        )
    return Finding("secrets", "closed to others")


def disk() -> Finding:
    """Room for the database to grow, and for a backup."""
    free = shutil.disk_usage(Path(current_app.instance_path)).free
    said = f"{free / 1e9:.1f} GB free"
    return Finding(
        "disk", said, "" if free >= LEAST_FREE else f"make room: at least {LEAST_FREE / 1e9:.0f} GB"
    )


def time() -> Finding:
    """Whether the clock and the zone can be right."""
    zone = language.zone()
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return Finding("clock", f"the time zone {zone} is not known here", "install tzdata")
    last = db.session.scalar(select(func.max(Entry.at)))
    if last is not None and last > clock.now() + AHEAD:
        return Finding(
            "clock",
            f"the journal was written to on {last:%Y-%m-%d %H:%M} UTC, which is to come",
            "set the clock (NTP)",
        )
    return Finding("clock", f"{clock.now():%Y-%m-%d %H:%M} UTC, days by {zone}")


def backups() -> Finding:
    """Whether the newest is fresh."""
    if not current_app.config["BACKUPS_KEPT"]:
        return Finding("backups", "none are made by the app (BACKUPS_KEPT is 0)")
    run = engine.last_run("backup")
    if run is not None and run.words:
        return Finding("backups", run.words, "mend that; until then run `flask backup FILE`")
    if run is None or clock.now() - run.began_at > BACKUP_TOO_OLD:
        said = f"the last one was made on {run.began_at:%Y-%m-%d}" if run else "there is none yet"
        return Finding(
            "backups", said, "start `flask scheduler` (or `flask serve`), or run `flask backup FILE`"
        )
    return Finding("backups", f"the last one was made on {run.began_at:%Y-%m-%d %H:%M} UTC")


WATCHED: tuple[Callable[[], Finding], ...] = (database, migrations, locks, reminders, mails)  # at /healthz
ALL = (*WATCHED, mail_server, backups, served, disk, time)


def findings(checks: tuple[Callable[[], Finding], ...] = ALL) -> list[Finding]:
    """What was found, in order; after a database that does not answer there is nothing more to ask it."""
    found = []
    for check in checks:
        try:
            found.append(check())
        except DBAPIError as error:
            said = str(error.orig).strip().splitlines()[0]
            to_do = "see that it runs and can be reached; has `flask init` been run here?"
            return [*found, Finding("database", said, to_do)]
        finally:
            db.session.rollback()  # SQLite has one writer, and a check may look with a session of its own
    return found
