"""A form that expired, or came after the session had ended, loses nothing typed: it can be sent again."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories
from tests.browsing import Browser
from tests.page import Page, check_house_rules
from tracker.extensions import db
from tracker.models import Action, Channel, Explanation

TYPED = 'Impressum\nneu, mit "Anführung" & <b>Zeichen</b>'
SignIn = Callable[..., Browser]

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def channel(app: Flask, clock_at: Any) -> Channel:
    clock_at("2026-10-13")
    app.config["WTF_CSRF_ENABLED"] = True
    return factories.channel()


def typed_action(channel: Channel) -> dict[str, str]:
    """An action as somebody filled it in before the form expired."""
    owner = factories.contact(name="Anna Beispiel")
    return {"channel": str(channel.id), "what": TYPED, "owner": str(owner.id), "due_on": "2026-12-01",
            "csrf_token": "of yesterday"}  # fmt: skip


def actions() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Action.id))) or 0


def signed_out(app: Flask, url: str, data: Any, **headers: str) -> tuple[int, Page]:
    answer = app.test_client().post(url, data=data, headers={"Accept-Language": "de", **headers})
    page = Page(answer.get_data(as_text=True))
    check_house_rules(page, "de")
    return answer.status_code, page


def test_an_expired_form_shows_what_was_typed_and_takes_it_when_it_is_sent_again(
    channel: Channel, sign_in: SignIn
) -> None:
    browser = sign_in("editor")
    refused = browser.post("/actions/add", typed_action(channel), expect=400)

    assert {"Was getan wird", "Bis"} <= set(refused.words("dt"))
    assert 'Impressum neu, mit "Anführung" & <b>Zeichen</b>' in refused.text
    assert "2026-12-01" in refused.text
    assert "neu laden" not in refused.text
    assert actions() == 0
    form = refused.form("/actions/add")
    browser.post(form.action, form.values)
    assert actions() == 1
    assert db.session.scalars(select(Action.what)).one() == TYPED


def test_it_works_in_english_and_says_the_labels_of_the_form(channel: Channel, sign_in: SignIn) -> None:
    refused = sign_in("editor", language="en").post("/actions/add", typed_action(channel), expect=400)

    assert {"What will be done", "Until", "Channel", "Who does it"} <= set(refused.words("dt"))
    assert refused.words("button").count("Send again") == 1


def test_an_address_with_a_question_is_kept_whole(channel: Channel, sign_in: SignIn) -> None:
    channel_id = channel.id
    refused = sign_in("manager").post(
        f"/channels/{channel_id}/slots/2026-4-1?from=board", {"text": TYPED, "csrf_token": "old"}, expect=400
    )

    form = refused.form("/slots/")
    assert form.action == f"/channels/{channel_id}/slots/2026-4-1?from=board"
    assert form.values["text"] == TYPED


def test_after_the_session_has_ended_the_words_are_still_there(
    app: Flask, channel: Channel, sign_in: SignIn
) -> None:
    status, page = signed_out(app, "/actions/add", typed_action(channel))

    assert status == 401
    assert "Sie sind abgemeldet" in page.text
    assert page.link("In einem anderen Tab anmelden") == "/login"
    form = page.form("/actions/add")
    assert form.values["what"] == TYPED
    browser = sign_in("editor")
    again = browser.post(form.action, form.values, expect=400).form("/actions/add")
    browser.post(again.action, again.values)
    assert actions() == 1


def test_a_page_that_checks_its_token_itself_keeps_them_as_well(app: Flask, channel: Channel) -> None:
    meeting = factories.planned_meeting(date(2026, 10, 20), [channel])
    status, page = signed_out(app, f"/meetings/{meeting.id}/log", {"place": "Sitzungssaal"})

    assert status == 401
    assert page.form("/log").values["place"] == "Sitzungssaal"


def test_nothing_typed_goes_into_the_cookie(app: Flask, channel: Channel) -> None:
    client = app.test_client()
    client.post("/actions/add", data=typed_action(channel))

    with client.session_transaction() as session:
        assert "Impressum" not in str(dict(session))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_words_from_another_site_are_not_offered(
    app: Flask, channel: Channel, sign_in: SignIn, headers: dict[str, str]
) -> None:
    data = typed_action(channel)
    answer = sign_in("editor").raw.post("/actions/add", data=data, headers=headers)
    status, page = signed_out(app, "/actions/add", data, **headers)

    assert (answer.status_code, status) == (400, 401)
    for said in (answer.text, page.html):
        assert "Impressum" not in said
        assert 'action="/actions/add"' not in said


def test_words_from_this_site_are_offered(channel: Channel, sign_in: SignIn) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    answer = sign_in("editor").raw.post("/actions/add", data=typed_action(channel), headers=headers)

    assert "Impressum" in answer.text


def test_passwords_are_never_sent_back(channel: Channel, sign_in: SignIn) -> None:
    data = {
        "full_name": "Jule Neu",
        "email": "jule@example.org",
        "password": "geheim-geheim-1",
        "role": "editor",
    }
    page = sign_in("admin").post("/people/add", data, expect=400)

    assert "geheim" not in page.html
    assert "Passwörter werden nicht mitgeführt" in page.text
    assert page.form("/people/add").values["full_name"] == "Jule Neu"


def test_a_file_must_be_chosen_again(channel: Channel, sign_in: SignIn) -> None:
    data = {"since": "2026-10-01", "file": (io.BytesIO(b"[organisation]"), "concept.toml")}
    answer = sign_in("manager").raw.post("/concept/load", data=data)

    assert answer.status_code == 400
    assert "Eine Datei kann von hier aus nicht erneut gesendet werden" in answer.text
    assert 'name="since" value="2026-10-01"' in answer.text


def test_an_expired_sign_in_form_is_only_opened_anew(app: Flask, channel: Channel) -> None:
    status, page = signed_out(app, "/login", {"email": "a@example.org", "password": "geheim-geheim-1"})

    assert status == 400
    assert "a@example.org" not in page.html
    assert "geheim" not in page.html


def test_a_page_that_answers_a_form_offers_no_change_of_language(channel: Channel, sign_in: SignIn) -> None:
    browser = sign_in("editor")
    form = browser.get("/actions/add").form("/actions/add")
    refused = browser.post("/actions/add", form.filled(what=TYPED), expect=422)

    assert "/language/" not in refused.html
    assert "würde Ihre Eingaben verwerfen" in refused.text
    assert "/language/en" in browser.get("/actions/add").html


def test_explanations_survive(channel: Channel, sign_in: SignIn) -> None:
    browser = sign_in("manager")
    url = f"/channels/{channel.id}/slots/2026-4-1"
    again = browser.post(url, {"text": TYPED, "csrf_token": "old"}, expect=400).form(url)
    browser.post(again.action, again.values)

    db.session.rollback()
    assert db.session.scalars(select(Explanation.text)).one() == TYPED
