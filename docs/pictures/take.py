"""Takes the pictures of README and docs from the demo, with real Chromium; `make screenshots`.

The demo is told until ON in a temporary folder and served in this process with its clock set, so that the pictures
change only when the app does. Chromium is to be found as `chromium`. With `--all FOLDER` it takes every page a role can
open by a link of the menu instead, in all sizes, to look through a change of the design.
"""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import click
import time_machine
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from sqlalchemy import Select, select
from werkzeug.serving import make_server

from tracker.app import create_app
from tracker.demo import seeding
from tracker.extensions import db
from tracker.models import Mail, Meeting

Theme = Literal["dark", "light"]
HERE = Path(__file__).parent
ON = date(2026, 10, 13)
NOON = datetime(2026, 10, 13, 10, 0, tzinfo=UTC)
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
WIDE, NARROW = 1280, 390  # px
LONGEST = 1700  # px: a picture of a longer page is cut there


@dataclass(frozen=True)
class Picture:
    """One picture: who looks at which page, in which language, width and theme."""

    name: str
    who: str
    path: str
    language: str = "de"
    width: int = WIDE
    theme: Theme = "light"


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


def main(arguments: list[str]) -> None:
    """Take the pictures of the docs, or all pages into a folder."""
    with demo() as found, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        if arguments[:1] == ["--all"]:
            _all(Visitors(browser, found), Path(arguments[1]))
        else:
            _chosen(Visitors(browser, found))
        browser.close()


def _chosen(visitors: Visitors) -> None:
    found = visitors.demo
    log, minutes = f"/meetings/{found.open_meeting}/log", f"/meetings/{found.closed_meeting}"
    mail = f"/outbox/{found.digest}/html"
    for one in (
        Picture("board", "katrin", "/"),
        Picture("board-en", "katrin", "/", "en"),
        Picture("board-dark", "katrin", "/", theme="dark"),
        Picture("board-narrow", "katrin", "/", width=NARROW),
        Picture("log", "jonas", log),
        Picture("log-en", "jonas", log, "en"),
        Picture("log-narrow", "jonas", log, width=NARROW),
        Picture("minutes", "jonas", minutes),
        Picture("digest", "sven", mail, width=720),
        Picture("evidence", "hanne", "/evidence"),
    ):
        take(visitors, one, HERE / f"{one.name}.png")
    _paper(visitors, HERE / "evidence-paper.png")


def _all(visitors: Visitors, folder: Path) -> None:
    """What each role reaches by one link from the menu's pages, wide and narrow, both languages, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    for who in ("katrin", "jonas", "hanne", "sven"):
        paths = _within_reach(visitors.page(who, "de", WIDE))
        for path in paths:
            if path in seen:
                continue
            seen.add(path)
            name = path.strip("/").replace("/", "_").replace("?", "-")[:60] or "board"
            one = Picture(name, who, path)
            for look in (
                one,
                replace(one, language="en", width=NARROW, theme="dark"),
                replace(one, width=NARROW),
            ):
                file = f"{name}.{who}.{look.language}.{look.width}.{look.theme}.png"
                take(visitors, look, folder / file)


def _within_reach(page: Page) -> list[str]:
    """The pages of the menu, and of each the first link of every kind."""
    links = (
        "[...document.querySelectorAll('{} a[href^=\"/\"]')].map(a => a.getAttribute('href').split('#')[0])"
    )
    menu = list(dict.fromkeys(page.evaluate(links.format(".topbar"))))
    found, kinds = list(menu), set(menu)
    for path in menu:
        page.goto(path)
        for link in page.evaluate(links.format("main")):
            kind = "".join("0" if sign.isdigit() else sign for sign in link.split("?")[0])
            if kind not in kinds and not link.endswith(
                (".toml", ".csv", ".pdf", ".json", ".xlsx", ".ics", ".eml")
            ):
                kinds.add(kind)
                found.append(link)
    return found


def take(visitors: Visitors, one: Picture, path: Path) -> None:
    """Take one picture; what stands out sideways is said."""
    page = visitors.page(one.who, one.language, one.width, one.theme)
    page.goto(one.path)
    page.wait_for_load_state("networkidle")
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    height = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": one.width, "height": height})
    click.echo(f"{path.name}{f': stands out by {wider} px' if wider > 0 else ''}")


def _paper(visitors: Visitors, path: Path) -> None:
    """The first page of the evidence as a PDF, drawn by pdftoppm where there is one."""
    drawer = shutil.which("pdftoppm")
    if drawer is None:
        click.echo(f"{path.name} is left out: there is no pdftoppm (Debian: poppler-utils).")
        return
    page = visitors.page("hanne", "de", WIDE)
    page.goto("/evidence?from=2026-01-01&until=2026-12-31")
    token = page.locator("input[name=csrf_token]").first.input_value()
    form: dict[str, str | float | bool] = {"csrf_token": token, "from": "2026-01-01", "until": "2026-12-31"}
    answer = page.request.post("/evidence/export.pdf", form=form, headers={"Referer": page.url})
    drawn = subprocess.run(
        [drawer, "-png", "-r", "80", "-f", "1", "-l", "1", "-"],
        input=answer.body(),
        capture_output=True,
        check=True,
    )
    path.write_bytes(drawn.stdout)
    click.echo(path.name)


@contextmanager
def demo() -> Iterator[Demo]:
    """The demo told until ON, served on a free port while the clock of this process stands at noon of that day."""
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
        with _served(app) as base:
            yield Demo(base, passwords, open_meeting, closed, digest)


def _first(query: Select[int]) -> int:
    return db.session.scalars(query.limit(1)).one()


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


if __name__ == "__main__":
    main(sys.argv[1:])
