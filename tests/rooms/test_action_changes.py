"""What happens to an action once agreed: done, reopened, moved; the history tells it, who comes second is told."""

from collections.abc import Callable
from contextvars import copy_context
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.globals import _cv_app
from sqlalchemy import select
from werkzeug.test import Client as WerkzeugClient

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker.extensions import db
from tracker.models import Action, ActionChange, Entry, Review

SignIn = Callable[..., Browser]
AGREED, TODAY = date(2026, 4, 21), "2026-05-04"


@pytest.fixture
def action(app: Flask, clock_at: Callable[[str], None]) -> Action:
    """Agreed on 21 April, due on 30 April: overdue for four days."""
    clock_at(TODAY)
    made: Action = factories.action(factories.channel(), factories.contact(), date(2026, 4, 30))
    made.agreed_on = AGREED
    db.session.commit()
    return made


def fresh(action: Action) -> Action:
    db.session.expire_all()
    return db.session.get_one(Action, action.id)


def deeds() -> list[str]:
    return list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))


def sent(browser: Browser, action: Action, which: str, expect: int = 200, **typed: str) -> Page:
    """Open the page, fill one of its forms, send it."""
    form = browser.get(f"/actions/{action.id}").form(which)
    return browser.post(form.action, form.filled(**typed), expect)


def test_done_is_noted_with_day_and_note_and_taken_back_with_a_reason(
    sign_in: SignIn, action: Action
) -> None:
    browser = sign_in()
    assert browser.get(f"/actions/{action.id}").form("finish").values["done_on"] == TODAY
    page = sent(browser, action, "finish", note="Steht jetzt auf der Seite.")
    assert "Steht jetzt auf der Seite." in page.text
    assert fresh(action).done_on == date(2026, 5, 4)
    sent(browser, action, "reopen", expect=422, reason=" ")
    page = sent(browser, action, "reopen", reason="Der Verweis ist tot.")
    assert (fresh(action).done_on, fresh(action).done_note) == (None, "")
    assert "Erledigt am 04.05.2026 Steht jetzt auf der Seite." in page.text
    assert "Wieder geöffnet; Begründung: Der Verweis ist tot." in page.text
    assert deeds() == ["actions.finish", "actions.reopen"]


def test_moved_with_a_reason_it_keeps_the_day_agreed_first(sign_in: SignIn, action: Action) -> None:
    browser = sign_in()
    sent(browser, action, "move", due_on="2026-05-20", reason="Urlaub")
    page = sent(browser, action, "move", due_on="2026-06-30", reason="Agentur liefert später")
    assert fresh(action).due_on == date(2026, 6, 30)
    assert "30.06.2026 (zuerst fällig am 30.04.2026)" in page.text
    assert "fällig am 30.04.2026" in page.text
    assert "Verschoben vom 30.04.2026 auf den 20.05.2026; Begründung: Urlaub" in page.text
    assert "Verschoben vom 20.05.2026 auf den 30.06.2026; Begründung: Agentur liefert später" in page.text
    assert "zuerst fällig am 30.04.2026" in browser.get("/actions").text
    assert deeds() == ["actions.move", "actions.move"]


def test_the_history_of_one_agreed_in_a_meeting_names_the_meeting(sign_in: SignIn, action: Action) -> None:
    assert action.channel is not None
    factories.closed_meeting(AGREED, [action.channel])
    action.review_id = db.session.scalars(select(Review.id)).one()
    page = sign_in("auditor").get(f"/actions/{action.id}")
    assert "Vereinbart in der Sitzung vom 21.04.2026, fällig am 30.04.2026" in page.text


def test_what_was_done_before_there_was_a_history_is_told_all_the_same(
    sign_in: SignIn, action: Action
) -> None:
    action.done_on, action.done_note = date(2026, 5, 1), "Erledigt."
    browser = sign_in()
    assert "Erledigt am 01.05.2026 Erledigt." in browser.get(f"/actions/{action.id}").text
    page = sent(browser, action, "reopen", reason="Fehlt noch.")
    assert "Wieder geöffnet; Begründung: Fehlt noch." in page.text


@pytest.mark.parametrize(
    ("which", "typed"),
    [
        ("finish", {"done_on": TODAY, "note": "Fertig"}),
        ("move", {"due_on": "2026-05-20", "reason": "Urlaub"}),
    ],
)
def test_a_form_sent_twice_changes_once(
    sign_in: SignIn, action: Action, which: str, typed: dict[str, str]
) -> None:
    browser = sign_in()
    form = browser.get(f"/actions/{action.id}").form(which)
    for _again in range(2):
        page = browser.post(form.action, form.filled(**typed))
    assert "Es wurde nichts geändert." in page.text
    assert len(deeds()) == 1
    assert len(db.session.scalars(select(ActionChange)).all()) == 1


def test_who_comes_second_is_told_and_keeps_what_they_wrote(sign_in: SignIn, action: Action) -> None:
    first, second = sign_in(), sign_in()
    forms = [one.get(f"/actions/{action.id}") for one in (first, second)]
    first.post(
        forms[0].form("move").action, forms[0].form("move").filled(due_on="2026-05-20", reason="Urlaub")
    )
    late = forms[1].form("move")
    page = second.post(late.action, late.filled(due_on="2026-05-11", reason="Messe"), expect=409)
    assert "ist mit dieser Maßnahme etwas geschehen" in page.text
    assert "auf den 20.05.2026; Begründung: Urlaub" in page.text
    assert page.form("move").values["reason"] == "Messe"
    assert fresh(action).due_on == date(2026, 5, 20)
    second.post(late.action, page.form("move").values)
    assert fresh(action).due_on == date(2026, 5, 11)
    stale = forms[1].form("finish")
    assert "Sie schrieben: Fertig" in second.post(stale.action, stale.filled(note="Fertig"), expect=409).text
    assert fresh(action).done_on is None


@pytest.mark.parametrize(
    ("which", "typed", "marked"),
    [
        *(("finish", {"done_on": day, "note": "getippt"}, "done_on")
          for day in ("2026-05-05", "2026-02-30", "", "0001-01-01", "9999-12-31", "2026-04-20")),
        ("finish", {"done_on": TODAY, "note": "getippt" * 20_000}, "note"),
        *(("move", {"due_on": day, "reason": "getippt"}, "due_on")
          for day in ("2026-05-03", "2026-04-30", "2026-02-30", "", "0001-01-01", "9999-12-31")),
        *(("move", {"due_on": "2026-05-20", "reason": reason}, "reason")
          for reason in ("", " \x00\n", "x" * 100_000)),
    ],
)  # fmt: skip
@pytest.mark.sqlite_only
def test_what_cannot_be_is_refused_beside_the_field_and_stays_typed(
    sign_in: SignIn, action: Action, which: str, typed: dict[str, str], marked: str
) -> None:
    page = sent(sign_in(), action, which, expect=422, **typed)
    fields = [one for tag in ("input", "textarea") for one in page.all(tag) if one.get("aria-invalid")]
    assert [one.get("id") for one in fields] == [marked]
    for name, value in typed.items():
        if "\x00" not in value:
            assert page.form(which).values[name] == value
    assert not fresh(action).changes


def test_signs_and_marks_in_a_reason_stay_what_they_are(sign_in: SignIn, action: Action) -> None:
    page = sent(sign_in(), action, "move", due_on="2026-05-20", reason="<b>später</b> 🐢\x00\r\nzweite Zeile")
    assert "<b>später</b> 🐢" in page.text
    assert fresh(action).changes[0].note == "<b>später</b> 🐢\nzweite Zeile"


def test_a_form_without_a_token_changes_nothing(app: Flask, sign_in: SignIn, action: Action) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for which in ("finish", "move", "reopen"):
        assert sign_in().send(f"/actions/{action.id}/{which}", {"reason": "x"}).status_code == 400
    assert not fresh(action).changes


def test_two_at_once_move_it_once_and_one_of_them_is_told(
    app: Flask, sign_in: SignIn, action: Action
) -> None:
    address, gate, answers = f"/actions/{action.id}/move", Barrier(2), []
    cookies = [
        one.value for one in (browser.raw.get_cookie("session") for browser in (sign_in(), sign_in())) if one
    ]
    db.session.commit()

    def press(cookie: str, day: str) -> None:
        _cv_app.set(None)  # type: ignore[arg-type]
        client = WerkzeugClient(app)
        client.set_cookie("session", cookie)
        gate.wait()
        typed = {"seen": "0", "due_on": day, "reason": f"auf den {day}"}
        answers.append(client.post(address, data=typed).status_code)

    pairs = zip(cookies, ("2026-05-20", "2026-05-21"), strict=True)
    threads = [Thread(target=copy_context().run, args=(press, *pair)) for pair in pairs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [303, 409]
    assert [one.kind for one in fresh(action).changes] == ["moved"]


def test_english_works_too(sign_in: SignIn, action: Action) -> None:
    browser = sign_in(language="en")
    sent(browser, action, "move", due_on="2026-05-20", reason="Urlaub")
    sent(browser, action, "finish", note="Fertig")
    page = sent(browser, action, "reopen", reason="Doch nicht")
    assert "Moved from 30 Apr 2026 to 20 May 2026, because Urlaub" in page.text


def test_the_channels_page_shows_what_is_open_and_what_is_done(sign_in: SignIn, action: Action) -> None:
    done = factories.action(action.channel, action.owner, date(2026, 5, 1), "Bild tauschen")
    done.done_on = date(2026, 5, 2)
    page = sign_in("auditor").get(f"/channels/{action.channel_id}")
    assert "30.04.2026 überfällig Impressum ergänzen" in page.text
    assert "02.05.2026 Bild tauschen" in page.text
    assert page.link("Alle 2 Maßnahmen dieses Kanals") == f"/actions?state=all&channel={action.channel_id}"
