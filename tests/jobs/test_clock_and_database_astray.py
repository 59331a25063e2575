"""A clock that jumps and a database that is away for a while: nobody is told twice, and nothing is lost."""

import email
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests import factories as make
from tests.smtp import mail_server
from tracker import clock, engine, outbox, scheduler
from tracker.extensions import db
from tracker.models import Mail, Reminder

SPRING = [
    (3, 27, 6), (3, 29, 0), (3, 29, 2), (3, 28, 23), (3, 30, 5), (3, 27, 5), (4, 1, 5), (3, 29, 1), (4, 1, 6),
    (3, 31, 6), (4, 2, 4), (4, 1, 23), (4, 2, 5),
]  # fmt: skip
AUTUMN = [
    (10, 19, 5), (10, 23, 6), (10, 25, 0), (10, 25, 1), (10, 25, 0), (10, 24, 22), (10, 26, 4), (10, 25, 1),
    (10, 19, 4), (10, 26, 5), (10, 27, 6), (10, 20, 6), (10, 26, 6),
]  # fmt: skip


def job(app, name):
    work = {"remind": scheduler.remind_today, "deliver": scheduler.deliver_waiting}[name]
    scheduler.within(app, name, work)()


@pytest.mark.parametrize(
    ("moments", "stages"), [(SPRING, {"notice", "overdue"}), (AUTUMN, {"overdue", "escalation", "weekly"})]
)
def test_a_clock_set_back_and_forth_over_its_change_tells_everybody_once(app, moments, stages):
    with clock.set_to(datetime(2026, 1, 1, tzinfo=UTC)):
        make.person("manager")
        make.channel(make.unit(), since=date(2026, 1, 1) if moments is SPRING else date(2026, 7, 1))
    with mail_server() as server:
        app.config.update(MAIL_HOST="127.0.0.1", MAIL_PORT=server.port, MAIL_TIMEOUT=5)
        for month, day, hour in moments:
            with clock.set_to(datetime(2026, month, day, hour, tzinfo=UTC)):
                job(app, "remind")
                job(app, "deliver")
        came = [str(email.message_from_bytes(one.content)["Message-ID"]) for one in server.received]
    told = db.session.execute(select(Reminder.stage, Reminder.week, Reminder.mail_id)).all()
    assert {stage for stage, _week, _mail in told} == stages
    assert len({(stage, week) for stage, week, _mail in told}) == len(told)
    assert set(db.session.scalars(select(Mail.state))) == {"sent"}
    assert sorted(came) == sorted(db.session.scalars(select(Mail.message_id)))


@pytest.mark.postgresql_only
@pytest.mark.own_database
def test_a_database_that_was_away_for_a_while_costs_no_reminder_and_stops_no_job(
    app, database, server, clock_at, caplog
):
    clock_at("2026-04-01")
    make.person("manager")
    make.channel(make.unit(), since=date(2026, 1, 1))
    db.session.remove()
    with server.away(database):
        job(app, "remind")
        job(app, "deliver")
    assert [record.message for record in caplog.records] == [
        "The job remind failed; it will run again.", "The job deliver failed; it will run again.",
    ]  # fmt: skip
    job(app, "remind")
    job(app, "deliver")
    assert list(db.session.scalars(select(Mail.state))) == ["sent"]
    assert engine.last_run("remind").count == 1


@pytest.mark.postgresql_only
@pytest.mark.own_database
def test_a_database_that_goes_while_a_mail_is_on_its_way_repeats_that_one_mail_at_most(
    app, database, server, clock_at
):
    clock_at("2026-04-01")
    for k in range(3):
        outbox.put(kind="digest", to_name="Jo", to_address=f"jo{k}@example.org", language="de", subject="Hallo",
                   text="Guten Tag")  # fmt: skip
    db.session.commit()

    with mail_server() as postbox:
        app.config.update(MAIL_HOST="127.0.0.1", MAIL_PORT=postbox.port, MAIL_TIMEOUT=5)
        with pytest.MonkeyPatch.context() as patched:
            real = outbox._note_sent

            def gone(claimed, file):
                with server.away(database):
                    return real(claimed, file)

            patched.setattr(outbox, "_note_sent", gone)
            job(app, "deliver")
        clock_at("2026-04-02")  # whoever claimed them is taken for dead
        job(app, "deliver")
        came = [str(email.message_from_bytes(one.content)["Message-ID"]) for one in postbox.received]
    assert set(db.session.scalars(select(Mail.state))) == {"sent"}
    assert len(set(came)) == 3
    assert len(came) == 4
