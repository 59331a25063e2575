"""What grows without end is found by an index: neither a page of one channel nor what waits reads a whole table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests import factories
from tests.browsing import Browser
from tracker import outbox
from tracker.extensions import db
from tracker.models import Channel

SignIn = Callable[..., Browser]
GROWING = (
    "review",
    "rating",
    "journal_words",
    "mail",
    "reminder",
    "check",
    "attendance",
    "access",
    "figures",
)
pytestmark = pytest.mark.both


@pytest.fixture
def channel(app: Flask, clock_at: Callable[[Any], None]) -> Channel:
    """A channel that was reviewed in some meetings, beside another one."""
    clock_at("2026-10-13")
    made = [factories.channel(name=name, since=date(2026, 1, 1)) for name in ("Eins", "Zwei")]
    for day in (date(2026, 2, 3), date(2026, 5, 5), date(2026, 7, 7)):
        factories.closed_meeting(day, made)
    return made[0]


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """The statements that read or change something, with their values."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.lstrip().split()[0].upper() in {"SELECT", "WITH", "UPDATE", "DELETE"}:
            found.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


def read_whole(found: list[tuple[str, Any]]) -> list[str]:
    """The growing tables that a statement reads from end to end, as the database itself plans it."""
    db.session.rollback()
    cursor = db.session.connection().connection.cursor()
    sqlite, plans = db.engine.dialect.name == "sqlite", []
    if not sqlite:
        cursor.execute(
            "SET LOCAL enable_seqscan = off"
        )  # a small table is read whole unless there is no other way
    for statement, values in found:
        cursor.execute(("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + statement, values)
        plans += [str(row[-1]) for row in cursor.fetchall()]
    db.session.rollback()
    whole = (lambda table: f"SCAN {table}") if sqlite else (lambda table: f"Seq Scan on {table}")
    return [
        plan
        for plan in plans
        for table in GROWING
        if plan == whole(table) or (f"{whole(table)} " in plan and "INDEX" not in plan)
    ]


@pytest.mark.parametrize("address", ["/", "/channels/{0}", "/channels/{0}/life", "/evidence?channel={0}"])
def test_a_page_of_one_channel_and_an_unchanged_board_read_no_whole_table(
    channel: Channel, sign_in: SignIn, address: str
) -> None:
    auditor, url = sign_in("auditor"), address.format(channel.id)
    first = auditor.raw.get(url)
    assert first.status_code == 200
    had = {"If-None-Match": first.headers["ETag"]} if "ETag" in first.headers else {}
    with asked() as found:
        auditor.raw.get(url, headers=had)
    assert found
    assert read_whole(found) == []


def test_what_waits_in_the_outbox_is_found_by_an_index(channel: Channel) -> None:
    with asked() as found:
        outbox.deliver()
    assert found
    assert read_whole(found) == []
