"""Ten thousand requests that nobody would send: no crash, no change without right, nothing of another unit."""

import inspect
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from tests.hostile.things import ON, PEOPLE, SECRET, UNTOLD, Installation, installation
from tests.page import Page
from tracker.guard import deed_of
from tracker.rules.deeds import ALLOWED, Deed
from tracker.rules.words import Role

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.own_database]
PARTS, IN_EACH = 8, 1250
LARGEST = 3_000_000  # bytes of an answer
TELLTALE = re.compile(rb"Traceback \(most recent|sqlalchemy\.|werkzeug\.exceptions|jinja2\.|File \"/")
NASTY = [
    "", " ", "0", "-1", "1", "2", "3", "9" * 30, "1e309", "NaN", "0x10", "１２", "2026-02-30", "0001-01-01",
    "9999-12-31", "2026-10-13", "2026-4-1", "2026-99-1", "true", "null", "None", "[]", "{}", "[[1]]", '{"a": {}}',
    "\x00", "a\x00b", "\ufffe", "\u202egnp.exe", "\u200b", "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "'; DROP TABLE user; --", "{{ 7 * 7 }}", "%(name)s", "%s%n", "../../etc/passwd",
    "https://example.com", "javascript:alert(1)", '=HYPERLINK("x")', "clear", "remark", "objection", "kept", "missed",
    "close", "pause", "editor", "admin", "legality", "de", "en", "csv", "pdf", "dossier", "de-DE-x-y", "1,2,3", "1-1",
    "x" * 5_000, "😀" * 50, "\r\nSet-Cookie: a=b",
]  # fmt: skip
HUGE = "ä" * 100_000
NAMES = [
    "page", "from", "until", "unit", "channel", "platform", "criterion", "level", "outcome", "decision", "mark", "text",
    "sort", "at", "to", "year", "on", "channels", "next", "back", "language", "token", "id", "q", "number", "deed",
]  # fmt: skip


FIELDS: dict[str, list[str]] = {}  # read once a process


@pytest.fixture
def there(app: Flask, clock_at: Any, tmp_path: Path) -> Installation:
    clock_at(ON)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["TESTING"] = False
    return installation(app, tmp_path)


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and address of everything there is."""
    return sorted(
        (rule.endpoint, method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
        if not rule.endpoint.endswith("static")
    )


def fields(there: Installation) -> dict[str, list[str]]:
    """By route: the names of what it is sent, in the forms of all pages, and of what its view asks for."""
    if FIELDS:
        return FIELDS
    found: dict[str, set[str]] = {}
    for endpoint, view in there.app.view_functions.items():
        source = inspect.getsource(inspect.unwrap(view))
        found[endpoint] = set(re.findall(r'(?:args|form)\.(?:get|getlist)\("([^"]+)"', source))
    for who in ("admin", "manager"):
        for _endpoint, method, rule in routes(there.app):
            address = re.sub(r"<[^>]*>", "1", rule)
            answer = there.client(who).get(address) if method == "GET" else None
            if answer is None or answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            for form in Page(answer.text).all("form"):
                action, verb = form.get("action") or address, (form.get("method") or "get").upper()
                try:
                    endpoint, _values = there.app.url_map.bind("localhost").match(
                        action.partition("?")[0], verb
                    )
                except HTTPException:
                    continue
                found[str(endpoint)] |= {name for one in form.iter() if (name := one.get("name"))}
    FIELDS.update({endpoint: sorted(names) for endpoint, names in found.items()})
    return FIELDS


values = st.sampled_from(NASTY) | st.text(max_size=12).map(
    lambda text: text.encode("utf-8", "replace").decode()
)


def addresses(rule: str) -> st.SearchStrategy[str]:
    """The address of a route: with what is there, what is not, and what is no address at all."""
    parts = re.split(r"(<[^>]*>)", rule)
    part = st.sampled_from(["1", "2", "3", "4", "csv", "2026-4-1"]) | values.map(
        lambda text: quote(text, safe="")
    )
    return st.tuples(*(part if one.startswith("<") else st.just(one) for one in parts)).map("".join)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_request_crashes_changes_without_right_or_tells_of_another_unit(
    there: Installation, part: int
) -> None:
    known, of = routes(there.app), fields(there)
    before = [there.state()]
    seen: set[int] = set()

    @settings(
        max_examples=IN_EACH,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def walk(data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(PEOPLE))
        endpoint, method, rule = data.draw(
            st.sampled_from(known[part::PARTS] if data.draw(st.booleans()) else known)
        )
        address = data.draw(addresses(rule))
        own = st.sampled_from(of[endpoint] or NAMES)
        names = own | own | st.sampled_from(NAMES)
        pairs = data.draw(st.lists(st.tuples(names, values), min_size=1, max_size=6))
        if data.draw(st.integers(0, 60)) == 0:
            pairs.append((data.draw(names), HUGE))
        query = pairs if method == "GET" else []
        answer = there.client(who).open(
            address,
            method=method,
            query_string=_multi(query),
            data=_multi(pairs) if method == "POST" else None,
        )
        seen.add(answer.status_code)
        typed = [(name, value[:80]) for name, value in pairs]
        said = f"{who}: {method} {address[:200]} {typed}: {answer.status_code}"
        body = answer.data
        answer.close()
        assert answer.status_code < 500 or endpoint == "reminders.healthz", said
        assert not TELLTALE.search(body), said
        assert len(body) < LARGEST, said
        if who.startswith("limited") or who == "nobody":
            assert SECRET.encode() not in body, said
        now = there.state()
        changed = {name for name in now if now[name] != before[0].get(name)}
        if changed:
            there.put_back()
            assert not changed - UNTOLD or "journal" in changed, f"{said} changed {changed}"
            assert not changed - {"access", "tried"} or _may(there.app, who, endpoint), (
                f"{said} changed {changed}"
            )

    walk()
    assert {200, 302, 404} <= seen


def _multi(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _may(app: Flask, who: str, endpoint: str) -> bool:
    """Whether the person may do the deed of a route at all; public ones change only what is one's own."""
    deed = deed_of(app, endpoint)
    if deed is True:
        return True
    return who != "nobody" and isinstance(deed, Deed) and deed in ALLOWED[Role(who.rpartition(" ")[2])]
