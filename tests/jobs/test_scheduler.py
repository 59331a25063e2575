"""The timetable: which job runs when, and that a job is more than its tick."""

import socket
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests import factories as make
from tracker import clock, engine, scheduler, server
from tracker.extensions import db
from tracker.models import Mail
from tracker.settings import SettingRefused

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def jobs(app):
    make.organisation()
    made = scheduler.timetable(app)
    made.start(paused=True)
    yield {job.id: job for job in made.get_jobs()}
    made.shutdown()


def next_runs(job, after, n):
    found, moment = [], after
    for _ in range(n):
        moment = job.trigger.get_next_fire_time(moment, moment + timedelta(seconds=1))
        found.append(moment)
    return found


def test_all_jobs_run_at_once_after_a_start(app, clock_at):
    clock_at("2026-04-01")
    made = scheduler.timetable(app)
    assert {job.id: job.next_run_time for job in made.get_jobs()} == {
        "remind": clock.now(),
        "deliver": clock.now(),
        "files": clock.now(),
        "backup": clock.now(),
    }


def test_no_run_is_dropped_for_being_late_and_none_is_made_up_twice(jobs):
    at_once = {
        "remind": 1,
        "deliver": 1,
        "files": 2,
        "backup": 1,
    }  # the second look at files finds one under way, and ends
    for job in jobs.values():
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, at_once[job.id])


def test_reminding_happens_at_six_in_the_organisations_zone_on_both_sides_of_a_clock_change(jobs):
    for change in (datetime(2026, 3, 28, 12, tzinfo=BERLIN), datetime(2026, 10, 24, 12, tzinfo=BERLIN)):
        runs = [run.astimezone(BERLIN) for run in next_runs(jobs["remind"], change, 3)]
        assert [(run.hour, run.minute) for run in runs] == [(6, 0)] * 3
        assert len({run.date() for run in runs}) == 3


def test_delivering_happens_every_minute(jobs):
    first, second = next_runs(jobs["deliver"], clock.now(), 2)
    assert second - first == timedelta(minutes=1)


@pytest.mark.parametrize("given", ["02:30", "2:00", "24:00", "6", "morgens", ""])
def test_a_time_that_comes_twice_or_never_is_refused(given):
    with pytest.raises(SettingRefused, match="REMIND_AT"):
        scheduler.time_of_day("REMIND_AT", given)


def test_the_jobs_make_and_send_mails(app, clock_at):
    clock_at("2026-04-01")
    make.person("manager")
    make.channel(make.unit(), since=date(2026, 1, 1))
    for job in scheduler.timetable(app).get_jobs():
        job.func()
    db.session.expire_all()
    assert [mail.state for mail in db.session.scalars(select(Mail))] in (["waiting"], ["sent"])
    db.session.rollback()  # what was read must not keep the job from writing
    scheduler.within(app, "deliver", scheduler.deliver_waiting)()
    db.session.expire_all()
    assert [mail.state for mail in db.session.scalars(select(Mail))] == ["sent"]
    assert engine.last_run("remind").count == 1
    assert engine.last_run("deliver").count == 1


def test_a_delivery_with_nothing_to_do_leaves_no_trace(app):
    scheduler.within(app, "deliver", scheduler.deliver_waiting)()
    assert engine.last_run("deliver") is None


def test_a_job_that_fails_is_logged_and_leaves_the_database_clean(app, caplog):
    def broken():
        make.organisation(name="Halb")
        raise RuntimeError("no")

    scheduler.within(app, "remind", broken)()
    assert "The job remind failed" in caplog.text


def test_a_port_that_is_taken_ends_with_one_sentence(app, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            server.run(app, "127.0.0.1", port)
    assert ended.value.code == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in capsys.readouterr().err
