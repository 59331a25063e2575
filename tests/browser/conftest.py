"""Real Chromium against the real app on a real port; the clock of the whole process is set."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from tests import factories
from tests.conftest import SETTINGS
from tracker.app import create_app
from tracker.concept.changes import load
from tracker.concept.file import read_concept
from tracker.extensions import db
from tracker.models import Channel, Meeting, User
from tracker.settings import PROJECT

PASSWORD = "ein langes Passwort"
NOON = datetime(2026, 4, 10, 10, 0, tzinfo=UTC)
FLAGS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-domain-reliability", "--disable-sync", "--disable-default-apps",
    "--no-first-run", "--no-pings", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip


@pytest.fixture
def noon() -> Iterator[None]:
    """10 April 2026, noon in Berlin: the first quarter is ten days past its due date."""
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def served(noon: None, migrated: Path, tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """The app with its address, on a fresh SQLite database."""
    with on_a_port(migrated, tmp_path) as found:
        yield found


@contextmanager
def on_a_port(migrated: Path, tmp_path: Path, **more: Any) -> Iterator[tuple[Flask, str]]:
    """The app with its address, on a fresh SQLite database, with other settings besides."""
    shutil.copy(migrated, tmp_path / "tracker.sqlite")
    url = f"sqlite:///{tmp_path / 'tracker.sqlite'}"
    app = create_app({**SETTINGS, "WTF_CSRF_ENABLED": True, "DATABASE_URL": url, **more}, tmp_path)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with app.app_context():
            yield app, f"http://127.0.0.1:{server.server_port}"
            db.session.remove()
    finally:
        server.shutdown()
        thread.join()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests; each test has contexts of its own."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is not installed; .ci/run installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What consoles and scripts said; a test takes out what it expects."""
    return []


@pytest.fixture
def open_page(
    chromium: Browser, served: tuple[Flask, str], complaints: list[str]
) -> Iterator[Callable[..., Page]]:
    """open_page(): a page with its own cookies. A word on the console or an error in a script fails the test."""
    contexts = []

    def listen(message: ConsoleMessage) -> None:
        if not message.text.startswith(
            "Clear-Site-Data header"
        ):  # signing out empties the cache, and Chromium says so
            complaints.append(f"{message.type}: {message.text}")

    def fresh(width: int = 1280, language: str = "de-DE", theme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=served[1], locale=language, viewport={"width": width, "height": 900}, color_scheme=theme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield fresh
    for context in contexts:
        context.close()
    assert complaints == []


def axe_finds_nothing(page: Page) -> None:
    """No violation of WCAG 2.2 A and AA or of axe's best practices on the page as it is shown."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.fixture
def chamber(served: tuple[Flask, str]) -> Meeting:
    """The real concept, owed since January 2026, and a meeting planned for the day on which the test plays."""
    load(read_concept(PROJECT / "examples/ihk-region-stuttgart.toml"), "concept.toml", date(2026, 1, 1))
    db.session.commit()
    for role, name in (
        ("editor", "Jonas Brandt"),
        ("manager", "Katrin Seidel"),
        ("auditor", "Dr. Hanne Weiß"),
    ):
        someone = factories.person(role, name, language=None)
        if role != "auditor":
            factories.contact(someone)
    channels = db.session.query(Channel).order_by(Channel.position).all()
    return factories.planned_meeting(date(2026, 4, 10), channels, starts_at=time(14), place="Raum 4.12")


def sign_in(page: Page, name: str) -> None:
    address = db.session.query(User).filter_by(full_name=name).one().email
    db.session.commit()  # SQLite has one writer: nothing may stay open here while the server works
    page.goto("/")
    axe_finds_nothing(page)
    page.locator("#email").fill(address)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/")
