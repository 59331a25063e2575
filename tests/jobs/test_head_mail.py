"""Auditors get the journal's head by mail once a month, so that a rewritten database is noticed."""

from datetime import date

import pytest
from sqlalchemy import select

from tests import factories as make
from tracker import journal
from tracker.extensions import db
from tracker.models import Mail
from tracker.reminders.head_mail import tell_auditors
from tracker.rules.deeds import Deed

MAY_DAY, NEXT = date(2026, 5, 1), date(2026, 5, 4)


@pytest.fixture
def channel(app, clock_at):
    clock_at("2026-05-04")
    return make.channel(make.unit(), since=date(2026, 1, 1))


def heads():
    return list(db.session.scalars(select(Mail).where(Mail.kind == "head").order_by(Mail.id)))


def tell(on):
    told = tell_auditors(on)
    db.session.commit()
    return told


def test_each_auditor_gets_one_a_month_from_its_first_working_day_on(channel):
    make.person("auditor", name="Petra Prüfer")
    make.person("manager")
    assert [tell(day) for day in (MAY_DAY, NEXT, date(2026, 5, 5), date(2026, 6, 1))] == [0, 1, 0, 1]
    assert [mail.to_name for mail in heads()] == ["Petra Prüfer"] * 2


def test_it_says_number_and_hash_as_they_were_and_how_the_year_stands(channel):
    make.person("auditor")
    make.closed_meeting(date(2026, 2, 10), [channel])
    journal.note(db.session, Deed.MEETINGS_CLOSE, words={"reason": "erster"})
    db.session.commit()
    number, seal = journal.head(db.session)
    tell(NEXT)
    [mail] = heads()
    assert mail.subject == f"Journal: Eintrag {number} am 04.05.2026"
    assert seal in mail.text
    assert seal in mail.html
    assert "2026: bisher 1 von 4 Prüfzeiträumen eingehalten" in mail.text


def test_an_auditor_of_one_unit_hears_of_that_one_only(channel):
    make.channel(make.unit(), since=date(2026, 1, 1))
    make.person("auditor", units=[channel.unit], language="en")
    tell(NEXT)
    assert "2026: 0 of 4 slots kept so far" in heads()[0].text


def test_whoever_becomes_an_auditor_gets_it_in_the_same_month(channel):
    make.person("auditor")
    assert tell(NEXT) == 1
    make.person("auditor", name="Neu")
    assert tell(date(2026, 5, 20)) == 1
    assert heads()[-1].to_name == "Neu"
