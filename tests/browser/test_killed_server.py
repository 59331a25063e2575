"""A server killed without warning: what was saved is there, what was typed meanwhile is sent once it runs again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.browser.conftest import PASSWORD
from tracker.app import create_app
from tracker.clock import today
from tracker.extensions import db
from tracker.people.changes import create
from tracker.people.roles import add_role
from tracker.rules.words import Role
from tracker.settings import PROJECT

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Server:
    """The real server as a process of its own, on an installation of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {**os.environ, "TRACKER_INSTANCE": str(folder), "TRACKER_PORT": str(self.port)}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def flask(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "flask", "--app", "wsgi", *words]

    def init(self) -> None:
        subprocess.run(self.flask("init"), cwd=PROJECT, env=self.environment, check=True, capture_output=True)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.flask("serve"), cwd=PROJECT, env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.address}/login", timeout=5)
            except (urllib.error.URLError, ConnectionError):
                assert self.process.poll() is None, "the server ended by itself"
            else:
                return
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    made.init()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.kill()


@pytest.fixture
def address_of_log(server: Server, tmp_path: Path) -> str:
    """A meeting of today with one channel, and an editor who may log it."""
    app = create_app(instance=tmp_path)
    with app.app_context():
        factories.organisation()
        day = today("Europe/Berlin")
        since = day.replace(month=1, day=1)
        channel = factories.channel(factories.unit("Bildungshaus"), "Facebook", "Hauptkanal", since=since)
        meeting = factories.planned_meeting(day, [channel])
        add_role(create("jonas.brandt@example.org", "Jonas Brandt", PASSWORD), Role.EDITOR)
        db.session.commit()
        made = f"/meetings/{meeting.id}/log"
        db.session.remove()
        db.engine.dispose()
    return made


def test_a_server_killed_while_one_types_loses_nothing(
    server: Server, address_of_log: str, chromium: Browser
) -> None:
    server.start()
    context = chromium.new_context(base_url=server.address, locale="de-DE")
    page = context.new_page()
    sign_in_and_open(page, address_of_log)
    reason = page.locator('[id$=".legality.reason"]')
    page.locator('label[for$=".legality.level-remark"]').click()
    reason.fill("Vor dem Absturz.")
    expect(page.locator("#saved")).to_contain_text("Gespeichert um")

    server.kill()
    reason.fill("Vor dem Absturz. Während des Absturzes.")
    expect(page.locator("#saved")).to_contain_text("Der Server ist nicht erreichbar", timeout=20_000)
    server.start()
    expect(page.locator("#saved")).to_contain_text("Gespeichert um", timeout=20_000)

    context.close()
    context = chromium.new_context(base_url=server.address, locale="de-DE")
    page = context.new_page()
    sign_in_and_open(page, address_of_log)
    expect(page.locator('[id$=".legality.reason"]')).to_have_value("Vor dem Absturz. Während des Absturzes.")
    context.close()


def sign_in_and_open(page: Page, address: str) -> None:
    page.goto("/login")
    page.locator("#email").fill("jonas.brandt@example.org")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/")
    page.goto(address)
