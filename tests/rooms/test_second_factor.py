"""The second factor: set up, asked for, lost, turned off, required by role; real sign-ins, real codes, a set time."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_security.webauthn import WebAuthnSigninResponseForm
from passlib.totp import TOTP
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker.extensions import db
from tracker.models import Access, Entry, Mail, User, WebAuthn, Words
from tracker.rules.deeds import Deed

PASSWORD = "ein langes Passwort"
SETUP, CODES = "/account/second-factor/app", "/account/second-factor/codes"
PASSKEYS, FIRST = "/account/second-factor/passkeys", {"name": "Stick", "usage": "first"}
REFUSED = "Dieser Code gilt nicht oder wurde schon verwendet"

SignIn = Callable[..., Browser]


@pytest.fixture
def time() -> Iterator[Any]:
    """Noon in Berlin, standing still unless the test moves it."""
    factories.organisation()
    with time_machine.travel(datetime(2026, 4, 10, 10, 0, tzinfo=UTC), tick=False) as stands:
        yield stands


def person(role: str = "editor") -> User:
    return factories.person(role)


def password_given(app: Flask, someone: User) -> Browser:
    """A browser in which address and password were given, and what came of it followed."""
    browser = Browser(app.test_client(), person=someone)
    browser.post("/login", {"email": someone.email, "password": PASSWORD})
    return browser


def set_up(browser: Browser) -> TOTP:
    """The app of the person in the browser, as a phone keeps it."""
    page = browser.post(SETUP, {"setup": "authenticator"})
    phone = TOTP(key=page.words("code", class_="secret")[0])
    said = browser.post(page.form("/app/").action, {"code": phone.generate().token})
    assert "Die Authentisierungs-App ist eingerichtet" in said.text
    return phone


def codes_of(browser: Browser) -> list[str]:
    browser.get("/account/second-factor")
    return [one for one in browser.post(CODES).words("code") if one.count("-") == 2]


def passkey(of: User, name: str, usage: str = "secondary") -> None:
    """As flask-security keeps one; a browser is not needed to count it."""
    db.session.add(
        WebAuthn(user=of, credential_id=name.encode(), public_key=b"2", name=name, usage=usage, backup_state=False,
                 device_type="single_device", lastuse_datetime=of.created_at)
    )  # fmt: skip
    db.session.commit()


def is_in(browser: Browser) -> bool:
    return browser.raw.get("/account").status_code == 200


def deeds() -> list[str]:
    return list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))


def refusals() -> list[str]:
    return list(db.session.scalars(select(Access.about).where(Access.kind == "sign_in_refused")))


def test_the_app_is_set_up_and_asked_for_and_its_code_taken_once(app: Flask, time: Any) -> None:
    someone = person()
    browser = password_given(app, someone)
    assert "Das Passwort allein meldet Sie an" in browser.get("/account").text
    phone = set_up(browser)
    time.shift(timedelta(minutes=1))
    again = password_given(app, someone)
    assert not is_in(again)
    token = phone.generate().token
    again.post("/login/code", {"code": f"{token[:3]} {token[3:]}"})
    assert is_in(again)
    thief = password_given(app, someone)
    assert REFUSED in thief.post("/login/code", {"code": token}).text
    assert not is_in(thief)
    db.session.refresh(someone)
    assert phone.base32_key not in str(someone.tf_totp_secret)
    assert deeds() == [Deed.SECOND_FACTOR_SET]
    assert refusals() == ["wrong_code"]


def test_a_wrong_code_while_setting_up_keeps_the_key_that_the_phone_has(app: Flask, time: Any) -> None:
    browser = password_given(app, person())
    page = browser.post(SETUP, {"setup": "authenticator"})
    key, way = page.words("code", class_="secret")[0], page.form("/app/").action
    page = browser.post(way, {"code": "000000"}, expect=422)
    assert page.words("p", id="code-error")[0].startswith(REFUSED)
    assert page.words("code", class_="secret") == [key]
    said = browser.post(page.form("/app/").action, {"code": TOTP(key=key).generate().token})
    assert "Die Authentisierungs-App ist eingerichtet" in said.text
    assert REFUSED not in said.text


def test_a_wrong_code_opens_nothing_and_says_so_beside_the_field(app: Flask, time: Any) -> None:
    someone = person()
    set_up(password_given(app, someone))
    time.shift(timedelta(minutes=1))
    browser = password_given(app, someone)
    for code in ("", "000000", "12345", "９９９９９９", "1" * 100_000, "\x00" * 6, "<b>", "☎☎☎☎☎☎"):
        assert browser.post("/login/code", {"code": code}).all("p", id="code-error"), code[:10]
        assert browser.post("/login/recovery", {"code": code}).all("p", id="code-error"), code[:10]
    assert not is_in(browser)


def test_without_the_password_no_page_of_the_second_factor_opens(app: Flask, time: Any) -> None:
    browser = Browser(app.test_client())
    for url in ("/login/code", "/login/recovery", "/login/choose"):
        assert "Bitte melden Sie sich noch einmal von vorn an" in browser.get(url).text
    assert browser.raw.get("/login/help").location.startswith("/login")
    assert browser.raw.post("/login/code", json=[1]).status_code == 400


def test_a_recovery_code_lets_in_once_and_is_never_shown_again(app: Flask, time: Any) -> None:
    someone = person()
    browser = password_given(app, someone)
    assert "Richten Sie zuerst" in browser.post(CODES).text
    set_up(browser)
    codes = codes_of(browser)
    assert len(codes) == 10
    db.session.refresh(someone)
    assert not [one for one in codes if one in str(someone.mf_recovery_codes)]
    assert not [one for one in codes if one in browser.get(CODES + "?show_codes=1").text]
    first = password_given(app, someone)
    first.post("/login/recovery", {"code": f" {codes[3].upper().replace('-', ' ')} "})
    assert is_in(first)
    assert "9 Codes sind noch übrig" in first.get("/account/second-factor").text
    second = password_given(app, someone)
    assert "gilt nicht oder wurde schon verwendet" in second.post("/login/recovery", {"code": codes[3]}).text
    assert not is_in(second)
    assert deeds() == [Deed.SECOND_FACTOR_SET, Deed.RECOVERY_CODES_MAKE]


def test_what_is_delicate_asks_for_the_password_afresh_and_turning_off_ends_the_codes(
    app: Flask, time: Any
) -> None:
    app.config["SECURITY_FRESHNESS"] = timedelta(minutes=10)
    someone = person()
    browser = password_given(app, someone)
    set_up(browser)
    codes_of(browser)
    time.shift(timedelta(minutes=11))
    for url, data in ((SETUP, {"setup": "disable"}), (CODES, {}), ("/account/second-factor/passkeys", {"name": "x"}),
                      ("/account/second-factor/passkeys/remove", {"name": "x"})):  # fmt: skip
        assert browser.send(url, data).location.startswith("/account/confirm"), url
    page = browser.post(SETUP, {"setup": "disable"})
    assert "Bitte bestätigen Sie zuerst, dass Sie es sind" in page.text
    browser.post(page.form("/account/confirm").action, {"password": PASSWORD})
    assert "abgeschaltet" in browser.post(SETUP, {"setup": "disable"}).text
    db.session.refresh(someone)
    assert not someone.tf_totp_secret
    assert not someone.mf_recovery_codes
    assert deeds()[-1] == Deed.SECOND_FACTOR_OFF
    assert is_in(password_given(app, someone))


def test_who_finds_a_browser_open_cannot_end_there_what_they_began_elsewhere(app: Flask, time: Any) -> None:
    app.config["SECURITY_FRESHNESS"] = timedelta(minutes=10)
    owner, insider = person("admin"), person()
    found_open = password_given(app, owner)
    time.shift(timedelta(minutes=25))
    begun = password_given(app, insider)
    page = begun.post(SETUP, {"setup": "authenticator"})
    code = TOTP(key=page.words("code", class_="secret")[0]).generate().token
    said = found_open.post(page.form("/app/").action, {"code": code}, expect=401)
    assert "Bitte bestätigen Sie zuerst" in said.text
    way = re.search(r"/account/second-factor/passkeys/[\w.-]+", begun.post(PASSKEYS, FIRST).html)
    assert way
    found_open.post(way[0], {"credential": "{}"}, expect=401)
    db.session.refresh(owner)
    assert not owner.tf_totp_secret
    begun.post(page.form("/app/").action, {"code": code})
    db.session.refresh(insider)
    assert insider.tf_totp_secret


def test_a_passkey_alone_asks_for_the_finger_however_its_answer_was_begun(
    app: Flask, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone, asked = person(), list[bool]()
    passkey(someone, "Stick")
    begun = password_given(app, someone).post("/login/passkey").html
    way = re.search(r"/login/passkey/[\w.-]+", begun)
    assert way
    monkeypatch.setattr(
        WebAuthnSigninResponseForm, "validate", lambda form, **_more: asked.append(form.user_verification)
    )
    Browser(app.test_client()).post(way[0], {"credential": "{}"})
    assert asked == [True]


def test_with_the_last_passkey_after_the_password_the_recovery_codes_end(app: Flask, time: Any) -> None:
    someone, remove = person(), "/account/second-factor/passkeys/remove"
    browser = password_given(app, someone)
    for name, usage in (("Laptop", "secondary"), ("Telefon", "secondary"), ("Stick", "first")):
        passkey(someone, name, usage)
    codes_of(browser)
    browser.post(remove, {"name": "Laptop"})
    assert "10 Codes sind noch übrig" in browser.get("/account/second-factor").text
    assert "Sie haben keinen Passkey mit dem Namen" in browser.post(remove, {"name": "nicht da"}).text
    browser.post(remove, {"name": "Telefon"})
    db.session.refresh(someone)
    assert not someone.mf_recovery_codes
    assert [key.name for key in someone.webauthn] == ["Stick"]
    assert "Das Passwort allein meldet Sie an" in browser.get("/account").text


def test_whose_account_ends_between_password_and_code_stays_out(app: Flask, time: Any) -> None:
    someone = person()
    phone = set_up(password_given(app, someone))
    time.shift(timedelta(minutes=1))
    browser = password_given(app, someone)
    someone.until_on = date(2026, 4, 9)
    db.session.commit()
    page = browser.post("/login/code", {"code": phone.generate().token})
    assert "Ihr Zugang galt bis 09.04.2026" in page.text
    someone.until_on, someone.active = None, False
    db.session.commit()
    time.shift(timedelta(minutes=1))
    assert (
        "Dieses Konto ist deaktiviert" in browser.post("/login/code", {"code": phone.generate().token}).text
    )
    assert not is_in(browser)
    assert sorted(refusals()) == ["deactivated", "other_days"]


def test_a_role_that_asks_for_it_opens_nothing_else_before_it_is_set_up(
    app: Flask, time: Any, sign_in: SignIn
) -> None:
    admin, auditor = sign_in("admin"), person("auditor")
    inside = password_given(app, auditor)
    passkey(auditor, "Stick", "first")  # stands for the password, and leaves the password as it was
    assert "1 Person hat noch keinen" in admin.get("/organisation/second-factor").text
    admin.post("/organisation/second-factor", {"role": ["auditor", "nonsense"]})
    said = set(db.session.scalars(select(Words.text).where(Words.field == "second_factor.after")))
    assert (deeds(), said) == ([Deed.ORGANISATION_CHANGE], {"Revision"})
    for browser in (inside, password_given(app, auditor)):
        for url in ("/", "/evidence", "/account", "/account/tokens"):
            assert browser.raw.get(url).location == "/account/second-factor", url
        assert browser.send("/account/tokens").location == "/account/second-factor"
        page = browser.get("/")
        assert "Ihre Rolle verlangt einen zweiten Faktor" in page.text
        assert [one.get("aria-label") for one in page.all("nav")] == ["Hilfe und rechtliche Hinweise"]
    set_up(inside)
    assert inside.raw.get("/evidence").status_code == 200
    assert "Das kann nicht gewählt werden" in inside.post(SETUP, {"setup": "disable"}).text
    assert inside.raw.get("/evidence").status_code == 200
    assert admin.get("/organisation/second-factor").form("second-factor").values["role"] == "auditor"


def test_the_administration_turns_it_off_for_whoever_lost_the_phone(
    app: Flask, time: Any, sign_in: SignIn
) -> None:
    someone, admin = person(), sign_in("admin")
    theirs, url = password_given(app, someone), f"/people/{someone.id}/second-factor"
    set_up(theirs)
    passkey(someone, "Blauer Schlüssel")
    page = admin.get(admin.get(f"/people/{someone.id}").link("Zweiten Faktor abschalten"))
    assert "Bitte geben Sie einen Grund an" in admin.post(url, {"reason": " \x00 "}, expect=422).text
    assert "Höchstens 300 Zeichen" in admin.post(url, {"reason": "x" * 100_000}, expect=422).text
    admin.post(url, page.form("second-factor").filled(reason="Telefon verloren, persönlich vorgesprochen"))
    assert "Es wurde nichts geändert" in admin.post(url, {"reason": "noch einmal"}).text
    assert not is_in(theirs)
    assert is_in(password_given(app, someone))
    assert db.session.query(WebAuthn).count() == 0
    mail = db.session.query(Mail).one()
    assert (mail.to_address, mail.subject) == (someone.email, "Ihr zweiter Faktor wurde abgeschaltet")
    assert "http://tracker.example.org/account/second-factor" in mail.text
    assert deeds()[-1] == Deed.PEOPLE_SECOND_FACTOR
    told = dict(db.session.execute(select(Words.field, Words.text).where(Words.number == len(deeds()))).all())
    assert told["reason"] == "Telefon verloren, persönlich vorgesprochen"
    assert told["passkey"] == "Blauer Schlüssel"


def test_every_page_speaks_english_too(app: Flask, time: Any) -> None:
    someone = factories.person("editor", language="en")
    browser = Browser(app.test_client(), language="en", person=someone)
    browser.post("/login", {"email": someone.email, "password": PASSWORD})
    for url in (
        "/account/second-factor",
        SETUP,
        CODES,
        "/account/second-factor/passkeys",
        "/account/confirm",
    ):
        browser.get(url)
    set_up_page = browser.post(SETUP, {"setup": "authenticator"})
    assert "Type the six digits" in set_up_page.text
    phone = TOTP(key=set_up_page.words("code", class_="secret")[0])
    browser.post(set_up_page.form("/app/").action, {"code": phone.generate().token})
    codes_of(browser)
    asked = Browser(app.test_client(), language="en")
    asked.post("/login", {"email": someone.email, "password": PASSWORD})
    for url in ("/login/code", "/login/recovery", "/login/passkey"):
        asked.get(url)
    assert "This code does not hold" in asked.post("/login/code", {"code": "1"}).text
