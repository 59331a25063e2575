"""PostgreSQL: whoever writes below a meeting that somebody else is just closing waits, and is refused then."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests import factories
from tracker import clock
from tracker.extensions import db
from tracker.models import Attendance, Check, MeetingHead, Rating, Review, ReviewDecision
from tracker.rules.words import Answer, Criterion, Decision, Level

pytestmark = pytest.mark.postgresql_only
HELD = date(2026, 3, 17)
CLOSED = "closed_at = '2026-03-17 10:00:00'"


@pytest.fixture
def rows(app: Flask) -> SimpleNamespace:
    """The ids of an open meeting, with a head and a review and what belongs to them."""
    channel, other = factories.channel(), factories.channel()
    meeting = factories.planned_meeting(HELD, [channel])
    head = MeetingHead(meeting_id=meeting.id, version=1, held_on=HELD, chair="A", minute_taker="B", by_name="B",
                       written_at=clock.now())  # fmt: skip
    head.attendance.append(Attendance(kind="present", name="A"))
    review = Review(meeting_id=meeting.id, channel_id=channel.id, unit_name="E", platform="P", channel_name="K",
                    by_name="B")  # fmt: skip
    review.ratings.append(
        Rating(criterion=Criterion.LEGALITY, level=Level.CLEAR, reason="", entered_at=clock.now())
    )
    review.decision = ReviewDecision(decision=Decision.CONTINUE, reason="")
    item = factories.check_item("Impressum")
    review.checks.append(Check(wording_id=item.wordings[0].id, answer=Answer.MET, checked_on=HELD))
    further = factories.wording(item, "Impressum mit zwei Klicks")
    db.session.add_all([head, review])
    db.session.commit()
    found = SimpleNamespace(
        meeting=meeting.id, head=head.id, review=review.id, other=other.id, wording=further.id
    )
    db.session.remove()
    return found


@pytest.fixture
def connect(app: Flask) -> Iterator[Any]:
    """Connections of their own, each with an open transaction, that wait for nobody longer than a moment."""
    url = app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    opened: list[psycopg.Connection] = []

    def connection(patience: str = "100ms") -> psycopg.Connection:
        one = psycopg.connect(url, options=f"-c lock_timeout={patience}")
        opened.append(one)
        return one

    yield connection
    for one in opened:
        one.close()


WRITES = {
    "a rating": "INSERT INTO rating (review_id, criterion, level, reason, unchanged, entered_at) "
                "SELECT review_id, 'strategy', level, reason, unchanged, entered_at FROM rating",
    "a changed rating": "UPDATE rating SET level = 'remark', reason = 'x'",
    "a rating taken away": "DELETE FROM rating",
    "a changed decision": "UPDATE decision SET reason = 'x'",
    "an answer": "INSERT INTO check_answer (review_id, wording_id, answer, note, confirmed, checked_on) "
                 "SELECT review_id, {wording}, answer, note, confirmed, checked_on FROM check_answer",
    "a changed answer": "UPDATE check_answer SET answer = 'partly', note = 'x'",
    "an answer taken away": "DELETE FROM check_answer",
    "an attendance": "INSERT INTO attendance (head_id, kind, name) SELECT head_id, kind, 'x' FROM attendance",
    "a review": "INSERT INTO review (meeting_id, channel_id, unit_name, platform, channel_name, by_name, by_roles, "
                "reason) SELECT meeting_id, {other}, unit_name, platform, channel_name, by_name, by_roles, reason "
                "FROM review",
    "a head taken away": "DELETE FROM meeting_head",
}  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
def test_whoever_writes_below_what_is_just_being_closed_has_to_wait(
    rows: SimpleNamespace, connect: Any, name: str
) -> None:
    closing, writing = connect(), connect()
    closing.execute(f"UPDATE review SET {CLOSED}")
    closing.execute(f"UPDATE meeting_head SET {CLOSED}")
    closing.execute(f"UPDATE meeting SET {CLOSED} WHERE id = {rows.meeting}")

    with pytest.raises(psycopg.errors.LockNotAvailable):
        writing.execute(WRITES[name].format(other=rows.other, wording=rows.wording))
    writing.rollback()
    closing.commit()

    with pytest.raises(psycopg.errors.RaiseException, match="is closed"):
        writing.execute(WRITES[name].format(other=rows.other, wording=rows.wording))


def test_a_rating_that_waited_for_the_closing_is_refused_by_the_same_statement(
    rows: SimpleNamespace, connect: Any
) -> None:
    closing, writing, watching = connect(), connect("20s"), connect()
    closing.execute(f"UPDATE review SET {CLOSED}")
    closing.execute(f"UPDATE meeting SET {CLOSED} WHERE id = {rows.meeting}")
    pid = writing.info.backend_pid
    with ThreadPoolExecutor(1) as thread:
        written = thread.submit(writing.execute, WRITES["a rating"])
        while not watching.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid]).fetchone()[0]:
            assert not written.done(), "it did not wait"
        closing.commit()
        with pytest.raises(psycopg.errors.RaiseException, match="the review is closed"):
            written.result(timeout=20)
    assert watching.execute("SELECT count(*) FROM rating").fetchone() == (1,)


def test_whoever_closes_waits_for_a_rating_that_is_just_being_written(
    rows: SimpleNamespace, connect: Any
) -> None:
    writing, closing = connect(), connect()
    writing.execute(WRITES["a rating"])

    with pytest.raises(psycopg.errors.LockNotAvailable):
        closing.execute(f"UPDATE meeting SET {CLOSED} WHERE id = {rows.meeting}")
    closing.rollback()
    writing.commit()
    closing.execute(f"UPDATE meeting SET {CLOSED} WHERE id = {rows.meeting}")


def test_two_write_below_the_same_review_without_waiting(rows: SimpleNamespace, connect: Any) -> None:
    one, other = connect(), connect()
    one.execute(WRITES["a rating"])
    other.execute(WRITES["an attendance"])
    other.execute(WRITES["a changed decision"])
