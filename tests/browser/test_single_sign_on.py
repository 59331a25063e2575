"""The way to the account of the house and back, in a browser that minds the security policy of the page."""

from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, expect

from tests import factories
from tests.browser.conftest import on_a_port
from tests.provider import provider
from tracker.extensions import db

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_there_and_back(chromium: Browser, migrated: Path, tmp_path: Path) -> None:
    with provider() as issuer:
        sso = {"SSO_ISSUER": issuer, "SSO_CLIENT_ID": "tracker", "SSO_CLIENT_SECRET": "geheim"}
        with on_a_port(migrated, tmp_path, **sso) as (_app, address):
            someone = factories.person("editor").email
            db.session.commit()
            requests.put(
                f"{issuer}/users/{someone}", json={"email": someone, "email_verified": True}, timeout=10
            )
            context = chromium.new_context(locale="de-DE")
            page = context.new_page()
            said: list[str] = []
            page.on("console", lambda one: said.append(one.text))
            page.goto(f"{address.replace('127.0.0.1', 'localhost')}/login?next=/meetings")
            page.get_by_role("button", name="Mit dem Konto Ihres Hauses anmelden").click()
            page.locator("input[name=sub]").first.fill(someone)
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_contain_text("Sitzungen")
            assert page.url.endswith("/meetings")
            assert not [one for one in said if "Content Security Policy" in one]
            context.close()
