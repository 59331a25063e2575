"""What was noted is written just when the change is: a savepoint that is rolled back takes only its own notes along."""

from contextlib import suppress
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests import factories
from tracker import journal
from tracker.extensions import db
from tracker.models import Entry, Mail, Unit
from tracker.reminders import changes
from tracker.rules.deeds import Deed


class GoneWrong(Exception):
    """Thrown within a savepoint."""


def note(key: str) -> None:
    journal.note(db.session, Deed.ACTIONS_ADD, ids={"k": key})


def noted() -> list[str]:
    db.session.commit()
    bodies = db.session.scalars(select(Entry.body).order_by(Entry.number))
    return [body.partition('"k":"')[2].partition('"')[0] for body in bodies]


def test_a_note_from_before_a_failing_savepoint_stays(app: Flask) -> None:
    note("before")
    with suppress(GoneWrong), db.session.begin_nested():
        note("within")
        raise GoneWrong
    note("after")
    assert noted() == ["before", "after"]


def test_a_note_stays_where_the_database_refuses_what_the_savepoint_writes(app: Flask) -> None:
    taken = factories.unit()
    note("before")
    with suppress(IntegrityError), db.session.begin_nested():
        note("within")
        db.session.add(Unit(key=taken.key, name="zweimal"))
    assert noted() == ["before"]


def test_a_savepoint_that_is_kept_keeps_its_notes(app: Flask) -> None:
    with db.session.begin_nested():
        note("within")
    assert noted() == ["within"]


def test_an_outer_savepoint_takes_the_notes_of_an_inner_one_along(app: Flask) -> None:
    note("before")
    with suppress(GoneWrong), db.session.begin_nested():
        note("outer")
        with db.session.begin_nested():
            note("inner")
        raise GoneWrong
    assert noted() == ["before"]


def test_an_inner_savepoint_leaves_the_notes_of_the_outer_one(app: Flask) -> None:
    with db.session.begin_nested():
        note("outer")
        with suppress(GoneWrong), db.session.begin_nested():
            note("inner")
            raise GoneWrong
    assert noted() == ["outer"]


def test_a_rollback_of_everything_forgets_the_notes_of_savepoints_too(app: Flask) -> None:
    note("before")
    with db.session.begin_nested():
        note("within")
    db.session.rollback()
    assert noted() == []


def test_every_mail_of_a_round_is_in_the_journal_though_one_of_them_met_a_refusal(
    app: Flask, clock_at, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_at("2026-04-01")
    for name in ("Katrin Seidel", "Jonas Brandt"):
        factories.person("manager", name=name)
    factories.channel(factories.unit(), since=date(2026, 1, 1))
    real, calls = changes._write, []

    def refused_once(*arguments):
        calls.append(arguments)
        mail = real(*arguments)
        if len(calls) == 2:
            raise IntegrityError("told elsewhere", {}, Exception("uq_reminder_once"))
        return mail

    monkeypatch.setattr(changes, "_write", refused_once)
    changes.remind(date(2026, 4, 1))
    db.session.commit()
    told = select(Entry).where(Entry.deed == Deed.REMINDERS_TELL)
    assert len(db.session.scalars(select(Mail)).all()) == len(db.session.scalars(told).all()) == 2
