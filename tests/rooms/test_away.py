"""A database that is full, closed or gone: a clear page, nothing typed lost, and on as soon as it is back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from traceback import format_exception
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.browsing import Browser
from tests.page import Page, check_house_rules
from tracker.extensions import db
from tracker.models import Meeting

SignIn = Callable[..., Browser]
TYPED = {"on": "2026-11-03", "place": "Kleiner Saal", "channels": ["1"], "form_id": "a"}


@contextmanager
def every_connection(pragma: str) -> Iterator[None]:
    """Real refusals of SQLite, on every connection that is made meanwhile."""

    def say(connection: Any, _record: Any) -> None:
        connection.execute(pragma)

    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", say)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", say)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def manager(app: Flask, clock_at: Any, sign_in: SignIn) -> Browser:
    clock_at("2026-10-13")
    app.config["TESTING"] = app.config["PROPAGATE_EXCEPTIONS"] = False
    factories.channel()
    browser = sign_in("manager")
    db.session.commit()
    return browser


def meetings() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Meeting)) or 0


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("pragma", "said"),
    [("PRAGMA query_only=ON", "Zurzeit kann hier nur gelesen werden."),
     ("PRAGMA max_page_count=1", "Es ist kein Platz mehr, um etwas zu speichern.")],
)  # fmt: skip
def test_what_cannot_be_saved_stays_on_the_page_and_goes_on_afterwards(
    manager: Browser, pragma: str, said: str
) -> None:
    taken = 0
    with every_connection(pragma):
        # a file that may not grow still has room within its pages: some more is saved before it is full
        for nth in range(200):
            answer = manager.send(
                "/meetings/plan", {**TYPED, "place": f"Kleiner Saal {nth}", "form_id": str(nth)}
            )
            if answer.status_code != 303:
                break
            taken += 1
        assert answer.status_code == 503
        page = Page(answer.text)
        check_house_rules(page, "de")
        assert said in page.text
        assert "was Sie eingegeben haben, steht noch hier" in page.text
        assert f"Kleiner Saal {taken}" in page.text
        assert answer.headers["Retry-After"] == "30"
    assert meetings() == taken
    assert manager.send("/meetings/plan", {**TYPED, "form_id": "again"}).status_code == 303
    assert meetings() == taken + 1


@pytest.mark.sqlite_only
@pytest.mark.own_database
def test_a_database_that_is_gone_is_said_in_both_languages(manager: Browser) -> None:
    for name in ("organisation", "user", "role"):
        db.session.execute(text(f'ALTER TABLE "{name}" RENAME TO "away_{name}"'))
    db.session.commit()
    for language, said in (
        ("de", "Die Datenbank antwortet zurzeit nicht."),
        ("en", "The database does not answer"),
    ):
        answer = manager.raw.get("/channels", headers={"Accept-Language": language})
        assert (answer.status_code, said in answer.text) == (503, True)
        check_house_rules(Page(answer.text), language)
    assert manager.raw.get("/evidence", headers={"Accept": "application/json"}).json is not None
    for name in ("organisation", "user", "role"):
        db.session.execute(text(f'ALTER TABLE "away_{name}" RENAME TO "{name}"'))
    db.session.commit()
    assert manager.raw.get("/channels").status_code == 200


@pytest.mark.postgresql_only
@pytest.mark.slow
def test_a_server_that_was_away_is_back_without_a_restart(
    manager: Browser, server: Any, database: str
) -> None:
    with server.away(database):
        answer = manager.raw.get("/channels")
        assert answer.status_code == 503
        assert "Die Datenbank antwortet zurzeit nicht." in answer.text
    assert manager.raw.get("/channels").status_code == 200


def test_what_is_logged_names_nobody(app: Flask) -> None:
    factories.person("editor").full_name = "Katrin Seidel"
    db.session.commit()
    with pytest.raises(DBAPIError) as told:
        db.session.execute(text("SELECT nothing FROM nowhere WHERE name = :name"), {"name": "Katrin Seidel"})
    assert "Katrin" not in str(told.value)
    db.session.rollback()


@pytest.mark.both
def test_what_is_logged_names_no_row_either(app: Flask) -> None:
    known = factories.person("editor").email
    other = factories.person("editor")
    other.email = known
    with pytest.raises(DBAPIError) as told:
        db.session.commit()
    assert "user" in str(told.value)
    assert known not in "".join(format_exception(told.value))
    db.session.rollback()
