"""A board that is as one saw it last is not sent again; one that is not always is."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from werkzeug.test import TestResponse

from tests import factories
from tests.browsing import Browser
from tracker import clock
from tracker.demo import seeding
from tracker.extensions import db
from tracker.models import Channel, Mail, Run, User

SignIn = Callable[..., Browser]
ON = "2026-10-13"


@pytest.fixture
def channel(app: Flask, clock_at: Callable[[Any], None]) -> Channel:
    """One channel whose third quarter is overdue."""
    clock_at(ON)
    return factories.channel(since=date(2026, 7, 1))


def again(browser: Browser, before: TestResponse, url: str = "/") -> TestResponse:
    return browser.raw.get(url, headers={"If-None-Match": before.headers["ETag"], "Accept-Language": "de"})


def first(browser: Browser, url: str = "/") -> TestResponse:
    answer = browser.raw.get(url, headers={"Accept-Language": "de"})
    assert answer.status_code == 200
    return answer


@pytest.mark.both
def test_an_unchanged_board_is_not_sent_again_and_may_be_kept_only_after_asking(
    channel: Channel, sign_in: SignIn
) -> None:
    editor = sign_in()
    before = first(editor)
    assert before.headers["Cache-Control"] == "private, no-cache"
    after = again(editor, before)
    assert (after.status_code, after.data) == (304, b"")
    assert after.headers["ETag"] == before.headers["ETag"]
    assert "default-src 'self'" in after.headers["Content-Security-Policy"]


def test_a_change_another_day_another_year_and_another_language_are_sent(
    channel: Channel, sign_in: SignIn, clock_at: Callable[[Any], None]
) -> None:
    manager = sign_in("manager")
    before = first(manager)
    assert again(manager, before, "/?year=2027").status_code == 200
    manager.raw.post("/language/en", data={"back": "/"})
    assert again(manager, before).status_code == 200
    manager.raw.post("/language/de", data={"back": "/"})
    assert again(manager, before).status_code == 304
    clock_at("2026-10-14")
    assert again(manager, before).status_code == 200
    clock_at(ON)
    form = manager.get("/meetings/plan").form("/meetings/plan")
    manager.send("/meetings/plan", {**form.filled(on="2026-10-20"), "channels": [str(channel.id)]})
    manager.get("/meetings")  # says that the meeting is planned
    assert again(manager, before).status_code == 200


def test_what_engine_and_outbox_did_is_sent_although_no_journal_tells_it(
    channel: Channel, sign_in: SignIn, clock_at: Callable[[Any], None]
) -> None:
    editor = sign_in()
    db.session.add(Run(job="remind", began_at=clock.now(), words="nothing owed", count=0))
    db.session.commit()
    before = first(editor)
    db.session.add(Run(job="remind", began_at=clock.now(), words="", count=3))
    db.session.commit()
    ran = again(editor, before)
    assert ran.status_code == 200
    mail = Mail(kind="digest", state="given_up", message_id="<1@example.org>", to_name="Presse", language="de",
                to_address="presse@example.org", subject="Erinnerung", text="Text", html="<p>Text</p>",
                written_at=clock.now(), next_try_at=clock.now())  # fmt: skip
    db.session.add(mail)
    db.session.commit()
    gave_up = again(editor, ran)
    assert gave_up.status_code == 200
    clock_at(ON, time(23))
    assert again(editor, gave_up).status_code == 304
    db.session.execute(update(Run).values(began_at=clock.now() - timedelta(hours=26)))
    db.session.commit()
    assert "Die Erinnerungen stehen still." in again(editor, gave_up).text


def test_another_person_and_another_session_get_their_own(
    app: Flask, channel: Channel, sign_in: SignIn
) -> None:
    one, other = sign_in("manager"), sign_in("manager")
    before = first(one)
    assert again(other, before).status_code == 200
    fresh = sign_in(one.person)  # type: ignore[arg-type]
    assert again(fresh, before).status_code == 200, "its forms carry the token of another session"


def test_a_message_is_said_once_and_is_not_kept(channel: Channel, sign_in: SignIn) -> None:
    editor = sign_in()
    before = first(editor)
    with editor.raw.session_transaction() as session:
        session["_flashes"] = [("info", "Nur einmal.")]
    told = again(editor, before)
    assert (told.status_code, "Nur einmal." in told.text, "ETag" in told.headers) == (200, True, False)
    assert again(editor, before).status_code == 304


def test_signing_out_empties_what_the_browser_kept(channel: Channel, sign_in: SignIn) -> None:
    assert sign_in().send("/logout").headers["Clear-Site-Data"] == '"cache"'


def test_it_takes_few_statements_however_many_channels_there_are(channel: Channel, sign_in: SignIn) -> None:
    for k in range(30):
        factories.channel(channel.unit, name=f"Weiterer {k}", since=date(2026, 1, 1))
    editor = sign_in()
    before = first(editor)
    asked: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    assert again(editor, before).status_code == 304
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) <= 8, "\n".join(asked)


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_after_every_commit_of_a_year_the_tag_tells_the_truth(
    app: Flask, sign_in: SignIn, clock_at: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same tag never stands for two different pages, whatever the story of the demo does."""
    clock_at(ON)
    shown: dict[tuple[str, str], str] = {}
    browsers: dict[str, Browser] = {}
    commit = db.session.commit

    def look() -> None:
        commit()
        if looking:
            return
        looking.append(True)
        names = ("Katrin Seidel", "Petra Lang")
        for someone in db.session.scalars(select(User).where(User.full_name.in_(names))).all():
            browser = browsers.setdefault(someone.full_name, sign_in(someone))
            answer = browser.raw.get("/", headers={"Accept-Language": "de"})
            said = re.sub(r'name="csrf_token"[^>]*>', "", answer.text)
            digest = sha256(said.encode()).hexdigest()
            assert shown.setdefault((someone.full_name, answer.headers["ETag"]), digest) == digest
        db.session.rollback()
        looking.clear()

    looking: list[bool] = []
    monkeypatch.setattr(db.session, "commit", look)
    seeding.seed(date.fromisoformat(ON) - timedelta(days=150))
    assert len(shown) > 100
