"""The timetable: which job runs when. Only `flask serve` and `flask scheduler` start it, never a web worker.

The jobs decide from the database what is to be done, so it does no harm to run them twice, late, or in several
processes. Nothing of the timetable itself is stored: after a restart every job runs once at once.
"""

import re
from collections.abc import Callable
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask, current_app

from tracker import access_log, attempts, backup, clock, engine, language, outbox
from tracker.database_copy import BackupRefused
from tracker.extensions import db
from tracker.making import make_waiting
from tracker.reminders.changes import remind
from tracker.reminders.head_mail import tell_auditors
from tracker.settings import SettingRefused

PATIENT = {
    "misfire_grace_time": None,
    "coalesce": True,
    "max_instances": 1,
}  # late is better than never; late once

LOOK_FOR_FILES_EVERY = 2  # seconds; while one is made, the next look finds that and goes away


def timetable(app: Flask, blocking: bool = False) -> BaseScheduler:
    """All jobs, not started yet. SettingRefused if their times make no sense."""
    with app.app_context():
        zone = language.zone()
        db.session.remove()
    hour, minute = time_of_day("REMIND_AT", app.config["REMIND_AT"])
    at_night = time_of_day("BACKUP_AT", app.config["BACKUP_AT"])
    every = app.config["DELIVER_EVERY"]
    if every < 1:
        raise SettingRefused("DELIVER_EVERY must be at least 1 minute.")
    made = BlockingScheduler if blocking else BackgroundScheduler
    scheduler = made(timezone=zone, job_defaults=PATIENT)
    daily = CronTrigger(hour=hour, minute=minute, timezone=zone)
    often = IntervalTrigger(minutes=every, timezone=UTC)
    soon = IntervalTrigger(seconds=LOOK_FOR_FILES_EVERY, timezone=UTC)
    jobs = (
        ("remind", remind_today, daily, 1),
        ("deliver", deliver_waiting, often, 1),
        ("files", make_files, soon, 2),
        ("backup", back_up, CronTrigger(hour=at_night[0], minute=at_night[1], timezone=zone), 1),
    )
    for name, work, trigger, at_once in jobs:
        scheduler.add_job(within(app, name, work), trigger, id=name, name=name, next_run_time=clock.now(),
                          max_instances=at_once)  # fmt: skip
    return scheduler


def time_of_day(name: str, text: str) -> tuple[int, int]:
    """Hour and minute of the setting `name`, such as "06:00".

    Between 02:00 and 03:00 clocks are set: those times come twice, or never.
    """
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not found or found[1] in {"2", "02"}:
        raise SettingRefused(
            f"{name} must be a time like 06:00, and not between 02:00 and 03:00; it is {text!r}."
        )
    return int(found[1]), int(found[2])


def within(app: Flask, name: str, work: Callable[[], None]) -> Callable[[], None]:
    """The job in a context and session of its own; an error is logged, and the next run tries again."""

    def job() -> None:
        with app.app_context():
            try:
                work()
            except Exception:
                db.session.rollback()
                app.logger.exception("The job %s failed; it will run again.", name)
            finally:
                db.session.remove()

    return job


def remind_today() -> None:
    """Tell what is owed today in the organisation's zone, and auditors the head of the journal; mails leave later.

    What is past its days goes from the access log, and attempts that no longer count.
    """
    on = clock.today(language.zone())
    remind(on)
    db.session.commit()
    tell_auditors(on)
    db.session.commit()
    access_log.clear(clock.now(), current_app.config["ACCESS_LOG_DAYS"])
    attempts.clear(clock.now())
    db.session.commit()


def deliver_waiting() -> None:
    """Send what waits; a round that had nothing to do leaves no trace."""
    began_at = clock.now()
    round_ = outbox.deliver()
    if round_ != outbox.Delivered():
        engine.ran("deliver", began_at, round_.sent, round_.failed)
        db.session.commit()


def make_files() -> None:
    """Make the files that wait."""
    make_waiting()


def back_up() -> None:
    """The backup of today, and a note of it; why there is none is noted, too."""
    began_at = clock.now()
    try:
        made = backup.daily(current_app.config["BACKUPS_KEPT"])
        said = ""
    except BackupRefused as refused:
        made, said = None, str(refused)
        current_app.logger.error("No backup was made: %s", said)
    if made or said:
        engine.ran("backup", began_at, int(made is not None), said)
        db.session.commit()
