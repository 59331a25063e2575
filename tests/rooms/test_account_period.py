"""Accounts that hold from a day until a day: outside of them nobody comes in, is told, or is offered to be chosen."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker import accounts, clock, mailboxes
from tracker.extensions import db
from tracker.meetings import invitations
from tracker.models import Access, Entry, User, Words
from tracker.reminders.recipients import Recipients
from tracker.rules.accounts import a_year_after, holds_on
from tracker.rules.words import Stage

SignIn = Callable[..., Browser]
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
PASSWORD = "ein langes Passwort"


def person(
    role: str = "auditor", from_on: date | None = FIRST, until_on: date | None = LAST, **more: Any
) -> User:
    """Somebody whose account holds on these days."""
    someone = factories.person(role, **more)
    someone.from_on, someone.until_on = from_on, until_on
    db.session.commit()
    return someone


def answer_to_sign_in(app: Flask, someone: User, password: str = PASSWORD) -> Any:
    data = {"email": someone.email, "password": password}
    return app.test_client().post("/login", data=data, headers={"Accept-Language": "de"})


def journalled(name: str) -> list[str | None]:
    query = select(Words.text).where(Words.field == name).order_by(Words.number)
    return list(db.session.scalars(query))


@pytest.mark.parametrize(("on", "holds"), [(FIRST, True), (LAST, True), (date(2026, 9, 30), False),
                                           (date(2026, 11, 1), False)])  # fmt: skip
@pytest.mark.both
def test_the_rule_and_the_query_agree_on_the_first_and_the_last_day(
    app: Flask, on: date, holds: bool
) -> None:
    factories.organisation()
    someone, always = person(), factories.person()
    found = set(db.session.scalars(select(User.id).where(accounts.that_hold(on))))
    assert holds_on(FIRST, LAST, on) is accounts.holds(someone, on) is (someone.id in found) is holds
    assert always.id in found


def test_a_year_after_a_leap_day_is_the_last_of_february() -> None:
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.both
def test_outside_its_days_an_account_cannot_sign_in_and_only_who_knows_the_password_is_told_why(
    app: Flask, clock_at: Any
) -> None:
    factories.organisation()
    someone = person()
    clock_at(datetime.combine(LAST, time(22, 59), clock.UTC))  # in Berlin still the 31st
    assert answer_to_sign_in(app, someone).status_code == 302
    clock_at(datetime.combine(LAST, time(23, 0), clock.UTC))
    refused = answer_to_sign_in(app, someone)
    assert "Ihr Zugang gilt vom 01.10.2026 bis 31.10.2026." in refused.text
    assert "Ihr Zugang" not in answer_to_sign_in(app, someone, "ein falsches Passwort").text
    rows = db.session.execute(select(Access.kind, Access.about).order_by(Access.id)).all()
    assert [tuple(row) for row in rows][1:] == [
        ("sign_in_refused", "other_days"), ("sign_in_refused", "wrong_password"),
    ]  # fmt: skip


@pytest.mark.both
def test_an_open_session_ends_at_once_with_a_sentence_that_says_why(
    app: Flask, sign_in: SignIn, clock_at: Any
) -> None:
    clock_at(LAST)
    browser = sign_in(person(from_on=None))
    browser.get("/evidence")
    clock_at("2026-11-01")
    assert "Abmelden" not in browser.get("/gibt-es-nicht", expect=404).text
    page = browser.get("/evidence")
    assert "Ihr Zugang galt bis 31.10.2026." in page.text
    assert page.words("h1") == ["Anmelden"]
    assert "Ihr Zugang" not in browser.get("/evidence").text  # it is over, and was said
    noted = db.session.execute(select(Access.kind, Access.count)).all()
    assert [tuple(row) for row in noted] == [("session_ended", 1)]


def test_what_was_typed_is_still_there_when_the_session_ends(sign_in: SignIn, clock_at: Any) -> None:
    clock_at(LAST)
    browser = sign_in(person("manager"))
    channel = factories.channel(since=date(2026, 1, 1))
    clock_at("2026-11-01")
    page = browser.post(f"/channels/{channel.id}/slots/2026-4-1", {"text": "Umbau"}, expect=401)
    assert "Umbau" in page.html
    assert "Ihr Zugang gilt vom" in page.text


def test_nobody_outside_their_days_is_told_invited_or_offered(app: Flask, clock_at: Any) -> None:
    clock_at("2026-11-01")
    gone, here = person("manager", name="Gestern"), factories.person("manager", name="Heute")
    contacts = [factories.contact(gone), factories.contact(here)]
    channel = factories.channel(contact=contacts[0])
    told = Recipients(factories.organisation(), clock.today("Europe/Berlin")).of_stage(channel, Stage.OVERDUE)

    assert [one.name for one, _why in told.told.values()] == ["Heute"]
    assert [str(why) for why in told.untold.values()] == ["inactive"]
    assert [one.name for one in mailboxes.able_to_act()] == ["Heute"]
    assert [one.contact.name for one in invitations.offered()] == ["Heute"]
    assert not accounts.is_told(contacts[0])


def test_the_head_of_the_journal_is_mailed_to_auditors_in_their_days(app: Flask, clock_at: Any) -> None:
    from tracker.reminders.head_mail import tell_auditors  # noqa: PLC0415

    factories.organisation()
    for of in (person(), person(until_on=date(2027, 1, 31))):
        factories.contact(of)
    clock_at("2026-11-02")
    assert tell_auditors(date(2026, 11, 2)) == 1


def test_an_admin_gives_an_auditor_their_days_and_the_journal_keeps_before_and_after(
    sign_in: SignIn, clock_at: Any
) -> None:
    clock_at("2026-09-15")
    admin = sign_in("admin")
    typed = {"full_name": "Ada Beck", "email": "ada@example.org", "password": PASSWORD, "role": "auditor",
             "from_on": "2026-10-01", "until_on": "2026-10-31"}  # fmt: skip
    assert "Ada Beck ist hinzugefügt." in admin.post("/people/add", typed).text
    ada = db.session.scalars(select(User).where(User.email == "ada@example.org")).one()
    assert "noch nicht, 01.10.2026 bis 31.10.2026" in admin.get("/people?state=outside").text
    form = admin.get(f"/people/{ada.id}/change").form("/change")
    page = admin.post(form.action, form.filled(from_on="", until_on="2026-09-20"))

    assert "möglich, bis 20.09.2026" in page.text
    assert journalled("from_on") + journalled("until_on") == ["2026-10-01", "2026-10-31"]
    assert journalled("from_on.before") + journalled("from_on.after") == ["2026-10-01", "–"]
    assert journalled("until_on.before") + journalled("until_on.after") == ["2026-10-31", "2026-09-20"]
    assert "Zugang gilt bis vorher 31.10.2026 → nachher 20.09.2026" in sign_in("auditor").get("/journal").text


@pytest.mark.parametrize(("from_on", "until_on"), [("2026-10-02", "2026-10-01"), ("", "2026-02-30"), ("", "0001-01-01"),
                                                   ("", "9999-12-31"), ("", "x" * 100_000), ("", "\x00")])  # fmt: skip
def test_days_that_make_no_sense_are_said_beside_the_field(
    sign_in: SignIn, from_on: str, until_on: str
) -> None:
    someone = factories.person("auditor")
    admin = sign_in("admin")
    typed = {"from_on": from_on, "until_on": until_on}
    new = {"full_name": "A", "email": "a@example.org", "password": PASSWORD, "role": "auditor"}
    form = admin.get(f"/people/{someone.id}/change").form("/change")
    for url, values in (("/people/add", {**new, **typed}), (form.action, form.filled(**typed))):
        page = admin.post(url, values, expect=422)
        assert [one.get("id") for one in page.all("input") if one.get("aria-invalid")] == ["until_on"]


@pytest.mark.both
def test_somebody_who_administrates_remains_without_an_end(
    app: Flask, sign_in: SignIn, run: Any, clock_at: Any
) -> None:
    clock_at("2026-10-13")
    admin = sign_in("admin")
    me = admin.person
    assert me is not None

    def given(someone: User, expect: int, **days: str) -> str:
        url = f"/people/{someone.id}/change"
        return admin.post(url, admin.get(url).form("/change").filled(**days), expect).text

    assert "Jemand muss ohne Enddatum administrieren." in given(me, 422, until_on="2026-12-31")
    other = person("admin")  # until the end of October: does not count
    assert "Jemand muss ohne Enddatum administrieren." in given(me, 422, until_on="2026-12-31")
    assert "Jemand muss" in admin.post(f"/people/{me.id}/deactivate").text
    given(other, 200, from_on="", until_on="")
    assert "sofort abmelden" in given(me, 422, until_on="2026-10-12")
    given(me, 200, until_on="2026-12-31")
    assert "ohne Enddatum" in given(other, 422, until_on="2027-12-31")


def test_the_command_adds_somebody_for_some_days(run: Any) -> None:
    days = ("--from", "2026-10-01", "--until", "2026-10-31")
    assert run("users", "create", "ada@example.org", "--name", "Ada", *days).exit_code == 0
    ada = db.session.scalars(select(User)).one()
    assert (ada.from_on, ada.until_on) == (FIRST, LAST)
    wrong = run("users", "create", "eva@example.org", "--name", "Eva", "--from", "2026-11-01", *days[2:])
    assert (wrong.exit_code, wrong.output) == (1, "The last day lies before the first.\n")
    assert run("roles", "add", "ada@example.org", "admin").exit_code == 1  # the only one, and with an end
    assert list(db.session.scalars(select(Entry.deed))) == ["users.create"]
