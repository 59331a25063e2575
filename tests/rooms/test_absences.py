"""Absences: entered by oneself or the administration, and whoever stands in is told instead."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker.extensions import db
from tracker.models import Absence, Contact, Entry, User

pytestmark = pytest.mark.usefixtures("app")
SignIn = Callable[..., Browser]


@pytest.fixture
def katrin(clock_at: Callable[[str], None]) -> User:
    clock_at("2026-04-01")
    factories.organisation()
    return factories.person("manager", name="Katrin Seidel")


@pytest.fixture
def deputy(katrin: User) -> Contact:
    return factories.contact(factories.person("editor", name="Jonas Brandt"))


def url(of: User) -> str:
    return f"/people/{of.id}/absences"


def enter(browser: Browser, of: User, deputy: Contact, first: str, last: str, expect: int = 200) -> str:
    data = {"from_on": first, "until_on": last, "deputy": str(deputy.id)}
    return browser.post(url(of), data, expect=expect).text


def entered() -> list[tuple[date, date]]:
    db.session.expire_all()
    return [
        (one.from_on, one.until_on) for one in db.session.scalars(select(Absence).order_by(Absence.from_on))
    ]


def test_one_enters_and_ends_ones_own(sign_in: SignIn, katrin: User, deputy: Contact) -> None:
    browser = sign_in(katrin)
    assert "Es ist keine Abwesenheit eingetragen." in browser.get(url(katrin)).text
    said = enter(browser, katrin, deputy, "2026-04-01", "2026-04-10")
    assert "10.04.2026 Jonas Brandt" in said
    assert "ist schon so" in enter(browser, katrin, deputy, "2026-04-01", "2026-04-10")
    absence = db.session.scalars(select(Absence)).one()
    browser.post(f"{url(katrin)}/{absence.id}/end", {})
    assert entered() == []
    assert db.session.scalars(select(Entry.deed)).all() == ["absences.enter"] * 2


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-04-10", "2026-04-01"),
        ("2026-03-01", "2026-03-20"),
        ("2026-04-01", "2028-04-01"),
        ("0001-01-01", "2026-05-01"),
        ("2026-02-30", "2026-05-01"),
        ("", ""),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_days_that_make_no_sense_are_refused(
    sign_in: SignIn, katrin: User, deputy: Contact, first: str, last: str
) -> None:
    enter(sign_in(katrin), katrin, deputy, first, last, expect=422)
    assert entered() == []


def test_two_absences_do_not_overlap(sign_in: SignIn, katrin: User, deputy: Contact) -> None:
    browser = sign_in(katrin)
    enter(browser, katrin, deputy, "2026-04-01", "2026-04-10")
    said = enter(browser, katrin, deputy, "2026-04-10", "2026-04-20", expect=422)
    assert "überschneiden sich" in said


def test_an_auditor_or_oneself_cannot_stand_in(sign_in: SignIn, katrin: User) -> None:
    auditor = factories.contact(factories.person("auditor"))
    mine = factories.contact(katrin)
    for contact in (auditor, mine):
        enter(sign_in(katrin), katrin, contact, "2026-04-01", "2026-04-10", expect=422)


def test_other_peoples_absences_are_for_the_administration_only(
    sign_in: SignIn, katrin: User, deputy: Contact
) -> None:
    sign_in("manager").get(url(katrin), expect=404)
    enter(sign_in("admin"), katrin, deputy, "2026-04-01", "2026-04-10")
    assert len(entered()) == 1
