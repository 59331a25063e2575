"""The evidence asks the database once, however many channels there are, and says the same on every page of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from tests import factories
from tests.browsing import Browser
from tracker.evidence import export, paging, rows
from tracker.evidence.columns import Mark
from tracker.evidence.filters import Filters
from tracker.extensions import db
from tracker.models import Review
from tracker.reviews import corrections
from tracker.reviews.logged import LoggedRating
from tracker.rules.closing import late_entered
from tracker.rules.words import Criterion, Level, Outcome

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
        monkeypatch.setattr(rows, "AT_FIRST", 2)
        monkeypatch.setattr(rows, "RATINGS_AT_ONCE", 7)
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
    app: Flask, clock_at: Any, monkeypatch: pytest.MonkeyPatch, wanted: int, size: int, number: int, first: int,
    many: int,
) -> None:  # fmt: skip
    clock_at(ON)
    filled(2)
    monkeypatch.setattr(paging, "SIZE", size)
    with app.test_request_context():
        whole = list(rows.rows(Filters(), ON))
        page = paging.page(Filters(), ON, wanted)

    assert (page.rows, page.number, page.total) == (whole[first : first + many], number, 24)


def test_nothing_is_one_empty_page(app: Flask, clock_at: Any) -> None:
    clock_at(ON)
    with app.test_request_context():
        assert paging.page(Filters(), ON, 5) == paging.Page([], 0, 1, 1)


def test_where_there_is_too_much_to_count_pages_follow_each_other_there_and_back(
    app: Flask, clock_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_at(ON)
    filled(5)
    for name, value in (("SIZE", 7), ("COUNTED", 1), ("CHANNELS_SEARCHED", 2)):
        monkeypatch.setattr(paging, name, value)
    with app.test_request_context():
        whole = list(rows.rows(Filters(), ON))
        there, at = [], None
        while (one := paging.page(Filters(), ON, at=at)).later:
            there.append(one)
            at = one.later
        there.append(one)
        back, to = [one], one.earlier
        while to is not None:
            back.insert(0, one := paging.page(Filters(), ON, to=to))
            to = one.earlier

    assert [row for page in there for row in page.rows] == whole
    assert [row for page in back for row in page.rows] == whole
    assert all(page.total is None and len(page.rows) <= 7 for page in there)


def test_what_is_rare_is_found_though_there_is_too_much_to_count(
    app: Flask, clock_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_at(ON)
    filled(5)
    last = factories.channel(factories.unit(), since=date(2026, 1, 1))
    factories.closed_meeting(
        date(2026, 3, 18), {last: {Criterion.LEGALITY: (Level.OBJECTION, "Impressum fehlt")}}
    )
    for name, value in (("COUNTED", 1), ("CHANNELS_SEARCHED", 2)):
        monkeypatch.setattr(paging, name, value)
    with app.test_request_context():
        by_level = paging.page(Filters(level=Level.OBJECTION), ON)
        by_text = paging.page(Filters(text="impressum"), ON)

    assert [row.reason for row in by_level.rows] == ["Impressum fehlt"]
    assert (by_text.rows, by_text.searched_on) == ([], True), "text is searched, some channels at a time"


def test_a_replaced_rating_is_found_by_its_own_level(
    app: Flask, clock_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The correction says something else, and it is by corrections that the few channels are known."""
    clock_at(ON)
    filled(5)
    someone = factories.person("manager")
    review = db.session.scalars(select(Review).order_by(Review.id).limit(1)).one()
    corrections.correct(review, "Versehen", {Criterion.LEGALITY: LoggedRating(Level.REMARK, "doch")}, someone)
    db.session.commit()
    monkeypatch.setattr(paging, "COUNTED", 1)
    with app.test_request_context():
        asked = Filters(level=Level.CLEAR, mark=Mark.REPLACED)
        shown, whole = paging.page(asked, ON).rows, list(rows.rows(asked, ON))

    assert shown == whole
    assert len(whole) == 3


def test_rows_can_be_sorted_by_a_column_and_what_has_no_value_comes_last(app: Flask, clock_at: Any) -> None:
    clock_at(ON)
    filled(2)
    with app.test_request_context():
        newest, oldest = (paging.page(Filters(), ON, sort=sort).rows for sort in ("-held", "held"))
        worst = paging.page(Filters(), ON, sort="outcome").rows

    assert [row.held_on for row in oldest[:6]] == [date(2026, 3, 17)] * 6
    assert newest[-1].held_on is None
    assert oldest[-1].held_on is None
    assert worst[0].outcome is Outcome.MISSED


def test_entered_late_is_decided_in_one_place() -> None:
    assert not hasattr(rows, "LATE_ENTERED_AFTER")
    assert rows.late_entered is late_entered
