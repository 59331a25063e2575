"""/healthz: well, or which part is ill."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests import factories as make
from tracker import clock, engine
from tracker.extensions import db
from tracker.reminders import views
from tracker.reminders.changes import remind


def health(app):
    answer = app.test_client().get("/healthz")
    return answer.status_code, answer.get_json()


def test_a_new_installation_is_well(app):
    assert health(app) == (200, {"status": "ok"})


def test_after_a_run_it_is_well(app):
    make.organisation()
    remind(clock.today("Europe/Berlin"))
    db.session.commit()
    assert health(app) == (200, {"status": "ok"})


def test_an_engine_that_never_ran_is_ill(app):
    make.organisation()
    assert health(app) == (503, {"status": "ill", "parts": ["reminders"]})


def test_an_engine_silent_for_more_than_a_day_and_an_hour_is_ill(app, clock_at):
    clock_at("2026-04-01")
    make.organisation()
    remind(date(2026, 4, 1))
    db.session.commit()
    assert not engine.engine_is_late(clock.now() + timedelta(hours=25))
    assert engine.engine_is_late(clock.now() + timedelta(hours=25, seconds=1))


def test_a_run_dated_in_the_future_does_not_make_the_engine_look_alive(app, clock_at):
    make.organisation()
    with clock.set_to(clock.now() + timedelta(days=400)):
        remind(clock.today("Europe/Berlin"))
        db.session.commit()
    assert engine.engine_is_late(clock.now())


@pytest.mark.own_database
def test_a_missing_lock_is_named(app):
    on = "" if db.engine.dialect.name == "sqlite" else " ON rating"
    db.session.execute(text(f"DROP TRIGGER lock_rating_update{on}"))
    db.session.commit()
    assert health(app) == (503, {"status": "ill", "parts": ["locks"]})


@pytest.mark.own_database
def test_a_lock_made_harmless_is_noticed_though_its_name_is_there(app):
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("DROP TRIGGER lock_rating_update"))
        db.session.execute(text("CREATE TRIGGER lock_rating_update BEFORE UPDATE ON rating FOR EACH ROW WHEN 1 = 0 "
                                "BEGIN SELECT RAISE(ABORT, 'the review is closed'); END"))  # fmt: skip
    else:
        db.session.execute(text("ALTER TABLE rating DISABLE TRIGGER lock_rating_update"))
    db.session.commit()
    assert health(app) == (503, {"status": "ill", "parts": ["locks"]})


def test_whether_the_engine_is_late_is_asked_of_the_moment_given(app, clock_at):
    clock_at("2026-04-01")
    make.organisation()
    remind(date(2026, 4, 1))
    db.session.commit()
    assert engine.engine_is_late(clock.now() - timedelta(hours=2))


def test_a_database_that_is_away_is_named(app, monkeypatch):
    def away(*_arguments, **_options):
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    monkeypatch.setattr(views.db.session, "connection", away)
    assert health(app) == (503, {"status": "ill", "parts": ["database"]})
