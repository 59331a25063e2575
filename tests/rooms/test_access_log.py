"""The access log: who signed in and what was refused, counted, kept for some days, and apart from the journal."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories
from tests.browsing import Browser
from tracker import access_log, clock, scheduler
from tracker.extensions import db
from tracker.models import Access, Entry

SignIn = Callable[..., Browser]
PASSWORD = "ein langes Passwort"
NOON = datetime(2026, 10, 13, 10, 0, tzinfo=UTC)


def noted() -> list[tuple[str, int | None, str, int]]:
    """What stands in the log, oldest first."""
    db.session.rollback()
    rows = db.session.execute(
        select(Access.kind, Access.user_id, Access.about, Access.count).order_by(Access.id)
    )
    return [(kind.value, user_id, about, count) for kind, user_id, about, count in rows]


def try_to_sign_in(app: Flask, email: str, password: str, **more: Any) -> Any:
    """What a browser gets that sends the form of the sign-in page."""
    return app.test_client().post("/login", data={"email": email, "password": password, **more})


def filled(*rows: tuple[str, datetime], user_id: int | None = None) -> None:
    """These kinds at these moments."""
    db.session.add_all(Access(kind=kind, at=at, user_id=user_id) for kind, at in rows)
    db.session.commit()


def in_list(page: Any) -> list[str]:
    """What the rows of the page say."""
    return [" ".join(one.split()) for one in page.words("tr")[1:]]


@pytest.mark.both
def test_coming_and_going_is_noted_and_looking_at_pages_is_not(app: Flask) -> None:
    someone = factories.person("auditor")
    client = app.test_client()
    client.post("/login", data={"email": someone.email, "password": PASSWORD})
    assert client.get("/evidence").status_code == 200
    client.post("/logout")

    assert noted() == [("signed_in", someone.id, "", 1), ("signed_out", someone.id, "", 1)]
    assert db.session.scalar(select(func.count(Entry.number))) == 0


def test_a_device_that_remembers_somebody_is_noted_once_a_session(app: Flask) -> None:
    someone = factories.person("auditor")
    client = app.test_client()
    client.post("/login", data={"email": someone.email, "password": PASSWORD, "remember": "y"})
    client.delete_cookie("session")
    for _k in range(2):
        assert client.get("/evidence").status_code == 200

    assert [kind for kind, *_rest in noted()] == ["signed_in", "came_back"]


@pytest.mark.both
def test_a_refused_sign_in_says_why_and_keeps_no_address_that_is_unknown(app: Flask) -> None:
    known, gone = factories.person("editor"), factories.person("editor", active=False)
    try_to_sign_in(app, known.email, "ein falsches Passwort")
    try_to_sign_in(app, gone.email, PASSWORD)
    try_to_sign_in(app, "fremd@example.org", PASSWORD)
    try_to_sign_in(app, "keine Adresse", PASSWORD)

    assert noted() == [
        ("sign_in_refused", known.id, "wrong_password", 1),
        ("sign_in_refused", gone.id, "deactivated", 1),
        ("sign_in_refused", None, "unknown", 2),
    ]
    everything = [str(value) for row in db.session.execute(select(Access.__table__)) for value in row]
    assert not any("fremd" in one or "127.0.0.1" in one for one in everything)


def test_an_empty_form_is_no_attempt(app: Flask) -> None:
    try_to_sign_in(app, "", "")
    assert noted() == []


@pytest.mark.both
def test_what_a_person_may_not_is_noted_wherever_it_is_refused(app: Flask, sign_in: SignIn) -> None:
    mine, other = factories.unit(), factories.unit()
    channel = factories.channel(other)
    browser = sign_in("manager", units=[mine])
    manager = browser.person
    assert manager is not None
    browser.get("/people/add", expect=403)
    browser.post("/people/add", expect=403)
    browser.get(f"/channels/{channel.id}/change", expect=404)

    assert noted() == [
        ("refused", manager.id, "people.change", 2),
        ("outside", manager.id, "channels.change", 1),
    ]


@pytest.mark.both
def test_the_same_again_within_a_minute_is_one_row_and_later_another(app: Flask, clock_at: Any) -> None:
    someone = factories.person("editor")
    for seconds in (0, 20, 59, 60, 61):
        clock_at(NOON + timedelta(seconds=seconds))
        try_to_sign_in(app, someone.email, "ein falsches Passwort")

    assert [count for *_rest, count in noted()] == [3, 2]


def test_a_log_that_cannot_be_written_refuses_no_answer(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415

    def broken(*_more: Any) -> None:
        raise OperationalError("", {}, Exception("database is locked"))

    monkeypatch.setattr(access_log, "_count", broken)
    sign_in("editor").get("/people", expect=403)
    assert noted() == []


def test_the_page_tells_newest_first_who_did_what_and_how_often(
    app: Flask, sign_in: SignIn, clock_at: Any
) -> None:
    clock_at(NOON)
    someone = factories.person("editor", "Ada Beck")
    for _k in range(7):
        try_to_sign_in(app, "fremd@example.org", PASSWORD)
    try_to_sign_in(app, someone.email, PASSWORD)
    sign_in(someone).get("/people/add", expect=403)

    for role in ("auditor", "admin"):
        page = sign_in(role).get("/access")
        rows = in_list(page)
        assert rows[0].startswith(
            "13.10.2026, 12:00 Ada Beck Abgewiesen: keine Berechtigung Handlung: Person geändert"
        )
        assert rows[1].startswith("13.10.2026, 12:00 Ada Beck Angemeldet")
        assert rows[2].startswith(
            "13.10.2026, 12:00 niemand Bekanntes Anmeldung abgewiesen 7-mal kein solches"
        )
        assert "90 Tage aufbewahrt" in page.text
    assert sign_in("admin").get("/journal").link("Anmeldungen und Abweisungen") == "/access"
    assert sign_in("auditor", language="en").get("/access").words("h1") == ["Access log"]


def test_it_is_for_those_who_look_after_or_audit_the_whole_body(sign_in: SignIn) -> None:
    assert "hat sich niemand angemeldet" in sign_in("admin").get("/access").text
    for role, units in (("manager", []), ("editor", []), ("auditor", [factories.unit()])):
        sign_in(role, units=units).get("/access", expect=403)


def test_it_is_narrowed_to_a_kind_a_person_and_a_day(app: Flask, sign_in: SignIn) -> None:
    factories.organisation()
    someone = factories.person("editor", "Ada Beck")
    midnight = datetime(2026, 10, 13, 22, 0, tzinfo=UTC)  # in Berlin the 14th begins
    filled(("signed_in", midnight - timedelta(seconds=1)), ("refused", midnight), user_id=someone.id)
    filled(("too_often", midnight + timedelta(hours=24)))
    browser = sign_in("auditor")

    def asked(query: str) -> int:
        return len(in_list(browser.get(f"/access?{query}")))

    assert asked("") == 3
    assert asked("kind=refused") == 1
    assert asked(f"person={someone.id}") == 2
    assert asked("person=nobody") == 1
    assert [asked(f"on=2026-10-{day}") for day in (13, 14, 15)] == [1, 1, 1]
    assert "Mit diesen Filtern ist nichts" in browser.get("/access?on=2026-10-16").text


@pytest.mark.parametrize(
    "query", ["kind=x", "person=99", "person=%00", "on=2026-02-30", "on=0001-01-01", "on=9999-12-31"]
)
def test_a_filter_that_is_not_right_is_named(sign_in: SignIn, query: str) -> None:
    filled(("refused", clock.now()))
    page = sign_in("auditor").get(f"/access?{query}", expect=422)
    assert len(page.all("p", class_="fault")) == 1


def test_a_long_log_is_read_page_by_page_within_its_filters(sign_in: SignIn) -> None:
    filled(*[("refused", NOON)] * 130, ("signed_in", NOON))
    browser = sign_in("auditor")
    first = browser.get("/access?kind=refused")
    second = browser.get(first.link("Ältere Einträge"))

    assert (len(in_list(first)), len(in_list(second))) == (100, 30)
    assert len(in_list(browser.get(second.link("Neueste Einträge")))) == 100
    browser.get("/access?before=99999999999999999999")


@pytest.mark.both
def test_what_is_older_than_its_days_goes_with_the_daily_run(app: Flask, clock_at: Any) -> None:
    clock_at(NOON)
    factories.organisation()
    app.config["ACCESS_LOG_DAYS"] = 30
    filled(("refused", NOON - timedelta(days=30, seconds=1)), ("signed_in", NOON - timedelta(days=30)))
    scheduler.remind_today()

    assert [kind for kind, *_rest in noted()] == ["signed_in"]
