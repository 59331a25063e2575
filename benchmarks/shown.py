"""The demo in a real browser: told until ON, served here with the clock set, and people who have signed in.

Chromium is to be found as `chromium`.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import time_machine
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize
from sqlalchemy import Select, select
from waitress.server import create_server

from tracker.app import create_app
from tracker.demo import seeding
from tracker.extensions import db
from tracker.models import Mail, Meeting

Theme = Literal["dark", "light"]
ON = date(2026, 10, 13)
NOON = datetime(2026, 10, 13, 10, 0, tzinfo=UTC)
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip


@dataclass(frozen=True)
class Demo:
    """The demo where it is served, with what the pictures need of it."""

    base: str
    passwords: Mapping[str, str]
    open_meeting: int
    closed_meeting: int
    digest: int


class Visitors:
    """Pages of people who have signed in, one for each person, language, width and theme; made when first asked for."""

    def __init__(self, browser: Browser, found: Demo) -> None:
        self.browser, self.demo = browser, found
        self.pages: dict[tuple[str, str, int, str], Page] = {}

    def page(self, who: str, language: str, width: int, theme: Theme = "light") -> Page:
        """The page of one of them."""
        key = (who, language, width, theme)
        if key not in self.pages:
            self.pages[key] = self._sign_in(*key)
        return self.pages[key]

    def _sign_in(self, who: str, language: str, width: int, theme: Theme) -> Page:
        address = next(one.email for one in seeding.FIGURES if one.key == who)
        size: ViewportSize = {"width": width, "height": 900}
        context = self.browser.new_context(
            base_url=self.demo.base, locale=language, viewport=size, color_scheme=theme
        )
        page = context.new_page()
        page.goto("/login")
        page.get_by_role("textbox").first.fill(address)
        page.locator("input[type=password]").fill(self.demo.passwords[address])
        page.locator("main button[type=submit]").first.click()
        page.wait_for_load_state()
        return page


@contextmanager
def demo(wrap: Callable[[Flask], Any] = lambda app: app) -> Iterator[Demo]:
    """The demo told until ON, served on a free port while the clock of this process stands at noon of that day.

    `wrap` may put something around the app that is served.
    """
    with tempfile.TemporaryDirectory() as folder, time_machine.travel(NOON, tick=True):
        here = {**os.environ, "TRACKER_INSTANCE": folder}
        subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "init"], env=here, check=True)
        app = create_app(instance=Path(folder))
        with app.app_context():
            passwords = seeding.seed(ON).passwords
            open_meeting = _first(
                select(Meeting.id).where(Meeting.closed_at.is_(None), Meeting.cancelled_at.is_(None))
            )
            closed = _first(
                select(Meeting.id).where(Meeting.closed_at.is_not(None)).order_by(Meeting.closed_at.desc())
            )
            digest = _first(select(Mail.id).where(Mail.to_name == "Katrin Seidel").order_by(Mail.id.desc()))
            db.session.remove()
        with _served(wrap(app)) as base:
            yield Demo(base, passwords, open_meeting, closed, digest)


def _first(query: Select[int]) -> int:
    return db.session.scalars(query.limit(1)).one()


@contextmanager
def _served(app: Any) -> Iterator[str]:
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
