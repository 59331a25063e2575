"""The evidence asks the database once, however many channels there are, and says the same on every page of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests import factories
from tests.browsing import Browser
from tracker.evidence import export, rows
from tracker.evidence.filters import Filters
from tracker.extensions import db
from tracker.rules.closing import late_entered

SignIn = Callable[..., Browser]
ON = date(2026, 10, 13)


@contextmanager
def asked() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def filled(channels: int) -> None:
    of = factories.unit()
    made = [factories.channel(of, since=date(2026, 1, 1)) for _k in range(channels)]
    factories.closed_meeting(date(2026, 3, 17), made)


def test_more_channels_ask_no_more_questions(app: Flask, clock_at: Any, sign_in: SignIn) -> None:
    clock_at(ON)
    browser = sign_in("auditor")
    counts = []
    for more in (1, 7):
        filled(more)
        with asked() as said:
            browser.get("/evidence")
        counts.append(len(said))

    assert counts[1] == counts[0]
    assert counts[1] < 25


def test_an_export_reads_its_rows_once(
    app: Flask, clock_at: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_at(ON)
    filled(3)
    runs = []

    def counted(*given: Any) -> Any:
        runs.append(given)
        return rows.rows(*given)

    monkeypatch.setattr(export, "rows", counted)
    answer = sign_in("auditor").send("/evidence/export.csv", {})

    assert answer.get_data().decode().endswith("36 von 36 Zeilen\r\n")
    assert len(runs) == 1


def test_channels_beyond_one_question_are_all_there_in_their_order(
    app: Flask, clock_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_at(ON)
    filled(5)
    with app.test_request_context():
        whole = list(rows.rows(Filters(), ON))
        monkeypatch.setattr(rows, "AT_ONCE", 2)
        in_parts = list(rows.rows(Filters(), ON))

    assert in_parts == whole
    assert len(whole) == 5 * 12


@pytest.mark.parametrize(
    ("wanted", "size", "number", "first", "many"),
    [
        (1, 10, 1, 0, 10),
        (3, 10, 3, 20, 4),
        (4, 10, 3, 20, 4),
        (9, 12, 2, 12, 12),
        (0, 50, 1, 0, 24),
        (-7, 24, 1, 0, 24),
    ],
)
def test_a_page_is_that_part_of_the_whole(
    app: Flask, clock_at: Any, wanted: int, size: int, number: int, first: int, many: int
) -> None:
    clock_at(ON)
    filled(2)
    with app.test_request_context():
        whole = list(rows.rows(Filters(), ON))
        page = rows.page(Filters(), ON, wanted, size)

    assert page == (whole[first : first + many], number, 24)


def test_nothing_is_one_empty_page(app: Flask, clock_at: Any) -> None:
    clock_at(ON)
    with app.test_request_context():
        assert rows.page(Filters(), ON, 5, 10) == ([], 1, 0)


def test_entered_late_is_decided_in_one_place() -> None:
    assert not hasattr(rows, "LATE_ENTERED_AFTER")
    assert rows.late_entered is late_entered
