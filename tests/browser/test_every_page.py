"""Every kind of page of the demo, as somebody who may see it: axe finds nothing, and it fits on 320 pixels.

Each of four people, one of every role, looks at one address of each route that their pages link to: in German and in
English, light and dark.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page
from werkzeug.exceptions import HTTPException

from tests.browser.conftest import on_a_port
from tracker.demo import seeding
from tracker.extensions import db

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ON = date(2026, 10, 13)
NOON = datetime(2026, 10, 13, 10, 0, tzinfo=UTC)
PEOPLE = ("jonas", "katrin", "sven", "hanne")
NO_PAGES = (
    ".pdf",
    ".csv",
    ".xlsx",
    ".json",
    ".toml",
    ".ics",
    ".eml",
    ".zip",
    "/html",
    "/healthz",
)  # a mail runs no script, so not axe either
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (
    320,
    768,
    1100,
)  # px, beside 1280: what 400 % zoom leaves of that, and where tables of many columns are tight


@pytest.fixture(scope="module")
def demo(
    migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, str, dict[str, str]]]:
    """The demo told until ON, with its address and passwords."""
    folder = tmp_path_factory.mktemp("demo")
    with time_machine.travel(NOON, tick=True), on_a_port(migrated, folder, MAIL_HOST="") as (app, base):
        passwords = dict(seeding.seed(ON).passwords)
        db.session.remove()  # SQLite has one writer: nothing may stay open here while the server works
        yield app, base, passwords


class Walker:
    """One person's browser that looks at every kind of page once."""

    def __init__(self, app: Flask, page: Page) -> None:
        self.app, self.page = app, page
        self.seen: set[str] = set()
        self.waiting = ["/"]
        self.wrong: list[str] = []

    def walk(self) -> None:
        while self.waiting:
            path = self.waiting.pop()
            answer = self.page.goto(path)
            if answer is None or answer.status != 200:
                self.wrong.append(f"{path}: {answer and answer.status}")
                continue
            self.look(path)
            for link in self.page.evaluate(
                "[...document.querySelectorAll('a[href^=\"/\"]')].map(a => a.pathname + a.search)"
            ):
                self.take(link)

    def look(self, path: str) -> None:
        for theme in THEMES:
            self.page.emulate_media(color_scheme=theme)
            for one in Axe().run(self.page).response["violations"]:
                nodes = "; ".join(node["html"][:160] for node in one["nodes"][:3])
                self.wrong.append(f"{path}, {theme}: {one['id']}: {nodes}")
        for width in (*WIDTHS, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wider > 0:
                self.wrong.append(f"{path}: {wider} px wider than {width}")

    def take(self, link: str) -> None:
        parts = urlsplit(link)
        if parts.path.endswith(NO_PAGES):
            return
        try:
            endpoint, _values = self.app.url_map.bind("localhost").match(parts.path, method="GET")
        except HTTPException:
            self.wrong.append(f"leads to {link}")
            return
        if endpoint not in self.seen:
            self.seen.add(endpoint)
            self.waiting.append(link)


@pytest.mark.parametrize("language", ["de-DE", "en-GB"])
def test_every_kind_of_page_is_accessible_and_fits_every_width(
    demo: tuple[Flask, str, dict[str, str]], chromium: Browser, language: str
) -> None:
    app, base, passwords = demo
    wrong: list[str] = []
    seen: set[str] = set()

    def listen(message: ConsoleMessage) -> None:
        wrong.append(f"console of {message.page and message.page.url}: {message.text}")

    for who in PEOPLE:
        address = next(one.email for one in seeding.FIGURES if one.key == who)
        context = chromium.new_context(base_url=base, locale=language, reduced_motion="reduce")
        page = context.new_page()
        page.on("console", listen)
        page.goto("/login")
        page.locator("#email").fill(address)
        page.locator("#password").fill(passwords[address])
        page.locator("#password").press("Enter")
        page.wait_for_url("**/")
        walker = Walker(app, page)
        walker.walk()
        seen |= walker.seen
        wrong += [f"{who}: {one}" for one in walker.wrong]
        context.close()
    assert wrong == []
    assert len(seen) > 50
