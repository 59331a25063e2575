"""Private tokens: made once, shown once, and with one a script pulls the JSON of the evidence in a person's name."""

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests import factories
from tests.browsing import Browser
from tracker import tokens
from tracker.extensions import db
from tracker.models import Access, Channel, Entry, Token, User, Words

SignIn = Callable[..., Browser]
TODAY, LAST = date(2026, 10, 13), date(2027, 10, 13)
NEW = {"name": "Revision 2026", "until_on": "2026-12-31"}


@pytest.fixture(autouse=True)
def _on_a_day(clock_at: Any) -> None:
    clock_at(TODAY)


@pytest.fixture
def channel(app: Flask) -> Channel:
    """A channel of a unit with a year of slots."""
    return factories.channel(factories.unit("Süd"), platform="Facebook", since=date(2026, 1, 1))


def token_of(someone: User, until_on: date = LAST) -> tuple[Token, str]:
    made = tokens.make(someone, "Skript", until_on, TODAY)
    db.session.commit()
    return made


def pull(app: Flask, text: str | None, query: str = "", **headers: str) -> Any:
    """What a script gets that has no session."""
    given = {"Authorization": f"Bearer {text}"} if text is not None else {}
    return app.test_client().get(
        f"/evidence/pull.json{query}", headers={"Accept-Language": "de", **given, **headers}
    )


def noted() -> list[tuple[str, int | None, str]]:
    db.session.rollback()
    rows = db.session.execute(select(Access.kind, Access.user_id, Access.about).order_by(Access.id))
    return [(kind.value, user_id, about) for kind, user_id, about in rows]


@pytest.mark.both
def test_a_token_is_shown_once_and_only_its_fingerprint_is_kept(sign_in: SignIn) -> None:
    browser = sign_in("auditor")
    page = browser.post("/account/tokens", NEW)
    (text,) = page.words("code", class_="secret")
    made = db.session.scalars(select(Token)).one()

    assert len(text) > 40
    assert made.hash == sha256(text.encode()).hexdigest()
    assert text not in browser.get("/account/tokens").html
    everything = [str(one) for table in db.metadata.sorted_tables for row in db.session.execute(select(table))
                  for one in row]  # fmt: skip
    assert not any(text in one for one in everything)
    assert "Revision 2026 13.10.2026, 12:00 31.12.2026 noch nie" in browser.get("/account/tokens").text
    assert "1 Schlüssel gilt." in browser.get("/account").text


def test_a_token_sent_twice_is_made_once(sign_in: SignIn) -> None:
    browser = sign_in("manager")
    browser.post("/account/tokens", NEW)
    page = browser.post("/account/tokens", NEW, expect=422)
    assert "Sie haben schon einen Schlüssel mit diesem Namen." in page.text
    assert db.session.scalar(select(func.count(Token.id))) == 1


def test_nobody_has_more_tokens_than_they_can_look_after(sign_in: SignIn) -> None:
    browser = sign_in("manager")
    for k in range(tokens.MOST):
        browser.post("/account/tokens", {**NEW, "name": f"Nr. {k}"})
    assert "Sie haben schon 10 Schlüssel." in browser.post("/account/tokens", NEW, expect=422).text


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", ""), ("name", " \x00 "), ("name", "x" * 100_000), ("until_on", ""), ("until_on", "2026-02-30"),
     ("until_on", "0001-01-01"), ("until_on", "9999-12-31"), ("until_on", "2026-10-12"), ("until_on", "2027-10-14")],
)  # fmt: skip
def test_what_is_not_right_is_said_beside_the_field(sign_in: SignIn, name: str, value: str) -> None:
    page = sign_in("auditor").post("/account/tokens", {**NEW, name: value}, expect=422)
    assert [one.get("id") for one in page.all("input") if one.get("aria-invalid")] == [name]
    assert db.session.scalar(select(func.count(Token.id))) == 0


@pytest.mark.both
def test_a_script_pulls_exactly_the_export_of_its_persons_units(
    app: Flask, channel: Channel, sign_in: SignIn
) -> None:
    factories.channel(factories.unit("Nord"), name="Fremder Kanal", since=date(2026, 1, 1))
    auditor = factories.person("auditor", units=[channel.unit])
    token, text = token_of(auditor)
    answer = pull(app, text, "?from=2026-01-01&until=2026-06-30&platform=Facebook")
    got = json.loads(answer.data)
    posted = sign_in(auditor).send(
        "/evidence/export.json", {"from": "2026-01-01", "until": "2026-06-30", "platform": "Facebook"}
    )
    page = json.loads(posted.data)

    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert "Set-Cookie" not in answer.headers
    assert got["written"] == len(got["rows"]) == 6
    assert got["rows"] == page["rows"]
    assert {row["unit"] for row in got["rows"]} == {"Süd"}
    db.session.expire_all()
    assert token.last_used_on == TODAY
    entries = list(
        db.session.scalars(select(Entry).where(Entry.deed == "evidence.export").order_by(Entry.number))
    )
    pulled, exported = (json.loads(one.body)["ids"] for one in entries)
    assert pulled.pop("token") == token.id
    assert pulled == exported
    assert entries[0].by_id == auditor.id
    assert (
        db.session.scalar(select(Words.text).where(Words.number == entries[0].number, Words.field == "by"))
        == auditor.full_name
    )


@pytest.mark.sqlite_only
def test_a_pull_is_noted_although_somebody_else_wrote_meanwhile(
    app: Flask, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _token, text = token_of(factories.person("auditor"))
    really = tokens.used

    def meanwhile(*given: Any) -> None:
        with db.engine.begin() as connection:
            connection.execute(update(Channel).values(name="Umbenannt"))
        really(*given)

    monkeypatch.setattr(tokens, "used", meanwhile)
    assert pull(app, text).status_code == 200


@pytest.mark.both
def test_a_token_that_does_not_hold_lets_nobody_in_and_that_is_noted(
    app: Flask, channel: Channel, clock_at: Any
) -> None:
    auditor = factories.person("auditor")
    token, text = token_of(auditor, until_on=TODAY)
    lost, of_lost = token_of(factories.person("manager"))
    assert pull(app, text).status_code == 200
    clock_at("2026-10-14")
    said = [pull(app, None), pull(app, ""), pull(app, "ü" * 5000), pull(app, text[:-1]), pull(app, text)]
    lost.user.roles = factories.person("editor").roles
    said.append(pull(app, of_lost))
    tokens.revoke(token)
    db.session.commit()
    said.append(pull(app, text))

    assert [(one.status_code, one.mimetype, list(one.json)) for one in said] == [
        (401, "application/json", ["error"])] * len(said)  # fmt: skip
    assert said[4].json["error"] == "Dieser private Schlüssel ist abgelaufen."
    assert noted() == [
        ("token_refused", None, "unknown"),
        ("token_refused", auditor.id, "expired"),
        ("token_refused", lost.user_id, "may_not"),
        ("token_refused", auditor.id, "revoked"),
    ]


@pytest.mark.parametrize(("column", "value", "why"), [("active", False, "deactivated"),
                                                      ("until_on", date(2026, 10, 12), "other_days")])  # fmt: skip
def test_a_token_holds_no_longer_than_its_account(
    app: Flask, channel: Channel, column: str, value: Any, why: str
) -> None:
    someone = factories.person("auditor")
    _token, text = token_of(someone)
    setattr(someone, column, value)
    assert pull(app, text).status_code == 401
    assert noted() == [("token_refused", someone.id, why)]


def test_a_token_waits_for_the_second_factor_that_a_role_asks_for(app: Flask, channel: Channel) -> None:
    someone = factories.person("auditor")
    _token, text = token_of(someone)
    someone.roles[0].asks_second_factor = True
    db.session.commit()
    said = pull(app, text)
    assert (said.status_code, noted()) == (401, [("token_refused", someone.id, "no_second_factor")])
    assert "muss zuerst einen zweiten Faktor einrichten" in said.json["error"]
    someone.tf_primary_method, someone.tf_totp_secret = "authenticator", "as it is kept"
    db.session.commit()
    assert pull(app, text).status_code == 200


def test_a_session_opens_nothing_there_and_a_token_nothing_else(
    app: Flask, channel: Channel, sign_in: SignIn
) -> None:
    browser = sign_in("auditor")
    assert browser.raw.get("/evidence/pull.json").status_code == 401
    _token, text = token_of(browser.person)  # type: ignore[arg-type]
    for url in ("/evidence", "/account/tokens", "/journal"):
        answer = app.test_client().get(url, headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code == 302


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("?from=2026-02-30", ["from"]),
        ("?unit=99&level=x", ["level", "unit"]),
        ("?form=2026-01-01", ["form"]),
        ("?from=2026-02-01&until=2026-01-01", ["until"]),
        ("?text=" + "x" * 201, ["text"]),
        ("?%00=1", ["\x00"]),
    ],
)
def test_filters_that_are_not_right_are_named(
    app: Flask, channel: Channel, query: str, fields: list[str]
) -> None:
    _token, text = token_of(factories.person("auditor"))
    answer = pull(app, text, query)
    assert answer.status_code == 422
    assert sorted(answer.json["fields"]) == fields
    assert all(said and all(said) for said in answer.json["fields"].values())
    assert db.session.scalar(select(func.count()).where(Entry.deed == "evidence.export")) == 0


def test_units_of_others_are_no_choice(app: Flask, channel: Channel) -> None:
    other = factories.channel(factories.unit("Nord"))
    _token, text = token_of(factories.person("auditor", units=[channel.unit]))
    assert list(pull(app, text, f"?channel={other.id}").json["fields"]) == ["channel"]


def test_revoking_is_asked_about_and_journalled_and_other_peoples_tokens_do_not_exist(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in("auditor")
    token, text = token_of(browser.person)  # type: ignore[arg-type]
    sign_in("manager").get(f"/account/tokens/{token.id}/revoke", expect=404)
    page = browser.get(browser.get("/account/tokens").link("widerrufen"))
    form = page.form("/revoke")
    for _k in range(2):
        assert "widerrufen am 13.10.2026, 12:00" in browser.post(form.action, form.values).text

    assert pull(app, text).status_code == 401
    assert list(db.session.scalars(select(Entry.deed).order_by(Entry.number))) == [
        "tokens.add",
        "tokens.revoke",
    ]
    journal = browser.get("/journal").text
    assert "Privater Schlüssel erstellt" in journal
    assert "Privater Schlüssel widerrufen" in journal


def test_a_new_first_password_ends_the_tokens_too(app: Flask, sign_in: SignIn) -> None:
    someone = factories.person("auditor")
    token_of(someone)
    admin = sign_in("admin")
    assert "1 Schlüssel gilt." in admin.get(f"/people/{someone.id}").text
    page = admin.post(f"/people/{someone.id}/password", {"password": "ein ganz anderes Passwort"})
    assert "Schlüssel gilt" not in page.text
    assert sorted(db.session.scalars(select(Entry.deed))) == ["people.change", "tokens.add", "tokens.revoke"]


def test_english_works_too(app: Flask, channel: Channel, sign_in: SignIn) -> None:
    browser = sign_in("auditor", language="en")
    browser.post("/account/tokens", NEW)
    token = db.session.scalars(select(Token)).one()
    browser.get(f"/account/tokens/{token.id}/revoke")
    _token, text = token_of(browser.person)  # type: ignore[arg-type]
    titles = [one["title"] for one in pull(app, text, **{"Accept-Language": "en"}).json["columns"]]
    assert "Channel" in titles


def test_asking_only_for_the_headers_takes_nothing_and_notes_nothing(app: Flask, channel: Channel) -> None:
    _row, text = token_of(factories.person("auditor"))
    answer = app.test_client().head("/evidence/pull.json", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 405
    assert "evidence.export" not in db.session.scalars(select(Entry.deed)).all()
