"""A passkey in a real browser: added, used after the password or instead of it, to confirm oneself, and removed."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page, Route, expect

from tests import factories
from tests.browser.conftest import PASSWORD, axe_finds_nothing
from tracker.extensions import db
from tracker.models import Access, Entry, User, WebAuthn
from tracker.rules.deeds import Deed

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ASKED = re.compile(r"/login/passkey(\?|$)")


class Desk:
    """Somebody at a browser, with a security key of Chromium's own plugged in and a finger on it."""

    def __init__(self, page: Page, address: str) -> None:
        factories.organisation()
        self.someone, self.page = factories.person(language=None), page
        self.address = address.replace("127.0.0.1", "localhost")  # passkeys belong to names, not to numbers
        self.email, self.name = self.someone.email, self.someone.full_name
        db.session.commit()
        self.keys: CDPSession = page.context.new_cdp_session(page)
        self.keys.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                   "hasUserVerification": True, "isUserVerified": True}  # fmt: skip
        self.key = self.keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        axe_finds_nothing(self.page)

    def give_password(self) -> None:
        self.page.context.clear_cookies()
        self.open("/login")
        self.page.get_by_label("E-Mail-Adresse").fill(self.email)
        self.page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Anmelden").click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def add(self, name: str, use: str) -> None:
        self.open("/account/second-factor/passkeys")
        self.page.get_by_label("Name des Passkeys").fill(name)
        self.page.get_by_label(use).check()
        self.press("Passkey hinzufügen")
        expect(self.page.get_by_text(f"Der Passkey {name} ist hinzugefügt.")).to_be_visible()

    def is_in(self) -> None:
        expect(self.page.locator(".me")).to_contain_text(self.name)

    def verified(self, finger: bool) -> None:
        told = {"authenticatorId": self.key, "isUserVerified": finger}
        self.keys.send("WebAuthn.setUserVerified", told)


@pytest.fixture
def desk(served: tuple[Flask, str], open_page: Callable[..., Page]) -> Desk:
    return Desk(open_page(), served[1])


def refused() -> list[str]:
    found = [one.about for one in db.session.query(Access).filter_by(kind="sign_in_refused")]
    db.session.rollback()  # SQLite has one writer: nothing may stay open here while the server works
    return found


def journalled() -> list[str]:
    found = [entry.deed for entry in db.session.query(Entry).order_by(Entry.number)]
    db.session.rollback()
    return found


def test_a_passkey_is_the_second_factor_of_its_owner_only(desk: Desk) -> None:
    desk.give_password()
    desk.add("Blauer Schlüssel", "Nach dem Passwort")
    desk.give_password()
    expect(desk.page.get_by_role("heading", name="Passkey als zweiter Faktor")).to_be_visible()
    axe_finds_nothing(desk.page)
    desk.press("Passkey verwenden")
    desk.is_in()
    stranger = factories.person(language=None)
    db.session.add(WebAuthn(user=stranger, credential_id=b"x", public_key=b"y", name="x", usage="secondary",
                            backup_state=False, device_type="single_device",
                            lastuse_datetime=stranger.created_at))  # fmt: skip
    own, desk.email = desk.email, stranger.email
    db.session.commit()
    desk.give_password()
    # the stranger has only the owner's key, and gives its answer as if it were asked of any key
    desk.page.route(ASKED, _for_any_key)
    desk.press("Passkey verwenden")
    expect(desk.page.get_by_text("Dieser Passkey gehört zu einem anderen Konto.")).to_be_visible()
    assert refused() == ["wrong_passkey"]
    desk.page.unroute(ASKED)
    desk.email = own
    desk.give_password()
    desk.press("Passkey verwenden")
    desk.is_in()
    desk.open("/account/second-factor/passkeys")
    desk.press("Entfernen")
    expect(desk.page.get_by_text("Der Passkey Blauer Schlüssel ist entfernt.")).to_be_visible()
    assert journalled() == [Deed.PASSKEYS_ADD, Deed.PASSKEYS_REMOVE]


def _for_any_key(route: Route) -> None:
    answer = route.fetch()
    text = answer.text()
    at = text.index("allowCredentials")
    start, end = text.index("[", at), text.index("]", at)
    while text[start:end].count("[") > text[start:end].count("]") + 1:
        end = text.index("]", end + 1)
    route.fulfill(response=answer, body=text[: start + 1] + text[end:])


def test_a_passkey_instead_of_the_password_asks_for_the_finger_and_for_an_account_that_holds(
    desk: Desk, complaints: list[str]
) -> None:
    desk.give_password()
    desk.add("Dienst-Laptop", "Anstelle des Passworts")
    desk.page.context.clear_cookies()
    desk.open("/login/passkey")
    desk.press("Passkey verwenden")
    desk.is_in()
    desk.open("/account/confirm/passkey?next=/account/second-factor")
    desk.press("Passkey verwenden")
    expect(desk.page.get_by_role("heading", name="Zweiter Faktor", exact=True)).to_be_visible()
    desk.page.context.clear_cookies()
    desk.verified(finger=False)
    desk.open("/login/passkey")
    desk.press("Passkey verwenden")
    expect(desk.page.get_by_text("Das hat nicht geklappt")).to_be_visible(timeout=70_000)
    desk.verified(finger=True)
    db.session.get(User, desk.someone.id).active = False
    db.session.commit()
    desk.open("/login/passkey")
    desk.press("Passkey verwenden")
    expect(desk.page.get_by_text("Dieses Konto ist deaktiviert.")).to_be_visible()
    assert refused() == ["deactivated"]
