"""Two processes with the whole timetable on one PostgreSQL: everybody is told once, and the chain is whole."""

import email
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories as make
from tests.smtp import mail_server
from tracker import clock
from tracker.evidence import queries
from tracker.extensions import db
from tracker.models import Mail, Organisation, Reminder, Run
from tracker.settings import PROJECT

pytestmark = [pytest.mark.slow, pytest.mark.postgresql_only]
CHANNELS = 12
MOMENT = "2026-04-01T08:00:00+02:00"  # the first working day after the first quarter
PATIENCE = 60  # seconds


@contextmanager
def scheduler(app: Flask, folder: Path, port: int) -> Iterator[None]:
    database = app.config["SQLALCHEMY_DATABASE_URI"]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.scheduling", database, str(folder), str(port), MOMENT], cwd=PROJECT
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def all_sent_after_two_rounds() -> bool:
    """Both processes have run the reminders once, and nothing waits."""
    runs = db.session.scalar(select(func.count()).where(Run.job == "remind"))
    waiting = db.session.scalar(select(func.count()).where(Mail.state == "waiting"))
    written = db.session.scalar(select(func.count(Mail.id)))
    db.session.rollback()
    return bool(runs == 2 and written and not waiting)


def test_two_schedulers_tell_everybody_once(
    app: Flask, tmp_path: Path, clock_at: Callable[[str], None]
) -> None:
    clock_at("2026-04-01")
    unit = make.unit("Kammer")
    for k in range(CHANNELS):
        make.channel(unit, name=f"Kanal {k}", since=date(2026, 1, 1), contact=make.contact(make.person()))
    db.session.get_one(Organisation, 1).reminders_confirmed_at = clock.now() - timedelta(days=60)
    db.session.commit()
    with mail_server() as server:
        with scheduler(app, tmp_path, server.port), scheduler(app, tmp_path, server.port):
            again = Event()
            for _quarter_of_a_second in range(4 * PATIENCE):
                if all_sent_after_two_rounds():
                    break
                again.wait(0.25)
        came = Counter(str(email.message_from_bytes(one.content)["Message-ID"]) for one in server.received)
    told = select(Reminder.channel_id, Reminder.stage, Reminder.contact_id, func.count())
    told = told.group_by(
        Reminder.channel_id, Reminder.begins_on, Reminder.stage, Reminder.week, Reminder.contact_id
    )
    assert came
    assert {count for *_key, count in db.session.execute(told)} == {1}
    assert set(came) == set(db.session.scalars(select(Mail.message_id)))
    assert set(came.values()) == {1}
    assert queries.verified(None).chain.broken is None
