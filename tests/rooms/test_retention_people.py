"""Whose account is past, what goes with it, and that somebody has one pseudonym in all runs."""

from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.jobs.test_dossier import logged
from tests.rooms.test_retention_left import ON, ClockAt, left, organisation, past, replaced
from tracker import clock, tokens
from tracker.extensions import db
from tracker.models import Absence, Attendance, MeetingHead, Review, Token, Untold, User
from tracker.people import changes as people
from tracker.retention.people import former_accounts
from tracker.retention.preview import preview
from tracker.rules.words import Stage, WhyUntold

pytestmark = pytest.mark.own_database
__all__ = ["organisation"]  # a fixture that every test here uses


def test_two_people_of_one_name_have_two_pseudonyms(clock_at: ClockAt) -> None:
    for _n in range(2):
        factories.person(name="Anna Müller", active=False)
    clock_at(ON)
    replaced()
    gone = db.session.scalars(select(User).where(User.active.is_(False))).all()
    assert len({one.full_name for one in gone}) == len({one.email for one in gone}) == 2
    assert all("Anna" not in one.full_name for one in gone)


def test_an_account_is_past_by_the_day_on_which_it_ended(clock_at: ClockAt) -> None:
    lately, long_ago, by_date = (factories.person("auditor", name=name) for name in ("Eins", "Zwei", "Drei"))
    by_date.until_on = date(2026, 6, 30)
    people.set_active(long_ago, False)
    db.session.commit()
    clock_at("2028-01-20")
    people.set_active(lately, False)
    db.session.commit()
    clock_at(ON)
    assert former_accounts(past()) == [long_ago, by_date]


def test_private_tokens_and_old_absences_name_nobody(clock_at: ClockAt) -> None:
    gone, here = factories.person(name="Katrin Seidel"), factories.person()
    deputy = factories.contact(here)
    tokens.make(gone, "Katrins Rechner", date(2026, 12, 1), date(2026, 3, 17))
    factories.contact(gone, name="Katrin Seidel (katrin@example.org)")
    for begun in (date(2026, 8, 3), date(2027, 8, 2)):
        db.session.add(Absence(user_id=here.id, from_on=begun, until_on=begun, deputy_id=deputy.id,
                               entered_at=clock.now()))  # fmt: skip
    people.set_active(gone, False)
    db.session.commit()
    clock_at(ON)
    assert ("absence", 1) in [(one.table, one.count) for one in preview(past()).counts]
    replaced()
    assert [one.from_on.year for one in db.session.scalars(select(Absence))] == [2027]
    assert db.session.scalars(select(Token.name)).all() == [""]
    assert not [one for one in left("contact", "name") if "Katrin" in one]


def test_somebody_who_still_works_has_one_pseudonym_in_all_runs(clock_at: ClockAt) -> None:
    katrin = factories.person("manager", name="Katrin Seidel")
    channel = factories.channel(since=date(2026, 1, 1))
    logged(date(2026, 3, 17), [channel], katrin)
    clock_at("2027-03-16")
    logged(date(2027, 3, 16), [channel], katrin)
    clock_at(ON)
    replaced()
    clock_at("2029-02-01")
    replaced(date(2029, 2, 1))
    reviewers = set(db.session.scalars(select(Review.by_name)))
    chairs = set(db.session.scalars(select(MeetingHead.chair)))
    assert len(reviewers) == 1
    assert chairs == reviewers
    assert set(db.session.scalars(select(Attendance.name))) == reviewers


def test_who_was_noted_again_as_untold_does_not_stop_a_later_run(clock_at: ClockAt) -> None:
    factories.person("manager", name="Katrin Seidel")
    channel = factories.channel(since=date(2026, 1, 1))
    for year in (2026, 2027):
        db.session.add(Untold(channel_id=channel.id, begins_on=date(2026, 1, 1), due_on=date(2026, 3, 31),
                              stage=Stage.ESCALATION, why=WhyUntold.NO_ADDRESS, who="Katrin Seidel",
                              noted_on=date(year, 5, 4)))  # fmt: skip
        db.session.commit()
        clock_at(date(year + 2, 2, 1))
        replaced(date(year + 2, 2, 1))
    assert len({one for one in left("untold", "who") if one.startswith("ehemalige Person ")}) == 2
