"""Takes the pictures of README and docs from the demo: `make screenshots`.

The clock stands still, so the pictures change only when the app does. With `--all FOLDER` it takes instead what each
role reaches by a link from the pages of the menu, wide and narrow, to look through a change of the design.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import click
from playwright.sync_api import Page, sync_playwright

from benchmarks.shown import FLAGS, Theme, Visitors, demo

HERE = Path(__file__).parent.parent / "docs" / "pictures"
WIDE, MIDDLE, NARROW = 1280, 760, 390  # px; the pages of help show what is of the middle width
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
    longest: int = LONGEST


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
        Picture("digest", "sven", mail, width=720, longest=760),
        Picture("guide-log", "jonas", log, width=MIDDLE, longest=900),
        Picture("guide-log-en", "jonas", log, "en", width=MIDDLE, longest=900),
        Picture("guide-minutes", "jonas", minutes, width=MIDDLE, longest=720),
        Picture("guide-minutes-en", "jonas", minutes, "en", width=MIDDLE, longest=720),
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
    height = min(page.evaluate("document.documentElement.scrollHeight"), one.longest)
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


if __name__ == "__main__":
    main(sys.argv[1:])
