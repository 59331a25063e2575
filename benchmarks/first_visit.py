"""What a page costs over the wire and until it is painted, in Chromium: `python -m benchmarks.first_visit`.

Bytes are those of the network, heads of answers included, with an empty cache and once more with a full one. The first
paint of the board is set against a copy of the same HTML from memory, on the same server and in turn. It is the demo
of the pictures in docs.
"""

import shutil
import statistics
import sys
from typing import Any

from flask import Flask
from playwright.sync_api import Page, sync_playwright

from benchmarks.shown import FLAGS, Visitors, demo

ROUNDS = 15
COPY = "/a-copy-of-the-board"
WATCH = """
  window.moved = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) window.moved += one.value; })
    .observe({type: "layout-shift", buffered: true});
"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


class Copied:
    """Around the app: one more address, which answers with a page from memory."""

    def __init__(self, app: Flask) -> None:
        self.app, self.html, self.headers = app, b"", [("Content-Type", "text/html; charset=utf-8")]

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] != COPY:
            return self.app(environ, start_response)
        start_response("200 OK", [*self.headers, ("Content-Length", str(len(self.html)))])
        return [self.html]


def bytes_of(page: Page, path: str, *, emptied: bool) -> int:
    """So many bytes come over the network until the page has loaded."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    if emptied:
        wire.send("Network.clearBrowserCache")
    counted: list[float] = []
    wire.on("Network.loadingFinished", lambda event: counted.append(event["encodedDataLength"]))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    wire.detach()
    return round(sum(counted))


def painted_after(page: Page, path: str) -> float:
    """Milliseconds from asking for the page to its first paint with something on it."""
    page.goto(path)
    page.wait_for_function(PAINTED)
    return float(page.evaluate(PAINTED))


def main() -> int:
    """Measure and print; 1 if something is above what it may be."""
    copied: list[Copied] = []

    def wrap(app: Flask) -> Copied:
        copied.append(Copied(app))
        return copied[0]

    with demo(wrap) as found, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = Visitors(browser, found).page("katrin", "de", 1280)
        page.add_init_script(WATCH)
        log, minutes = f"/meetings/{found.open_meeting}/log", f"/meetings/{found.closed_meeting}"
        print(f"{'page':<16}{'first visit':>14}{'next visit':>14}{'layout moved':>14}")
        for path in ("/", "/channels", "/meetings", log, minutes, "/evidence", "/evidence/year", "/journal"):
            first, again = bytes_of(page, path, emptied=True), bytes_of(page, path, emptied=False)
            print(f"{path:<16}{first:>11,} B{again:>12,} B{page.evaluate('window.moved'):>14.3f}")
        answer = page.goto("/")
        copied[0].html = answer.body() if answer else b""
        both = [(painted_after(page, "/"), painted_after(page, COPY)) for _round in range(ROUNDS)]
        board, copy = (statistics.median(times) for times in zip(*both, strict=True))
        print(
            f"first paint of the board {board:.0f} ms, of its copy {copy:.0f} ms: {board / copy:.2f} (at most 1.5)"
        )
        browser.close()
    return int(board / copy > 1.5)


if __name__ == "__main__":
    sys.exit(main())
