"""Every link of every page, followed as each role: none is dead, none leaves the house, none shows another unit."""

from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.hostile.things import ON, PEOPLE, SECRET, Installation, installation
from tests.page import Page, check_house_rules

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.own_database]
OF_A_KIND = 3  # so many addresses of one route with the same names behind the question mark
BASE = "http://localhost"
OURS = {"tracker.example.org", "example.org", "www.example.org"}  # of the made-up organisation


@pytest.fixture
def there(app: Flask, clock_at: Any, tmp_path: Path) -> Installation:
    clock_at(ON)
    return installation(app, tmp_path)


def kind(app: Flask, address: str) -> tuple[str, tuple[str, ...]]:
    """The route of an address, with the names of what is asked."""
    parts = urlsplit(address)
    endpoint, _values = app.url_map.bind("localhost").match(parts.path, method="GET")
    return str(endpoint), tuple(
        sorted({name for name, _value in parse_qsl(parts.query, keep_blank_values=True)})
    )


def links(page: Page, here: str) -> list[str]:
    """Where the links and the forms of a page lead that only ask."""
    found = [one.get("href") or "" for one in (*page.all("a"), *page.all("link"))]
    found += [
        one.get("action") or here for one in page.all("form") if (one.get("method") or "get").lower() == "get"
    ]
    return [
        urljoin(BASE + here, one) for one in found if one and not one.startswith(("#", "mailto:", "data:"))
    ]


class Spider:
    """One person's way through everything that is linked."""

    def __init__(self, there: Installation, who: str, language: str) -> None:
        self.app, self.client, self.limited = there.app, there.client(who), who.startswith("limited")
        self.headers = {"Accept-Language": language}
        self.waiting, self.seen = ["/"], {"/"}
        self.counted: Counter[Any] = Counter()
        self.wrong: list[Any] = []

    def walk(self) -> None:
        """Until nothing new is found."""
        while self.waiting:
            here = self.waiting.pop(0)
            answer = self.client.get(here, headers=self.headers, follow_redirects=True)
            body = answer.get_data()
            if answer.status_code != 200:
                self.wrong.append((here, answer.status_code))
            elif self.limited and SECRET.encode() in body:
                self.wrong.append((here, "tells of another unit"))
            elif answer.mimetype == "text/html" and not here.startswith("/outbox/"):
                page = Page(body.decode())
                check_house_rules(page, page.root.get("lang") or "")
                for address in links(page, answer.request.path):
                    self.take(here, address)

    def take(self, here: str, address: str) -> None:
        """Remember an address, if there are not enough of its kind yet."""
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if f"{parts.scheme}://{parts.netloc}" != BASE:
            if parts.netloc not in OURS:
                self.wrong.append((here, f"leads to {address}"))
        elif path not in self.seen and "/static/" not in path:
            self.seen.add(path)
            try:
                of = kind(self.app, path)
            except HTTPException as error:
                self.wrong.append((here, f"leads to {path}: {error}"))
                return
            self.counted[of] += 1
            if self.counted[of] <= OF_A_KIND:
                self.waiting.append(path)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("who", PEOPLE)
def test_every_link_leads_somewhere(there: Installation, who: str, language: str) -> None:
    spider = Spider(there, who, language)
    spider.walk()
    assert spider.wrong == []
    assert len(spider.counted) > (2 if who == "nobody" else 25)
